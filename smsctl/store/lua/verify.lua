-- Afterwards the try is counted, and a right guess has ended every code of the phone and purpose.
-- The count is written before anything is compared: a script that compares first can be guessed
-- for free while the store is out of memory.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then 3 digest of the guess, 4 digest of the challenge or ''
-- Returns  {1}              verified
--          {2, tries left}  mismatch
--          {3}              exhausted: this try burnt the code
--          {4}              missing: there was nothing to compare with, and nothing was counted
--          {5, wait}        locked; ms
--@include parts/moment.lua

local held = {redis.call('GET', KEYS[1]), redis.call('GET', KEYS[3])}
local records = redis.call('GET', KEYS[2])

--@include parts/secret.lua
--@include parts/tally.lua
--@include parts/codes.lua
--@include parts/codes_write.lua
--@include parts/living.lua
--@include parts/nth.lua
--@include parts/times.lua

local last = nth(held[2], wrong_max)
local locked = last and last + wrong_window - now or 0
if locked > 0 then return {5, locked} end

local codes = read_codes(records)
local compared = living(codes, ARGV[4])
if #compared == 0 then return {4} end

local wrong, _, life = add_time(held[2], wrong_window)
redis.call('SET', KEYS[3], wrong, 'PX', life)
for _, code in ipairs(compared) do
  code.left, code.seen = code.left - 1, now
end
write_codes(records, codes)

for _, code in ipairs(compared) do
  if code.mac == ARGV[3] then
    tally(now, 'verified', 1) -- first: were it damaged, the code would still be there
    code.used = 1
    end_all(codes)
    write_codes(records, codes)
    if held[2] then redis.call('SET', KEYS[3], held[2], 'KEEPTTL') else redis.call('DEL', KEYS[3]) end
    return {1}
  end
end

local left = 0
for _, code in ipairs(compared) do
  if code.left <= 0 then code.mac = '' end
  left = math.max(left, code.left)
end
if left > 0 then return {2, left} end
write_codes(records, codes)
return {3}
