-- What every script begins with: the moment.
-- ARGV[1]  milliseconds since the epoch, or '' for the server's own clock
-- ARGV[2]  the policy, packed (`layout.py`): the calendar's edges, then the code's rules, the secret's
--          fingerprint, the version of the overrides and until when they are judged, what is counted
--          (`purpose|country`), the tracks, then for reserve.lua {size, rules, of each rule {max, name}}
--          and the fuses' thresholds; times in ms
-- Returns  {-1, now} where the clock is outside the edges of three days: Lua knows no time zones, so
--          it will not guess
--@include parts/layout.lua
--@include parts/alien.lua

local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local policy = ARGV[2]
local yesterday, today, tomorrow, day_after, wrong_max, wrong_window, track_count =
  struct.unpack('>I6I6I6I6I2I6B', policy)
local byte = string.byte
local TRACKS = SUBJECT + 1 + byte(policy, SUBJECT)

if now < yesterday or now >= day_after then return {-1, now} end
