-- Remembers one refusal, `name` with its `wait`, `most` and `kind` as in judge.lua, in the day's record:
-- KEYS[12], KEYS[13], KEYS[14] are yesterday's, today's, tomorrow's. One that is full is digested
-- (digest.lua). So a flood costs one append, and no more memory than there is room for.
-- A record  {size, at, wait, max}, then what refusals alike have in common:
--           {hour, kind, length} `reason|purpose|country`, and who (ARGV[3])
-- ARGV[3]   who: names of phone, segment and address, 12 bytes each, how the human check ended,
--           {length} who they are, sealed, {length} the captcha's codes

local FULL = 49152 -- bytes
local GUESS = 3 -- the kind of a guess that was not compared
local HEAD = 18 -- bytes of a record before what is in common
local RECORD_LIFE = 92 * 86400000 -- as long as the tally, to which it belongs

local reason, size = name .. '|' .. string.sub(policy, OF + 1, TRACKS - 1), nil
local midnight = now < today and yesterday or now < tomorrow and today or tomorrow
local record = struct.pack('>I2I6I6I4BBB', HEAD + 3 + #reason + #ARGV[3], now, wait, most,
  math.floor((now - midnight) / 3600000), kind, #reason) .. reason .. ARGV[3]
if now < today then
  size = redis.call('APPEND', KEYS[12], record)
  if size == #record then redis.call('PEXPIRE', KEYS[12], RECORD_LIFE) end
elseif now < tomorrow then
  size = redis.call('APPEND', KEYS[13], record)
  if size == #record then redis.call('PEXPIRE', KEYS[13], RECORD_LIFE) end
else
  size = redis.call('APPEND', KEYS[14], record)
  if size == #record then redis.call('PEXPIRE', KEYS[14], RECORD_LIFE) end
end
if size >= FULL then
--@include parts/digest.lua
end
