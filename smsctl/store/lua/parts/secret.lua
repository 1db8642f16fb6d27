-- Stops where the store belongs to another secret, before anything is compared or written.
-- Returns  {-2}
local fingerprint = redis.call('GET', KEYS[1])
if fingerprint and fingerprint ~= ARGV[4] then return {-2} end
