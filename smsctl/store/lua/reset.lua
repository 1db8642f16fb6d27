-- Afterwards the rules of these subjects are as if nothing had been sent, and a refund still on its
-- way finds nothing to return. With codes: the phone's codes are gone, and its wrong tries.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 17-28 tracks
-- ARGV     as in moment.lua, then 3 codes too: '1' or ''
-- Returns  {1}
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/secret.lua
--@include parts/present.lua
--@include parts/count.lua
--@include parts/replace.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

-- Everything that can be found damaged is read before anything is cleared.
local cleared, place = {}, TRACKS
for t = 1, track_count do
  local unit, _, _, size, first = struct.unpack('>BBI6I2', policy, place)
  local track = held[3 + t]
  place = first + size
  if track and unit == 0 then
    local generation, kept, floor = struct.unpack(TIMES, track)
    if generation ~= GENERATION then alien(generation) end
    if #track >= FIRST_TIME then floor = struct.unpack('>I6', track, FIRST_TIME) end
    cleared[t] = struct.pack(TIMES, GENERATION, kept, floor)
  elseif track then
    -- The window of now, also where a clock that once ran ahead had opened a later one.
    local generation, _, epoch = struct.unpack(COUNT, track)
    if generation ~= GENERATION then alien(generation) end
    cleared[t] = struct.pack(COUNT, GENERATION, (in_force(nil, unit)), epoch + 1, 0)
  end
end
local records = ARGV[3] == '1' and redis.call('GET', KEYS[2])
local codes = read_codes(records)

for t, track in pairs(cleared) do replace(t, track) end
if records then
  end_all(codes)
  write_codes(records, codes)
end
if ARGV[3] == '1' then redis.call('DEL', KEYS[3]) end
return {1}
