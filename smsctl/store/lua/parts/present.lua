-- Stops where a key is held that is no string: MGET tells it as absent, and it would be lost.

local absent, present = 0, nil
for each = 1, 3 + track_count do
  if not held[each] then absent = absent + 1 end
end
if absent == 0 then present = 3 + track_count
elseif track_count == 0 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8])
elseif track_count == 1 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17])
elseif track_count == 2 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18])
elseif track_count == 3 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19])
elseif track_count == 4 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20])
elseif track_count == 5 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21])
elseif track_count == 6 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22])
elseif track_count == 7 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23])
elseif track_count == 8 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24])
elseif track_count == 9 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25])
elseif track_count == 10 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26])
elseif track_count == 11 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26], KEYS[27])
elseif track_count == 12 then present = redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26], KEYS[27], KEYS[28])
end
if present + absent ~= 3 + track_count then
  return redis.error_reply('WRONGTYPE a limit is kept in something that smsctl did not write')
end
