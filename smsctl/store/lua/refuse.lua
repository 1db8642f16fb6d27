-- Afterwards one refusal that no rule made is remembered: captcha, country, denied, paused.
--
-- KEYS     1 secret, 4-6 tallies of yesterday, today, tomorrow, 8 overrides, 12-15 refusals, 16 alerts
-- ARGV     as in moment.lua, then 3 who asks (turn_away.lua), 4 the reason, 5 the wait, ms, 6 the edge of
--          an alert (alert.lua), or ''
-- Returns  as in overrides.lua, or
--          {1, an alert was raised: 1 or 0}
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/overrides.lua
--@include parts/secret.lua

local raised = 0
if ARGV[6] ~= '' then
--@include parts/alert.lua
  raised = alert(ARGV[6], nil, 0, 0)
end
local who, name, wait, most, kind = ARGV[3], ARGV[4], tonumber(ARGV[5]), 0, 0
--@include parts/turn_away.lua
return {1, raised}
