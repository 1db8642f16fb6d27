-- Counts in the day's tally: KEYS[4], KEYS[5], KEYS[6] are yesterday's, today's, tomorrow's.

local TALLY_LIFE = 92 * 86400000 -- usage shows 90 days

-- Adds `by` to a field of the tally of the day that `at` is in.
local function tally(at, field, by)
  if at < today then
    if redis.call('HINCRBY', KEYS[4], field, by) == by then redis.call('PEXPIRE', KEYS[4], TALLY_LIFE) end
  elseif at < tomorrow then
    if redis.call('HINCRBY', KEYS[5], field, by) == by then redis.call('PEXPIRE', KEYS[5], TALLY_LIFE) end
  else
    if redis.call('HINCRBY', KEYS[6], field, by) == by then redis.call('PEXPIRE', KEYS[6], TALLY_LIFE) end
  end
end
