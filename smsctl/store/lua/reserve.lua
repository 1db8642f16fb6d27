-- Afterwards either every rule is consumed and the code stands as pending, or nothing has changed
-- but the tally of the rule that refused. The same attempt may ask again and gets the same answer.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8-19 tracks
-- ARGV     as in moment.lua and request.lua, then
--          5 '1' for a test number, '2' for a captcha outage that lets this through, or ''
-- Returns  as in refusal.lua and request.lua, or
--          `>BI6I6`: 1, expires in, and the wait until the same request would be admitted, ms
--@include parts/moment.lua
--@include parts/held.lua
--@include parts/tally.lua
--@include parts/count.lua
--@include parts/judge.lua
--@include parts/request.lua
--@include parts/refusal.lua
--@include parts/secret.lua
--@include parts/present.lua
--@include parts/times.lua
--@include parts/keep.lua
--@include parts/drop_codes.lua

local MOST_CODES = 101 -- what the largest rolling rule of a phone admits, and one
local MANY = 8192 -- bytes of records; from there on those are counted
local SECRET_LIFE = 90 * 86400000

-- Everything that can be found damaged is read before any quota is taken.
local records, alive = redis.call('GET', KEYS[2]), 0
if records then
  alive = struct.unpack('>I6', records)
  if alive > now + LONGEST then error('WRONGTYPE no codes that smsctl wrote') end
  if #records > MANY then records = drop_codes(records, MOST_CODES - 1) end
end
local took, life, rest, place = {}, {}, 0, TRACKS
for t = 1, track_count do
  local unit, _, longest, size, first = struct.unpack('>BBI6I2', policy, place)
  local track, stop, epoch, used = held[2 + t]
  if unit == 0 then
    track, took[t], life[t] = add_time(track, longest)
  else
    stop, epoch, used = in_force(track, unit)
    took[t] = struct.pack('>I6I4', stop, epoch)
    track, life[t] = took[t] .. struct.pack('>I4', used + 1), stop - now + GRACE
  end
  place, held[2 + t] = first, track
  while place < first + size do
    local max, window, enforced, length
    max, window, enforced, length, place = struct.unpack('>I4I6BB', policy, place)
    place = place + length
    local after = 0
    if unit > 0 then
      if used + 1 >= max then after = stop - now end
    elseif #track > 6 * max + 7 then
      after = struct.unpack('>I6', track, 6 * max + 7) + window - now
    end
    if enforced == 1 and after > rest then rest = after end
  end
end

local test = ARGV[5] == '1'
if ARGV[5] == '2' then tally(now, 'outage', 1) end
for _, rule in ipairs(observed or {}) do tally(now, 'observed:' .. rule, 1) end
-- The first of a day, or of a lull, keeps the secret's claim alive.
if tally(now, test and 'test' or 'pending', 1) == 1 or not held[1] then
  redis.call('SET', KEYS[1], string.sub(policy, FINGERPRINT, FINGERPRINT + 15), 'PX', SECRET_LIFE)
end
for t = 1, track_count do keep(t, held[2 + t], life[t]) end

local _, ttl, tries = struct.unpack('>BI4B', policy, CODE)
local till, taken = now + ttl, table.concat(took)
if till > alive then alive = till end
local code = struct.pack('>I6BBBI6I6I6', alive, test and 2 or 1, 0, tries, now, till, 0) .. ARGV[3]
  .. struct.pack('>Bc0BBB', #taken, taken, 0, 0, 0)
if records then code = code .. string.sub(records, 7) end
redis.call('SET', KEYS[2], code, 'PX', alive - now)
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[7], string.format('%d %s', till, ARGV[4]), 'PX', ttl)
end
return struct.pack('>BI6I6', 1, ttl, rest)
