-- Remembers one refusal of `who`: `name`, its `wait`, `most` and `kind` as in judge.lua, in the day's record:
-- KEYS[12], KEYS[13], KEYS[14] are yesterday's, today's, tomorrow's. One that is full is digested
-- (digest.lua). So a flood costs one append, and no more memory than there is room for.
-- A record  {size, generation, at, wait, max}, then what identical refusals have in common:
--           {hour, kind, length} `reason|purpose|country`, and who
-- who       names of phone, prefix and address, 12 bytes each, how the human check ended, {length} who
--           they are, encrypted, {length} the captcha's codes, or the gateway's where that rejected

local FULL = 49152 -- bytes
local GUESS = 8 -- the kind of a guess that was not compared
local REJECTED = 9 -- the kind of take_out.lua
local RECORD_LIFE = 92 * 86400000 -- as long as the tally, to which it belongs

local reason, size = name .. '|' .. string.sub(policy, SUBJECT + 1, TRACKS - 1), nil
local midnight = now < today and yesterday or now < tomorrow and today or tomorrow
local record = struct.pack(REFUSAL, HEAD + 3 + #reason + #who, GENERATION, now, wait, most,
  math.floor((now - midnight) / 3600000), kind, #reason) .. reason .. who
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
  local function digest()
--@include parts/digest.lua
  end
  local done, fault = pcall(digest)
  if not done then
    -- What it would go into is damaged. It must not grow for ever, and be read again each time.
    if now < today then redis.call('DEL', KEYS[12])
    elseif now < tomorrow then redis.call('DEL', KEYS[13])
    else redis.call('DEL', KEYS[14])
    end
    error(fault)
  end
end
