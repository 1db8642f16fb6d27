-- Puts another value into track t, which lives as long as it did.

local function replace(t, value)
  if t == 1 then return redis.call('SET', KEYS[8], value, 'KEEPTTL')
  elseif t == 2 then return redis.call('SET', KEYS[9], value, 'KEEPTTL')
  elseif t == 3 then return redis.call('SET', KEYS[10], value, 'KEEPTTL')
  elseif t == 4 then return redis.call('SET', KEYS[11], value, 'KEEPTTL')
  elseif t == 5 then return redis.call('SET', KEYS[12], value, 'KEEPTTL')
  elseif t == 6 then return redis.call('SET', KEYS[13], value, 'KEEPTTL')
  elseif t == 7 then return redis.call('SET', KEYS[14], value, 'KEEPTTL')
  elseif t == 8 then return redis.call('SET', KEYS[15], value, 'KEEPTTL')
  elseif t == 9 then return redis.call('SET', KEYS[16], value, 'KEEPTTL')
  elseif t == 10 then return redis.call('SET', KEYS[17], value, 'KEEPTTL')
  elseif t == 11 then return redis.call('SET', KEYS[18], value, 'KEEPTTL')
  elseif t == 12 then return redis.call('SET', KEYS[19], value, 'KEEPTTL')
  end
end
