-- What every script begins with: the policy and the moment.
-- ARGV[1]  milliseconds since the epoch, or '' for the server's own clock
-- ARGV[2]  the policy, msgpack: {wrong max, wrong window, live, ttl, tries, day edges, tracks}
--          times in ms; four edges: the starts of yesterday, today, tomorrow and the day after
-- ARGV[3]  fingerprint of the HMAC secret
-- Returns  {-1, now} where the clock is outside the edges: Lua knows no time zones, so it will not
--          guess; {-2} where the store belongs to another secret.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local policy = cmsgpack.unpack(ARGV[2])
local wrong_max, wrong_window, live, ttl, tries = policy[1], policy[2], policy[3], policy[4], policy[5]
local edges, tracks = policy[6], policy[7]

if now < edges[1] or now >= edges[4] then return {-1, now} end

local fingerprint = redis.call('GET', KEYS[1])
if fingerprint and fingerprint ~= ARGV[3] then return {-2} end
