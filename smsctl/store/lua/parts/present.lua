-- Stops where a key is held that is no string: MGET tells it as absent, and it would be lost.

local absent, present = 0, nil
for each = 1, 2 + track_count do
  if not held[each] then absent = absent + 1 end
end
if absent == 0 then present = 2 + track_count
elseif track_count == 0 then present = redis.call('EXISTS', KEYS[1], KEYS[3])
elseif track_count == 1 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8])
elseif track_count == 2 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9])
elseif track_count == 3 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10])
elseif track_count == 4 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11])
elseif track_count == 5 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12])
elseif track_count == 6 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13])
elseif track_count == 7 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14])
elseif track_count == 8 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15])
elseif track_count == 9 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16])
elseif track_count == 10 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17])
elseif track_count == 11 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17], KEYS[18])
elseif track_count == 12 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[9], KEYS[10], KEYS[11], KEYS[12], KEYS[13], KEYS[14], KEYS[15], KEYS[16], KEYS[17], KEYS[18], KEYS[19])
end
if present + absent ~= 2 + track_count then
  return redis.error_reply('WRONGTYPE a limit is kept in something that smsctl did not write')
end
