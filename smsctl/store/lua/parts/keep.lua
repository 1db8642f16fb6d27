-- The one place where tracks are written: sees that track t is kept for so many ms.

local function keep(t, value, ms)
  if t == 1 then return redis.call('SET', KEYS[17], value, 'PX', ms)
  elseif t == 2 then return redis.call('SET', KEYS[18], value, 'PX', ms)
  elseif t == 3 then return redis.call('SET', KEYS[19], value, 'PX', ms)
  elseif t == 4 then return redis.call('SET', KEYS[20], value, 'PX', ms)
  elseif t == 5 then return redis.call('SET', KEYS[21], value, 'PX', ms)
  elseif t == 6 then return redis.call('SET', KEYS[22], value, 'PX', ms)
  elseif t == 7 then return redis.call('SET', KEYS[23], value, 'PX', ms)
  elseif t == 8 then return redis.call('SET', KEYS[24], value, 'PX', ms)
  elseif t == 9 then return redis.call('SET', KEYS[25], value, 'PX', ms)
  elseif t == 10 then return redis.call('SET', KEYS[26], value, 'PX', ms)
  elseif t == 11 then return redis.call('SET', KEYS[27], value, 'PX', ms)
  elseif t == 12 then return redis.call('SET', KEYS[28], value, 'PX', ms)
  end
end
