-- The count of a calendar track that is in force now: its window's end, reset epoch, used; 14 bytes.
-- A window only moves forward: a count whose end lies ahead of the clock's own window stays in force
-- when the clock steps back.

local function in_force(count, unit)
  local last, later, latest = today, tomorrow, day_after -- the end of the day (1) or month (2)
  if unit == 2 then last, later, latest = struct.unpack('>I6I6I6', policy, MONTHS) end
  if now >= last then last = now < later and later or latest end
  if count then
    local stop, epoch, used = struct.unpack('>I6I4I4', count)
    if stop >= last then return stop, epoch, used end
  end
  return last, 0, 0
end
