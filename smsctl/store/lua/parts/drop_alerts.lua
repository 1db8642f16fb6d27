-- Forgets alerts whose windows ended too long ago, and where there are too many, a quarter of them: those
-- whose windows ended first.

local held, windows = redis.call('HGETALL', KEYS[16]), {}
for place = 1, #held, 2 do
  windows[#windows + 1] = {1000 * (tonumber(string.match(held[place], '|(%d+)$')) or 0), held[place]}
end
table.sort(windows, function(a, b) return a[1] < b[1] end)
local spare = #windows > MOST_ALERTS and math.ceil(MOST_ALERTS / 4) or 0
for each, window in ipairs(windows) do
  if each > spare and window[1] + ALERT_LIFE > now then break end
  redis.call('HDEL', KEYS[16], window[2])
end
