-- Afterwards the day's events have these receipts behind them.
--
-- KEYS     9-11 events of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then each receipt as event.lua has it behind its time
-- Returns  {1}
--@include parts/moment.lua
--@include parts/event.lua

for each = 3, #ARGV do event(struct.pack('>BI6', 4, now) .. ARGV[each]) end
return {1}
