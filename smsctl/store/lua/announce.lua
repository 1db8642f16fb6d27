-- Afterwards a host is known to decide under a policy. Hosts that were not seen for two days are
-- forgotten, and where there are too many, those that were not seen for longest.
--
-- KEYS     1 hosts, a hash: of `name limits purposes code timezone` the text `1 since seen`, in ms; 1 is
--          the generation, and the times have their places in every one
-- ARGV     1 milliseconds since the epoch, or '' for the server's own clock, 2 the host's field, 3 after how
--          many ms a host that was not seen begins anew
-- Returns  {1}

local MOST_HOSTS = 64
local HOST_LIFE = 2 * 86400000

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local held, since, hosts = redis.call('HGETALL', KEYS[1]), now, {}
for place = 1, #held, 2 do
  local begun, seen = string.match(held[place + 1], '^%d+ (%d+) (%d+)')
  seen = tonumber(seen) or 0
  if held[place] ~= ARGV[2] then
    hosts[#hosts + 1] = {seen, held[place]}
  elseif seen + tonumber(ARGV[3]) > now then
    since = tonumber(begun)
  end
end
table.sort(hosts, function(a, b) return a[1] < b[1] end)
for number, host in ipairs(hosts) do
  if host[1] + HOST_LIFE > now and #hosts - number + 2 <= MOST_HOSTS then break end
  redis.call('HDEL', KEYS[1], host[2])
end
redis.call('HSET', KEYS[1], ARGV[2], string.format('1 %.0f %.0f', since, now))
redis.call('PEXPIRE', KEYS[1], HOST_LIFE)
return {1}
