-- What every script begins with: the policy and the moment.
-- ARGV[1]  milliseconds since the epoch, or '' for the server's own clock
-- ARGV[2]  the policy, packed (`layout.py`): what is read here, then the rules (judge.lua); ms
-- ARGV[3]  the tracks, packed (tracks.lua)
-- ARGV[4]  fingerprint of the HMAC secret (secret.lua)
-- Returns  {-1, now} where the clock is outside the edges of three days: Lua knows no time zones, so
--          it will not guess
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local wrong_max, wrong_window, live, ttl, tries,
  yesterday, today, tomorrow, day_after, this_month, next_month, month_after,
  rule_count, first_rule = struct.unpack('>I2I6BI4BI6I6I6I6I6I6I6B', ARGV[2])

if now < yesterday or now >= day_after then return {-1, now} end

-- The end of the day (1) or month (2) that it is now.
local function window_end(unit)
  if unit == 1 then return now < today and today or now < tomorrow and tomorrow or day_after end
  return now < this_month and this_month or now < next_month and next_month or month_after
end
