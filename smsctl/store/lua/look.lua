-- Says what reserve would say, before a captcha is paid for. Nothing is consumed; a refusal is
-- remembered.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8 overrides, 12-15 refusals, 17-28 tracks
-- ARGV     as in moment.lua, then 3 who asks (turn_away.lua), then as in request.lua
-- Returns  as in refusal.lua, request.lua and overrides.lua, or
--          {3}  nothing refuses
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/count.lua
--@include parts/judge.lua
--@include parts/request.lua
--@include parts/overrides.lua
--@include parts/refusal.lua
--@include parts/secret.lua
--@include parts/present.lua

return {3}
