-- Says what is held about some subjects. Writes nothing.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 7-18 tracks
-- ARGV     as in moment.lua
-- Returns  {1, wrong tries in their window, {track, rule name, used, wait, …}, {expires in, tries left, …}}
--          the wait until the rule admits one more, ms; codes newest first
--@include parts/moment.lua
--@include parts/tracks.lua
--@include parts/tracks_every.lua
--@include parts/judge.lua
--@include parts/codes.lua

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

for t, track in ipairs(tracks) do
  if track[1] == 0 then
    local times = every(t)
    for r = 6, #track, 4 do
      local max, window = track[r], track[r + 1]
      local last = times[max]
      add(t, track[r + 3], within(times, window), last and math.max(0, last + window - now) or 0)
    end
  else
    local held = count(t, track[3])
    for r = 6, #track, 4 do
      add(t, track[r + 3], held[3], held[3] >= track[r] and held[1] - now or 0)
    end
  end
end

local living_codes = {}
for _, place in ipairs(living(false)) do
  living_codes[#living_codes + 1] = codes[place].till - now
  living_codes[#living_codes + 1] = codes[place].left
end
return {1, within(redis.call('LRANGE', KEYS[3], 0, -1), wrong_window), levels, living_codes}
