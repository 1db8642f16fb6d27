-- Afterwards alerts that nobody else is delivering are lent until the lease ends: those first that were
-- lent least often, so that what a broken channel never takes holds up nothing; then oldest first. One
-- whose window ended before the horizon is news no longer, and is lent to nobody.
--
-- KEYS     1 alerts
-- ARGV     1 milliseconds since the epoch, or '' for the server's own clock, 2 the lease, ms, 3 how many,
--          4 '1' to lend, '' to look on, 5 the horizon, ms
-- Returns  {1, edge, `1 at lease attempts figure figure channels`, …}

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local lend = ARGV[4] == '1'
local horizon = lend and now - tonumber(ARGV[5]) or 0

local held = redis.call('HGETALL', KEYS[1])
local waiting, strange = {}, {}
for place = 1, #held, 2 do
  local edge, text = held[place], held[place + 1]
  local ends = tonumber(string.match(edge, '|(%d+)$') or 0) * 1000
  local at, lease, attempts, rest = string.match(text, '^1 (%d+) (%-?%d+) (%d+) (.*)$')
  if not at then
    strange[#strange + 1] = edge -- a newer smsctl's, or damaged: told to whoever asks, and left as it is
    strange[#strange + 1] = text
  elseif ends >= horizon and tonumber(lease) >= 0 and (tonumber(lease) <= now or not lend) then
    waiting[#waiting + 1] = {tonumber(at), edge, tonumber(lease), tonumber(attempts), rest}
  end
end
table.sort(waiting, function(a, b)
  if lend and a[4] ~= b[4] then return a[4] < b[4] end
  return a[1] < b[1] or a[1] == b[1] and a[2] < b[2]
end)

local answer = {1}
for number = 1, math.min(#waiting, tonumber(ARGV[3])) do
  local at, edge, lease, attempts, rest = unpack(waiting[number])
  if lend then
    lease, attempts = now + tonumber(ARGV[2]), attempts + 1
    redis.call('HSET', KEYS[1], edge, string.format('1 %.0f %.0f %d %s', at, lease, attempts, rest))
  end
  answer[#answer + 1] = edge
  answer[#answer + 1] = string.format('1 %.0f %.0f %d %s', at, lease, attempts, rest)
end
for _, word in ipairs(strange) do answer[#answer + 1] = word end
return answer
