-- Takes the send `id` out of the record of sends again, where a blank keeps the others' places, and
-- remembers it among the refusals, where those alike are one (turn_away.lua); sets `gone` if it was found.
-- ARGV[8]  vendor code

local function newest(count)
  if code.at < today then return redis.call('LRANGE', KEYS[9], -count, -1)
  elseif code.at < tomorrow then return redis.call('LRANGE', KEYS[10], -count, -1)
  end
  return redis.call('LRANGE', KEYS[11], -count, -1)
end

local sub = string.sub
local wanted, admitted, back = string.char(#id) .. id, nil, nil
for _, count in ipairs({64, 4096}) do
  local entries = newest(count)
  for place = #entries, 1, -1 do
    local each = entries[place]
    if byte(each) == GENERATION and byte(each, EVENT_KIND) == 1 then
      local behind = ENCRYPTED + 1 + (byte(each, ENCRYPTED) or 0)
      behind = behind + 1 + (byte(each, behind) or 0) -- the captcha's codes
      if sub(each, behind, behind + #id) == wanted then
        admitted, back = each, #entries - place + 1
        break
      end
    end
  end
  if admitted or #entries < count then break end
end

if admitted then
  local name, wait, most, kind = 'rejected', 0, 0, REJECTED
  local who = sub(admitted, WHO, ENCRYPTED + byte(admitted, ENCRYPTED)) .. string.char(#ARGV[8]) .. ARGV[8]
--@include parts/turn_away.lua
  if code.at < today then redis.call('LSET', KEYS[9], -back, '')
  elseif code.at < tomorrow then redis.call('LSET', KEYS[10], -back, '')
  else redis.call('LSET', KEYS[11], -back, '')
  end
  gone = true
end
