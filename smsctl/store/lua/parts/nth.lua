-- The n-th newest of some times (times.lua), or nil.

local function nth(times, n)
  if not times then return nil end
  if byte(times) ~= GENERATION then alien(byte(times)) end
  local place = BEFORE_TIMES + 6 * n
  return #times > place and struct.unpack('>I6', times, place) or nil
end
