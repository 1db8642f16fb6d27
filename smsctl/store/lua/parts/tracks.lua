-- The switchboard of the tracks: the one place where their keys are spoken to.
-- Track t lives at KEYS[7 + t], and is described in ARGV[3]: {unit, kind, keep, life}, ten bytes each.
-- Every key is written out, because the proxy before a managed Redis reads the script's text and
-- refuses KEYS[i] and local names for keys.

-- The admitted times of a rolling track, newest first, up to the place `last`.
local function every(t, last)
  if t == 1 then return redis.call('LRANGE', KEYS[8], 0, last)
  elseif t == 2 then return redis.call('LRANGE', KEYS[9], 0, last)
  elseif t == 3 then return redis.call('LRANGE', KEYS[10], 0, last)
  elseif t == 4 then return redis.call('LRANGE', KEYS[11], 0, last)
  elseif t == 5 then return redis.call('LRANGE', KEYS[12], 0, last)
  elseif t == 6 then return redis.call('LRANGE', KEYS[13], 0, last)
  elseif t == 7 then return redis.call('LRANGE', KEYS[14], 0, last)
  elseif t == 8 then return redis.call('LRANGE', KEYS[15], 0, last)
  elseif t == 9 then return redis.call('LRANGE', KEYS[16], 0, last)
  elseif t == 10 then return redis.call('LRANGE', KEYS[17], 0, last)
  elseif t == 11 then return redis.call('LRANGE', KEYS[18], 0, last)
  elseif t == 12 then return redis.call('LRANGE', KEYS[19], 0, last)
  end
end

-- The packed count of a calendar track, or false.
local function packed(t)
  if t == 1 then return redis.call('GET', KEYS[8])
  elseif t == 2 then return redis.call('GET', KEYS[9])
  elseif t == 3 then return redis.call('GET', KEYS[10])
  elseif t == 4 then return redis.call('GET', KEYS[11])
  elseif t == 5 then return redis.call('GET', KEYS[12])
  elseif t == 6 then return redis.call('GET', KEYS[13])
  elseif t == 7 then return redis.call('GET', KEYS[14])
  elseif t == 8 then return redis.call('GET', KEYS[15])
  elseif t == 9 then return redis.call('GET', KEYS[16])
  elseif t == 10 then return redis.call('GET', KEYS[17])
  elseif t == 11 then return redis.call('GET', KEYS[18])
  elseif t == 12 then return redis.call('GET', KEYS[19])
  end
end

-- What is known of track t: unit and kind (judge.lua), how many times a rolling track keeps, and the
-- ms that it is kept: after its newest time, or after its window's end.
local function track(t)
  return struct.unpack('>BBI2I6', ARGV[3], 10 * t - 9)
end
local track_count = #ARGV[3] / 10
