-- Afterwards the try is counted, and a right guess has ended every code of the phone and purpose.
-- The count is written before anything is compared: a script that compares first can be guessed
-- for free while the store is out of memory.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow, 9-11 events,
--          12-15 refusals
-- ARGV     as in moment.lua, then 3 who guesses (turn_away.lua), 4 digest of the guess, 5 digest of the
--          challenge or ''
-- Returns  {1}              verified
--          {2, tries left}  mismatch
--          {3}              exhausted: this try burnt the code
--          {4}              missing: there was nothing to compare with, and nothing was counted
--          {5, wait}        locked; ms
--@include parts/moment.lua

local records = redis.call('GET', KEYS[2])
local held = redis.call('MGET', KEYS[1], KEYS[3])
if records and not (held[1] and held[2]) then
  -- What is no string MGET tells as absent, and it would be lost.
  local present = (held[1] and 1 or 0) + (held[2] and 1 or 0)
  if redis.call('EXISTS', KEYS[1], KEYS[3]) ~= present then
    return redis.error_reply('WRONGTYPE a code is kept in something that smsctl did not write')
  end
end

--@include parts/secret.lua
--@include parts/codes.lua
--@include parts/living.lua
--@include parts/nth.lua

local last = nth(held[2], wrong_max)
local wait = last and math.max(0, last + wrong_window - now) or 0
local codes = wait == 0 and read_codes(records) or {}
local compared = living(codes, ARGV[5])
if #compared == 0 then
  local who, name, most, kind = ARGV[3], wait > 0 and 'locked' or 'missing', 0, GUESS
--@include parts/turn_away.lua
  if wait > 0 then return {5, wait} end
  return {4}
end
--@include parts/tally.lua
--@include parts/codes_write.lua
--@include parts/times.lua
--@include parts/few.lua

local function guessed(result, left)
  if compared[1].state == TEST and tally(now, 'test', 0) > FEW then return end
  local id = compared[1].id
  local entry = struct.pack(GUESSED, GENERATION, 3, now, result, left, #id, id)
--@include parts/event.lua
end

local wrong, _, life = add_time(held[2], wrong_window)
redis.call('SET', KEYS[3], wrong, 'PX', life)
-- The last try burns the code in the same write: whatever fails behind it, there is no further one.
local macs, left = {}, 0
for each, code in ipairs(compared) do
  macs[each], code.left, code.seen = code.mac, code.left - 1, now
  if code.left <= 0 then code.mac = '' end
  left = math.max(left, code.left)
end
write_codes(records, codes)

for each, code in ipairs(compared) do
  if macs[each] == ARGV[4] then
    guessed(0, 0)
    -- First: were it damaged, the code would still be there.
    if code.state ~= TEST then tally(now, 'verified', 1) end
    code.used = 1
    end_all(codes)
    write_codes(records, codes)
    if held[2] then redis.call('SET', KEYS[3], held[2], 'KEEPTTL') else redis.call('DEL', KEYS[3]) end
    return {1}
  end
end

guessed(left > 0 and 1 or 2, left)
if left > 0 then return {2, left} end
return {3}
