-- The n-th newest of some times (times.lua), or nil.

local function nth(times, n)
  local place = 7 + 6 * n
  return times and #times > place and struct.unpack('>I6', times, place) or nil
end
