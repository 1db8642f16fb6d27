-- Says what is held about some subjects. Writes nothing.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 8-19 tracks
-- ARGV     as in moment.lua
-- Returns  {1, wrong tries in their window, {track, rule name, used, wait, …}, {expires in, tries left, …}}
--          the wait until the rule admits one more, ms; codes newest first
--@include parts/moment.lua
--@include parts/secret.lua
--@include parts/tracks.lua
--@include parts/judge.lua
--@include parts/codes.lua
--@include parts/living.lua

local function within(times, window)
  local used = 0
  for _, at in ipairs(times) do
    if at + window > now then used = used + 1 end
  end
  return used
end

local levels = {}
local function add(t, name, used, wait)
  for _, value in ipairs({t, name, used, wait}) do levels[#levels + 1] = value end
end

local place = first_rule
for _ = 1, rule_count do
  local t, unit, max, window, rule
  t, unit, _, max, window, _, rule, place = struct.unpack('>BBBI4I6BBc0', ARGV[2], place)
  if unit == 0 then
    local admitted = timeline(t)
    local last = admitted[max]
    add(t, rule, within(admitted, window), last and math.max(0, last + window - now) or 0)
  else
    local stop, units = count(t, unit)
    add(t, rule, units, units >= max and stop - now or 0)
  end
end

local codes, living_codes = read_codes(), {}
for _, each in ipairs(living(codes, false)) do
  living_codes[#living_codes + 1] = codes[each].till - now
  living_codes[#living_codes + 1] = codes[each].left
end
return {1, within(redis.call('LRANGE', KEYS[3], 0, -1), wrong_window), levels, living_codes}
