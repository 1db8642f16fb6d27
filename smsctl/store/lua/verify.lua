-- Afterwards the try is counted, and a right guess has ended every code of the phone and purpose.
-- The count is written before anything is compared: a script that compares first can be guessed
-- for free while the store is out of memory.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow
-- ARGV     as in moment.lua, then 5 digest of the guess, 6 digest of the challenge or ''
-- Returns  {1}              verified
--          {2, tries left}  mismatch
--          {3}              exhausted: this try burnt the code
--          {4}              missing: there was nothing to compare with, and nothing was counted
--          {5, wait}        locked; ms
--@include parts/moment.lua
--@include parts/secret.lua
--@include parts/tally.lua
--@include parts/codes.lua
--@include parts/living.lua
--@include parts/codes_write.lua
--@include parts/wrong.lua

local locked = lock()
if locked > 0 then return {5, locked} end

local codes = read_codes()
local compared = living(codes, ARGV[6])
if #compared == 0 then return {4} end

count_wrong()
for _, place in ipairs(compared) do
  codes[place].left = codes[place].left - 1
  codes[place].seen = now
  write(codes, place)
end

for _, place in ipairs(compared) do
  if codes[place].mac == ARGV[5] then
    tally(now, 'verified', 1) -- first: were it damaged, the code would still be there
    codes[place].used = true
    write(codes, place)
    redis.call('LPOP', KEYS[3])
    end_all(codes)
    return {1}
  end
end

local left = 0
for _, place in ipairs(compared) do
  local code = codes[place]
  if code.left <= 0 then
    code.mac = ''
    write(codes, place)
  end
  left = math.max(left, code.left)
end
if left > 0 then return {2, left} end
return {3}
