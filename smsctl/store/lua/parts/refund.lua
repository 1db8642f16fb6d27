-- What the tracks are once a code's part is returned to them: to the window and the reset epoch that
-- it was taken from, or not at all. What is empty then, and was never reset, is nothing. Writes nothing.
-- blame    the kind of the tracks that stay used (judge.lua), 0 for none
-- Afterwards returned[t]  the new value of track t, where it changes; '' where nothing is left

local place, spot = TRACKS, 1
for t = 1, track_count do
  local unit, kind, _, size, first = struct.unpack('>BBI6I2', policy, place)
  local length = unit == 0 and 6 or 10
  local track, taken = held[3 + t], string.sub(code.took, spot, spot + length - 1)
  place, spot = first + size, spot + length
  if not track or (blame > 0 and kind == blame) then
    -- nothing to return to, or not to be returned
  elseif unit == 0 then
    if byte(track) ~= GENERATION then alien(byte(track)) end
    for at = FIRST_TIME, #track, 6 do
      if string.sub(track, at, at + 5) == taken then
        local empty = #track == FIRST_TIME + 5 and struct.unpack('>I6', track, FLOOR) == 0
        returned[t] = empty and '' or string.sub(track, 1, at - 1) .. string.sub(track, at + 6)
        break
      end
    end
  else
    local generation, stop, epoch, used = struct.unpack(COUNT, track)
    if generation ~= GENERATION then alien(generation) end
    if used > 0 and struct.pack('>I6I4', stop, epoch) == taken then
      local empty = used == 1 and epoch == 0
      returned[t] = empty and '' or struct.pack(COUNT, GENERATION, stop, epoch, used - 1)
    end
  end
end
