-- Afterwards the day's tally has one more refusal that no rule made: captcha, country, denied.
--
-- KEYS     1 secret, 4-6 tallies of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then 3 the reason
-- Returns  {1}
--@include parts/moment.lua
--@include parts/tally.lua

tally(now, 'refused:' .. ARGV[3], 1)
return {1}
