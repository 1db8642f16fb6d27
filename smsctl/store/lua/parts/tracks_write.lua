-- The writing half of the switchboard (tracks.lua): for scripts that consume, return or clear.

local function push(t, at)
  if t == 1 then return redis.call('LPUSH', KEYS[8], at)
  elseif t == 2 then return redis.call('LPUSH', KEYS[9], at)
  elseif t == 3 then return redis.call('LPUSH', KEYS[10], at)
  elseif t == 4 then return redis.call('LPUSH', KEYS[11], at)
  elseif t == 5 then return redis.call('LPUSH', KEYS[12], at)
  elseif t == 6 then return redis.call('LPUSH', KEYS[13], at)
  elseif t == 7 then return redis.call('LPUSH', KEYS[14], at)
  elseif t == 8 then return redis.call('LPUSH', KEYS[15], at)
  elseif t == 9 then return redis.call('LPUSH', KEYS[16], at)
  elseif t == 10 then return redis.call('LPUSH', KEYS[17], at)
  elseif t == 11 then return redis.call('LPUSH', KEYS[18], at)
  elseif t == 12 then return redis.call('LPUSH', KEYS[19], at)
  end
end

local function trim(t, last)
  if t == 1 then return redis.call('LTRIM', KEYS[8], 0, last)
  elseif t == 2 then return redis.call('LTRIM', KEYS[9], 0, last)
  elseif t == 3 then return redis.call('LTRIM', KEYS[10], 0, last)
  elseif t == 4 then return redis.call('LTRIM', KEYS[11], 0, last)
  elseif t == 5 then return redis.call('LTRIM', KEYS[12], 0, last)
  elseif t == 6 then return redis.call('LTRIM', KEYS[13], 0, last)
  elseif t == 7 then return redis.call('LTRIM', KEYS[14], 0, last)
  elseif t == 8 then return redis.call('LTRIM', KEYS[15], 0, last)
  elseif t == 9 then return redis.call('LTRIM', KEYS[16], 0, last)
  elseif t == 10 then return redis.call('LTRIM', KEYS[17], 0, last)
  elseif t == 11 then return redis.call('LTRIM', KEYS[18], 0, last)
  elseif t == 12 then return redis.call('LTRIM', KEYS[19], 0, last)
  end
end

-- Sees that the track is kept for so long; another host's longer window is not cut.
local function expire(t, ms)
  if t == 1 then return redis.call('PTTL', KEYS[8]) < ms and redis.call('PEXPIRE', KEYS[8], ms)
  elseif t == 2 then return redis.call('PTTL', KEYS[9]) < ms and redis.call('PEXPIRE', KEYS[9], ms)
  elseif t == 3 then return redis.call('PTTL', KEYS[10]) < ms and redis.call('PEXPIRE', KEYS[10], ms)
  elseif t == 4 then return redis.call('PTTL', KEYS[11]) < ms and redis.call('PEXPIRE', KEYS[11], ms)
  elseif t == 5 then return redis.call('PTTL', KEYS[12]) < ms and redis.call('PEXPIRE', KEYS[12], ms)
  elseif t == 6 then return redis.call('PTTL', KEYS[13]) < ms and redis.call('PEXPIRE', KEYS[13], ms)
  elseif t == 7 then return redis.call('PTTL', KEYS[14]) < ms and redis.call('PEXPIRE', KEYS[14], ms)
  elseif t == 8 then return redis.call('PTTL', KEYS[15]) < ms and redis.call('PEXPIRE', KEYS[15], ms)
  elseif t == 9 then return redis.call('PTTL', KEYS[16]) < ms and redis.call('PEXPIRE', KEYS[16], ms)
  elseif t == 10 then return redis.call('PTTL', KEYS[17]) < ms and redis.call('PEXPIRE', KEYS[17], ms)
  elseif t == 11 then return redis.call('PTTL', KEYS[18]) < ms and redis.call('PEXPIRE', KEYS[18], ms)
  elseif t == 12 then return redis.call('PTTL', KEYS[19]) < ms and redis.call('PEXPIRE', KEYS[19], ms)
  end
end

local function put(t, value, ms)
  if t == 1 then return redis.call('SET', KEYS[8], value, 'PX', ms)
  elseif t == 2 then return redis.call('SET', KEYS[9], value, 'PX', ms)
  elseif t == 3 then return redis.call('SET', KEYS[10], value, 'PX', ms)
  elseif t == 4 then return redis.call('SET', KEYS[11], value, 'PX', ms)
  elseif t == 5 then return redis.call('SET', KEYS[12], value, 'PX', ms)
  elseif t == 6 then return redis.call('SET', KEYS[13], value, 'PX', ms)
  elseif t == 7 then return redis.call('SET', KEYS[14], value, 'PX', ms)
  elseif t == 8 then return redis.call('SET', KEYS[15], value, 'PX', ms)
  elseif t == 9 then return redis.call('SET', KEYS[16], value, 'PX', ms)
  elseif t == 10 then return redis.call('SET', KEYS[17], value, 'PX', ms)
  elseif t == 11 then return redis.call('SET', KEYS[18], value, 'PX', ms)
  elseif t == 12 then return redis.call('SET', KEYS[19], value, 'PX', ms)
  end
end

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

local function forget(t, at)
  if t == 1 then return redis.call('LREM', KEYS[8], 1, at)
  elseif t == 2 then return redis.call('LREM', KEYS[9], 1, at)
  elseif t == 3 then return redis.call('LREM', KEYS[10], 1, at)
  elseif t == 4 then return redis.call('LREM', KEYS[11], 1, at)
  elseif t == 5 then return redis.call('LREM', KEYS[12], 1, at)
  elseif t == 6 then return redis.call('LREM', KEYS[13], 1, at)
  elseif t == 7 then return redis.call('LREM', KEYS[14], 1, at)
  elseif t == 8 then return redis.call('LREM', KEYS[15], 1, at)
  elseif t == 9 then return redis.call('LREM', KEYS[16], 1, at)
  elseif t == 10 then return redis.call('LREM', KEYS[17], 1, at)
  elseif t == 11 then return redis.call('LREM', KEYS[18], 1, at)
  elseif t == 12 then return redis.call('LREM', KEYS[19], 1, at)
  end
end
