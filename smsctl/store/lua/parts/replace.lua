-- Puts another value into track t, which lives as long as it did.

local function replace(t, value)
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
