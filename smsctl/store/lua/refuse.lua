-- Afterwards the day's tally has one more refusal that no rule made: captcha, country, denied.
--
-- KEYS     1 secret, 4-6 tallies of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then 5 the reason
-- Returns  {1}
--@include parts/moment.lua
--@include parts/tally.lua

tally(now, 'refused:' .. ARGV[5], 1)
return {1}
