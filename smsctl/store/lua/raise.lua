-- Afterwards an alert waits in the outbox, unless its edge was crossed before in this window.
--
-- KEYS     16 alerts
-- ARGV     as in moment.lua, then 3 the edge (alert.lua), 4 when its window ends, ms, 5 and 6 its figures
-- Returns  {1, it was raised: 1 or 0}
--@include parts/moment.lua
--@include parts/alert.lua

local raised, spoilt = alert(ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]))
return spoilt or {1, raised}
