-- Digests the day's record of refusals: into the day's tally and offenders, and one block of what is
-- remembered of earlier refusals. Everything that can be found damaged is read before anything is
-- written.
-- KEYS[15]  oldest first, of each block {generation, kind, digested at, end} and the refusals: with kind
--           1 as they were (turn_away.lua), with kind 2 identical ones as one: the head of the newest,
--           {count, first at}, and what they have in common
-- A refusal of another generation is kept as it is, and counted by who can read it. Sizes, and where a
-- block ends, have their places in every generation.

local MOST_EARLIER = 288 * 1024 -- bytes
local EARLIER_LIFE = 8 * 86400000
local NOBODY = string.rep('\0', 12) -- no client is behind the call
local sub = string.sub
--@include parts/offenders.lua

local records
if now < today then records = redis.call('GET', KEYS[12])
elseif now < tomorrow then records = redis.call('GET', KEYS[13])
else records = redis.call('GET', KEYS[14])
end

local fields, addresses, prefixes, at_address, at_prefix, samples = {}, {}, {}, {}, {}, {}
local place, number = 1, 0
local newer = false
while place + 2 <= #records do
  local high, low, generation = byte(records, place, place + 2)
  local size, of_kind, length = 256 * high + low, REJECTED, 0
  if size < 3 or place + size - 1 > #records then break end
  if generation ~= GENERATION then
    newer = true
  else
    if size < 60 then break end
    of_kind, length = byte(records, place + 20, place + 21)
    if size < 60 + length then break end
    local field = sub(records, place + 19, place + 21 + length)
    if of_kind ~= REJECTED then fields[field] = (fields[field] or 0) + 1 end -- else it is in the tally
  end
  if of_kind ~= GUESS and of_kind ~= REJECTED then
    local prefix = sub(records, place + 34 + length, place + 45 + length)
    local address = sub(records, place + 46 + length, place + 57 + length)
    local before = prefixes[prefix]
    if before then prefixes[prefix] = before + 1 else prefixes[prefix], at_prefix[prefix] = 1, place end
    before = addresses[address]
    if before then addresses[address] = before + 1 else addresses[address], at_address[address] = 1, place end
  end
  if number % 32 == 0 then samples[#samples + 1] = place end
  place, number = place + size, number + 1
end
if place <= #records then records = sub(records, 1, place - 1) end
addresses[NOBODY] = nil

-- Read before anything is written, as all that may be damaged.
local last_block = redis.call('LRANGE', KEYS[15], -2, -2)[1]

local function common_at(spot)
  return sub(records, spot + HEAD, spot + struct.unpack('>I2', records, spot) - 1)
end

-- Where most differ from each other, to look for those alike would cost more than it saves.
local seen, distinct, body = {}, 0, records
for _, spot in ipairs(samples) do
  local common = common_at(spot)
  if not seen[common] then distinct = distinct + 1 end
  seen[common] = true
end
local raw = (newer or 2 * distinct > #samples) and 1 or 2
if raw == 2 then
  local count, first, last, alike = {}, {}, {}, {}
  local spot = 1
  while spot < place do
    local common = common_at(spot)
    if not count[common] then count[common], first[common], alike[#alike + 1] = 0, spot, common end
    count[common], last[common] = count[common] + 1, spot
    spot = spot + HEAD + #common
  end
  for each, common in ipairs(alike) do
    alike[each] = struct.pack('>I2', HEAD + 10 + #common) .. sub(records, last[common] + 2, last[common] + 18)
      .. struct.pack('>I4', count[common]) .. sub(records, first[common] + 3, first[common] + 8) .. common
  end
  body = table.concat(alike)
end

local function summed(by_ip, by_prefix)
  return add_offenders(by_ip, addresses, at_address, records), add_offenders(by_prefix, prefixes, at_prefix, records)
end

local function each_field(add)
  for field, count in pairs(fields) do
    local hour, of_kind = byte(field, 1, 2)
    add((of_kind == GUESS and 'unverified:' or 'refused:') .. sub(field, 4) .. string.format('|%02d', hour), count)
  end
end

if now < today then
  local by_ip, by_prefix = summed(redis.call('HGET', KEYS[4], 'offenders:ip'), redis.call('HGET', KEYS[4], 'offenders:prefix'))
  each_field(function(field, count) redis.call('HINCRBY', KEYS[4], field, count) end)
  redis.call('HSET', KEYS[4], 'offenders:ip', by_ip, 'offenders:prefix', by_prefix)
  redis.call('PEXPIRE', KEYS[4], RECORD_LIFE)
  redis.call('DEL', KEYS[12])
elseif now < tomorrow then
  local by_ip, by_prefix = summed(redis.call('HGET', KEYS[5], 'offenders:ip'), redis.call('HGET', KEYS[5], 'offenders:prefix'))
  each_field(function(field, count) redis.call('HINCRBY', KEYS[5], field, count) end)
  redis.call('HSET', KEYS[5], 'offenders:ip', by_ip, 'offenders:prefix', by_prefix)
  redis.call('PEXPIRE', KEYS[5], RECORD_LIFE)
  redis.call('DEL', KEYS[13])
else
  local by_ip, by_prefix = summed(redis.call('HGET', KEYS[6], 'offenders:ip'), redis.call('HGET', KEYS[6], 'offenders:prefix'))
  each_field(function(field, count) redis.call('HINCRBY', KEYS[6], field, count) end)
  redis.call('HSET', KEYS[6], 'offenders:ip', by_ip, 'offenders:prefix', by_prefix)
  redis.call('PEXPIRE', KEYS[6], RECORD_LIFE)
  redis.call('DEL', KEYS[14])
end

-- Beside a block stands how many bytes there were up to its end: the first goes where they are too many.
local ends = (last_block and struct.unpack('>I6', last_block, BLOCK_END) or 0) + #body
redis.call('RPUSH', KEYS[15], struct.pack(BLOCK, GENERATION, raw, now, ends), body)
while ends - struct.unpack('>I6', redis.call('LRANGE', KEYS[15], 0, 0)[1], BLOCK_END) > MOST_EARLIER do
  redis.call('LTRIM', KEYS[15], 2, -1)
end
redis.call('PEXPIRE', KEYS[15], EARLIER_LIFE)
