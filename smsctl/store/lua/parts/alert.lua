-- Raises an alert (KEYS[16]) where its edge was not crossed before in this window. Whoever delivers it
-- borrows it (borrow.lua). An alert is `1 at lease attempts figure figure channels`, 1 the generation, times in ms.
-- ARGV     an edge is `kind|subject|level|`; its window's end, in seconds, makes it whole

local ALERT_LIFE = 40 * 86400000 -- longer than any window has
local MOST_ALERTS = 2000 -- there are no more; what happens each hour makes 960 in its life

-- Returns 1 where it was raised, else 0 and the error of an outbox that cannot be written: it stops no
-- decision half-way. Without `ends` the window is the hour that it is.
local function alert(edge, ends, first, second)
  ends = ends or (math.floor(now / 3600000) + 1) * 3600000
  local id = edge .. string.format('%.0f', ends / 1000)
  local told = string.format('1 %.0f 0 0 %.0f %.0f ', now, first, second)
  local new = redis.pcall('HSETNX', KEYS[16], id, told)
  if new ~= 1 then return 0, type(new) == 'table' and new or nil end
  redis.call('PEXPIRE', KEYS[16], ALERT_LIFE)
--@include parts/drop_alerts.lua
  return 1
end
