-- The compared wrong tries of one phone over all its codes: their times, newest first.

local MOST_WRONG = 101 -- the largest budget, and the one that a right guess takes back
local GRACE = 7200000 -- they outlive their window by two hours, so that a clock may step

-- The ms until the phone may be guessed at again; 0 when it may now.
local function lock()
  local last = redis.call('LINDEX', KEYS[3], wrong_max - 1)
  return last and math.max(0, last + wrong_window - now) or 0
end

local function count_wrong()
  redis.call('LPUSH', KEYS[3], math.max(now, tonumber(redis.call('LINDEX', KEYS[3], 0) or 0)))
  redis.call('LTRIM', KEYS[3], 0, MOST_WRONG - 1)
  -- Another host's larger budget or longer window is not cut.
  if redis.call('PTTL', KEYS[3]) < wrong_window + GRACE then
    redis.call('PEXPIRE', KEYS[3], wrong_window + GRACE)
  end
end
