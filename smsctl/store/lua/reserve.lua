-- Afterwards either every rule is consumed and the code stands as pending, or nothing has changed
-- but that the refusal is remembered. The same attempt may ask again and gets the same answer.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8 overrides, 9-11 events, 12-15 refusals, 16 alerts, 17-28 tracks
-- ARGV     as in moment.lua, then 3 who asks (turn_away.lua), then as in request.lua, then
--          6 '1' for a test number, '2' for a captcha outage that lets this through, or '',
--          7 the edge of that outage's alert, or ''
-- Returns  as in refusal.lua, request.lua and overrides.lua, or
--          `>BI6I6B`: 1, expires in, the wait until the same request would be admitted, ms, and 1
--          where an alert was raised
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/count.lua
--@include parts/judge.lua
--@include parts/request.lua
--@include parts/overrides.lua
--@include parts/refusal.lua
--@include parts/secret.lua
--@include parts/present.lua
--@include parts/times.lua
--@include parts/keep.lua
--@include parts/tally.lua
--@include parts/few.lua

local MOST_CODES = 101 -- what the largest rolling rule of a phone admits, and one
local MANY = 8192 -- bytes of records; from there on those are counted
local SECRET_LIFE = 90 * 86400000

-- Everything that can be found damaged is read before any quota is taken.
local records, alive = redis.call('GET', KEYS[2]), 0
if records then
  local generation
  generation, alive = struct.unpack(CODES, records)
  if generation ~= GENERATION then alien(generation) end
  if alive > now + LONGEST then alien() end
  if #records > MANY then
--@include parts/drop_codes.lua
    records = drop_codes(records, MOST_CODES - 1)
  end
end
local took, life, rest, place = {}, {}, 0, TRACKS
local levels, ends = {}, {} -- of each rule, how full it was, and when a fuse's window ends
local edges = ARGV[6] == '2' -- may there be alerts to raise? Most sends cross none
for t = 1, track_count do
  local unit, per, longest, size, first = struct.unpack('>BBI6I2', policy, place)
  local before, stop, epoch, used = held[3 + t]
  local track = before
  if unit == 0 then
    track, took[t], life[t] = add_time(track, longest)
  else
    stop, epoch, used = in_force(track, unit)
    took[t] = struct.pack('>I6I4', stop, epoch)
    track, life[t] = struct.pack(COUNT, GENERATION, stop, epoch, used + 1), stop - now + GRACE
  end
  place, held[3 + t] = first, track
  while place < first + size do
    local max, window, enforced, length
    max, window, enforced, length, place = struct.unpack('>I4I6BB', policy, place)
    place = place + length
    local after, level = 0, used or 0
    if unit > 0 then
      if used + 1 >= max then after = stop - now end
    else
      if #track > BEFORE_TIMES + 6 * max then
        after = struct.unpack('>I6', track, BEFORE_TIMES + 6 * max) + window - now
      end
      while before and level < max and #before > FIRST_TIME + 6 * level
        and struct.unpack('>I6', before, FIRST_TIME + 6 * level) + window > now do
        level = level + 1
      end
    end
    if enforced == 1 and after > rest then rest = after end
    levels[#levels + 1] = level
    if per == 3 then
      -- A rolling fuse has no window that ends: it rings once in each stretch as long, or each hour.
      local stretch = math.max(window, 3600000)
      ends[#levels] = stop or (math.floor(now / stretch) + 1) * stretch
      -- A search that may only find too much, from the rules to the thresholds behind them.
      edges = edges or string.find(policy, struct.pack('>BI4', #levels, level + 1), first, true)
    end
  end
end

local test = ARGV[6] == '1'
local tests = test and tally(now, 'test', 1) or 0
local rules = struct.unpack('>I2', policy, place)
local entry = struct.pack(EVENT, GENERATION, 1, now) .. ARGV[3] .. string.sub(ARGV[4], 1, 1 + string.byte(ARGV[4]))
  .. string.sub(policy, SUBJECT, TRACKS - 1) .. string.sub(policy, place + 2, place + 1 + rules)
  .. struct.pack('>' .. string.rep('I4', #levels), unpack(levels))
if tests <= FEW then
--@include parts/event.lua
end
if ARGV[6] == '2' then tally(now, 'outage', 1) end
if observed then
  for _, rule in ipairs(observed) do tally(now, 'observed:' .. rule, 1) end
end
-- The first of an hour, or of a lull, keeps the secret's claim alive.
if (test and tests or tally(now, 'pending', 1)) == 1 or not held[1] then
  redis.call('SET', KEYS[1], string.sub(policy, FINGERPRINT, FINGERPRINT + 15), 'PX', SECRET_LIFE)
end
for t = 1, track_count do keep(t, held[3 + t], life[t]) end

local raised = 0
if edges then
--@include parts/alert.lua
  if ARGV[6] == '2' then raised = alert(ARGV[7], nil, 0, 0) end
  -- The thresholds of the fuses: {rule, level, max}, and the edge that reaching it crosses.
  place = place + 2 + rules
  while place <= #policy do
    local rule, level, max, length
    rule, level, max, length, place = struct.unpack('>BI4I4B', policy, place)
    place = place + length
    if levels[rule] + 1 == level then
      raised = math.max(raised, (alert(string.sub(policy, place - length, place - 1), ends[rule], level, max)))
    end
  end
end

local _, ttl, tries = struct.unpack('>BI4B', policy, CODE_POLICY)
local till, taken = now + ttl, table.concat(took)
if till > alive then alive = till end
local code = struct.pack('>BI6BBBI6I6I6', GENERATION, alive, test and 5 or 1, 0, tries, now, till, 0) .. ARGV[4]
  .. struct.pack('>Bc0BBB', #taken, taken, 0, 0, 0)
if records then code = code .. string.sub(records, FIRST_CODE) end
redis.call('SET', KEYS[2], code, 'PX', alive - now)
if ARGV[5] ~= '' then
  redis.call('SET', KEYS[7], string.format('1 %d %s', till, ARGV[5]), 'PX', ttl)
end
return struct.pack('>BI6I6B', 1, ttl, rest, raised)
