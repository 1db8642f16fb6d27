-- Says what is held about some subjects. Writes nothing.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 17-28 tracks
-- ARGV     as in moment.lua
-- Returns  {1, wrong tries in their window, {track, rule name, used, wait, …}, {expires in, tries left, …}}
--          the wait until the rule admits one more, ms; codes newest first
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/secret.lua
--@include parts/present.lua
--@include parts/nth.lua
--@include parts/count.lua
--@include parts/codes.lua
--@include parts/living.lua

local function within(times, window)
  local used = 0
  while true do
    local at = nth(times, used + 1)
    if not at or at + window <= now then return used end
    used = used + 1
  end
end

local levels = {}
local function add(t, name, used, wait)
  for _, value in ipairs({t, name, used, wait}) do levels[#levels + 1] = value end
end

local place = TRACKS
for t = 1, track_count do
  local unit, _, _, size, first = struct.unpack('>BBI6I2', policy, place)
  local track = held[3 + t]
  place = first
  while place < first + size do
    local max, window, _, rule
    max, window, _, rule, place = struct.unpack('>I4I6BBc0', policy, place)
    if unit == 0 then
      local last = nth(track, max)
      add(t, rule, within(track, window), last and math.max(0, last + window - now) or 0)
    else
      local stop, _, used = in_force(track, unit)
      add(t, rule, used, used >= max and stop - now or 0)
    end
  end
end

local codes, living_codes = read_codes(redis.call('GET', KEYS[2])), {}
for _, code in ipairs(living(codes, false)) do
  living_codes[#living_codes + 1] = code.till - now
  living_codes[#living_codes + 1] = code.left
end
return {1, within(held[2], wrong_window), levels, living_codes}
