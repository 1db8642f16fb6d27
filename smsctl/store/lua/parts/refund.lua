-- What the tracks are once a code's part is returned to them: to the window and the reset epoch that
-- it was taken from, or not at all. Writes nothing.
-- Afterwards returned[t]  the new value of track t, where it changes
-- ARGV[5]  '1' where the vendor throttled the phone: what is per phone stays used

local place, spot = TRACKS, 1
for t = 1, track_count do
  local unit, kind, _, size, first = struct.unpack('>BBI6I2', policy, place)
  local length = unit == 0 and 6 or 10
  local track, taken = held[3 + t], string.sub(code.took, spot, spot + length - 1)
  place, spot = first + size, spot + length
  if not track or (ARGV[5] == '1' and kind == 1) then
    -- nothing to return to, or not to be returned
  elseif unit == 0 then
    for at = 13, #track, 6 do
      if string.sub(track, at, at + 5) == taken then
        returned[t] = string.sub(track, 1, at - 1) .. string.sub(track, at + 6)
        break
      end
    end
  elseif string.sub(track, 1, 10) == taken then
    local used = struct.unpack('>I4', track, 11)
    if used > 0 then returned[t] = taken .. struct.pack('>I4', used - 1) end
  end
end
