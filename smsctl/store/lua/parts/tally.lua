-- Counts in the day's tally: KEYS[4], KEYS[5], KEYS[6] are yesterday's, today's, tomorrow's. A field
-- is `what|purpose|country|hour`, hours since midnight, two digits.

local TALLY_LIFE = 92 * 86400000 -- usage shows 90 days
local HOURS = '00010203040506070809101112131415161718192021222324' -- a number to digits is slow

-- Adds `by` to the tally of the day that `at` is in; returns what it is now.
local function tally(at, what, by)
  local midnight = at < today and yesterday or at < tomorrow and today or tomorrow
  local hour, count = 2 * math.floor((at - midnight) / 3600000), nil
  local field = what .. '|' .. string.sub(policy, SUBJECT + 1, TRACKS - 1) .. '|'
    .. string.sub(HOURS, hour + 1, hour + 2)
  if at < today then
    count = redis.call('HINCRBY', KEYS[4], field, by)
    if count == by then redis.call('PEXPIRE', KEYS[4], TALLY_LIFE) end
  elseif at < tomorrow then
    count = redis.call('HINCRBY', KEYS[5], field, by)
    if count == by then redis.call('PEXPIRE', KEYS[5], TALLY_LIFE) end
  else
    count = redis.call('HINCRBY', KEYS[6], field, by)
    if count == by then redis.call('PEXPIRE', KEYS[6], TALLY_LIFE) end
  end
  return count
end
