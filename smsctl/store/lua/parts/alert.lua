-- Raises an alert (KEYS[16]) where its edge was not crossed before in this window. Whoever delivers it
-- borrows it (borrow.lua). An alert is `at lease attempts figure figure channels`, times in ms.
-- ARGV     an edge is `kind|subject|level|`; its window's end, in seconds, makes it whole

local ALERT_LIFE = 40 * 86400000 -- longer than any window has

local raised, spoilt = 0, nil
-- Without `ends` the window is the hour that it is.
local function alert(edge, ends, first, second)
  ends = ends or (math.floor(now / 3600000) + 1) * 3600000
  local id = edge .. string.format('%.0f', ends / 1000)
  local told = string.format('%.0f 0 0 %.0f %.0f ', now, first, second)
  -- An outbox that cannot be written stops no decision half-way: who reads it is told.
  local new = redis.pcall('HSETNX', KEYS[16], id, told)
  if type(new) == 'table' then spoilt = new end
  if new == 1 then
    redis.call('PEXPIRE', KEYS[16], ALERT_LIFE)
    raised = 1
  end
end
