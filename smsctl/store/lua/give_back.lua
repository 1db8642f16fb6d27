-- Afterwards the outbox knows which channels have an alert; one that is done stays as a mark that its
-- edge was crossed. Whoever's lease has run out and was taken over changes nothing.
--
-- KEYS     1 alerts
-- ARGV     1 the edge, 2 the lease that it was lent under, 3 the lease from now on: the same, 0 to be lent
--          again, -1 done, 4 the channels that have it
-- Returns  {1}  noted
--          {0}  it is somebody else's by now

local text = redis.call('HGET', KEYS[1], ARGV[1])
local at, lease, attempts, first, second = string.match(text or '', '^1 (%d+) (%-?%d+) (%d+) (%d+) (%d+) ')
if lease ~= ARGV[2] then return {0} end
redis.call('HSET', KEYS[1], ARGV[1],
  string.format('1 %s %s %s %s %s %s', at, ARGV[3], attempts, first, second, ARGV[4]))
return {1}
