-- Says what reserve would say, before a captcha is paid for. Nothing is consumed; a refusal adds one
-- to the day's tally of its rule.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8-19 tracks
-- ARGV     as in moment.lua and request.lua
-- Returns  {0, name, kind, wait}  refused by this rule, or by the lock; ms
--          {2, state, expires in, wait, message id, vendor request id, vendor code}  decided before
--          {4}                    the request id is another phone's or purpose's
--          {3}                    nothing refuses
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/tracks.lua
--@include parts/judge.lua
--@include parts/codes.lua
--@include parts/wrong.lua
--@include parts/request.lua

local before = decided()
if before then return before end

local wait, name, kind = judge()
local locked = lock()
if locked > 0 then
  wait, name, kind = math.max(wait, locked), 'locked', 0
end
if wait > 0 then
  tally(now, 'refused:' .. name, 1)
  return {0, name, kind, wait}
end

--@include parts/secret.lua

return {3}
