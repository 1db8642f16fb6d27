-- Puts another value into track t, which lives as long as it did; '' removes it.

local function remove(t)
  if t == 1 then return redis.call('DEL', KEYS[17])
  elseif t == 2 then return redis.call('DEL', KEYS[18])
  elseif t == 3 then return redis.call('DEL', KEYS[19])
  elseif t == 4 then return redis.call('DEL', KEYS[20])
  elseif t == 5 then return redis.call('DEL', KEYS[21])
  elseif t == 6 then return redis.call('DEL', KEYS[22])
  elseif t == 7 then return redis.call('DEL', KEYS[23])
  elseif t == 8 then return redis.call('DEL', KEYS[24])
  elseif t == 9 then return redis.call('DEL', KEYS[25])
  elseif t == 10 then return redis.call('DEL', KEYS[26])
  elseif t == 11 then return redis.call('DEL', KEYS[27])
  elseif t == 12 then return redis.call('DEL', KEYS[28])
  end
end

local function replace(t, value)
  if value == '' then return remove(t) end
  if t == 1 then return redis.call('SET', KEYS[17], value, 'KEEPTTL')
  elseif t == 2 then return redis.call('SET', KEYS[18], value, 'KEEPTTL')
  elseif t == 3 then return redis.call('SET', KEYS[19], value, 'KEEPTTL')
  elseif t == 4 then return redis.call('SET', KEYS[20], value, 'KEEPTTL')
  elseif t == 5 then return redis.call('SET', KEYS[21], value, 'KEEPTTL')
  elseif t == 6 then return redis.call('SET', KEYS[22], value, 'KEEPTTL')
  elseif t == 7 then return redis.call('SET', KEYS[23], value, 'KEEPTTL')
  elseif t == 8 then return redis.call('SET', KEYS[24], value, 'KEEPTTL')
  elseif t == 9 then return redis.call('SET', KEYS[25], value, 'KEEPTTL')
  elseif t == 10 then return redis.call('SET', KEYS[26], value, 'KEEPTTL')
  elseif t == 11 then return redis.call('SET', KEYS[27], value, 'KEEPTTL')
  elseif t == 12 then return redis.call('SET', KEYS[28], value, 'KEEPTTL')
  end
end
