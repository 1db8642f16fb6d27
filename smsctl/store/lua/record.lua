-- Afterwards the audit log has one more act, newest first.
--
-- KEYS     1 audit log
-- ARGV     1 the act, JSON
-- Returns  {1}

local MOST = 1000
local LIFE = 400 * 86400000 -- a year's review, and a month to do it in

redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, MOST - 1)
redis.call('PEXPIRE', KEYS[1], LIFE)
return {1}
