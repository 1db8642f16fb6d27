-- The times of a rolling track, or of wrong tries (layout.lua), in ms since the epoch, 6 bytes each.
--   kept   until when the key lives: a host whose window is shorter does not cut another's
--   floor  the newest time that a reset cleared; later times lie beyond it, so that a refund from
--          before the reset finds nothing. 0 where none was
--   then the admitted times, newest first

local MOST_TIMES = 101 -- what the largest rolling rule looks back on, and one
local LONGEST = 400 * 86400000 -- no window is longer
local GRACE = 7200000 -- they outlive their window by two hours, so that a clock may step

-- Adds a time; returns the times, the one that was added, packed, and for how many ms they are kept.
local function add_time(times, window)
  local kept, floor, newest = 0, 0, 0
  if times then
    local generation
    generation, kept, floor = struct.unpack(TIMES, times)
    if generation ~= GENERATION then alien(generation) end
    if (#times + 1 - FIRST_TIME) % 6 > 0 or kept > now + LONGEST then alien() end
    if #times >= FIRST_TIME then newest = struct.unpack('>I6', times, FIRST_TIME) end
  end
  local at = math.max(now, newest, floor + 1)
  kept = math.max(kept, at + window + GRACE)
  local time, head = struct.pack('>I6', at), struct.pack(TIMES, GENERATION, kept, floor)
  if not times then return head .. time, time, kept - now end
  return head .. time .. string.sub(times, FIRST_TIME, BEFORE_TIMES + 6 * MOST_TIMES - 1), time, kept - now
end
