-- Adds `entry` to the day's record of sends: KEYS[9], KEYS[10], KEYS[11] are yesterday's, today's,
-- tomorrow's. One entry each, oldest first, its generation before all (layout.lua):
--   {1, at} who (ARGV[3]) {id, `purpose|country`, rules}, of each rule {max, name}, how full it was   admitted
--   {2, at, state, blame, id, message id, vendor request id, vendor code}                settled
--   {3, at, 0 verified | 1 mismatch | 2 exhausted, tries left, id}                           guessed
--   {4, at, 1 waiting | 2 failed | 3 delivered, received, id, code}                          receipt

local EVENT_LIFE = 9 * 86400000 -- a week, and the days around it

if now < today then
  if redis.call('RPUSH', KEYS[9], entry) == 1 then redis.call('PEXPIRE', KEYS[9], EVENT_LIFE) end
elseif now < tomorrow then
  if redis.call('RPUSH', KEYS[10], entry) == 1 then redis.call('PEXPIRE', KEYS[10], EVENT_LIFE) end
else
  if redis.call('RPUSH', KEYS[11], entry) == 1 then redis.call('PEXPIRE', KEYS[11], EVENT_LIFE) end
end
