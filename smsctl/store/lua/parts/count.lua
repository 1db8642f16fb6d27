-- The count of a calendar track that is in force now: its window's end, reset epoch, used (layout.lua).
-- A count holds until its own end, whatever window the caller would open: another host may count in
-- another time zone, and a clock may have stepped back.

local function in_force(count, unit)
  if count then
    local generation, stop, epoch, used = struct.unpack(COUNT, count)
    if generation ~= GENERATION then alien(generation) end
    if now < stop then return stop, epoch, used end
  end
  if unit == 1 then return now < today and today or now < tomorrow and tomorrow or day_after, 0, 0 end
  local first, second, third = struct.unpack('>I6I6I6', policy, MONTHS)
  return now < first and first or now < second and second or third, 0, 0
end
