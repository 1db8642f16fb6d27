-- Says what reserve would say, before a captcha is paid for. Nothing is consumed; a refusal adds one
-- to the day's tally of its rule.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8-19 tracks
-- ARGV     as in moment.lua and request.lua
-- Returns  as in refusal.lua and request.lua, or
--          {3}  nothing refuses
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/tally.lua
--@include parts/count.lua
--@include parts/judge.lua
--@include parts/request.lua
--@include parts/refusal.lua
--@include parts/secret.lua
--@include parts/present.lua

return {3}
