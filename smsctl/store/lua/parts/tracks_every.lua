-- All times of a rolling track, newest first; for scripts that show.

local function every(t)
  if t == 1 then return redis.call('LRANGE', KEYS[7], 0, -1)
  elseif t == 2 then return redis.call('LRANGE', KEYS[8], 0, -1)
  elseif t == 3 then return redis.call('LRANGE', KEYS[9], 0, -1)
  elseif t == 4 then return redis.call('LRANGE', KEYS[10], 0, -1)
  elseif t == 5 then return redis.call('LRANGE', KEYS[11], 0, -1)
  elseif t == 6 then return redis.call('LRANGE', KEYS[12], 0, -1)
  elseif t == 7 then return redis.call('LRANGE', KEYS[13], 0, -1)
  elseif t == 8 then return redis.call('LRANGE', KEYS[14], 0, -1)
  elseif t == 9 then return redis.call('LRANGE', KEYS[15], 0, -1)
  elseif t == 10 then return redis.call('LRANGE', KEYS[16], 0, -1)
  elseif t == 11 then return redis.call('LRANGE', KEYS[17], 0, -1)
  elseif t == 12 then return redis.call('LRANGE', KEYS[18], 0, -1)
  end
end
