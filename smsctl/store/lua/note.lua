-- Afterwards the day's events have these receipts behind them.
--
-- KEYS     9-11 events of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then each receipt as event.lua has it behind its time
-- Returns  {1}
--@include parts/moment.lua

for each = 3, #ARGV do
  local entry = struct.pack(EVENT, GENERATION, 4, now) .. ARGV[each]
--@include parts/event.lua
end
return {1}
