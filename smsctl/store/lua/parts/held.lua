-- What is held about the overrides and the limits, read in one step. Every number of tracks is written
-- out, because the proxy before a managed Redis reads the script's text and refuses KEYS[i].
-- held  1 fingerprint of the secret, 2 wrong tries, 3 version of the overrides, 3 + t track t; false
--       where there is nothing

local held
if track_count == 0 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8])
elseif track_count == 1 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17])
elseif track_count == 2 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18])
elseif track_count == 3 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19])
elseif track_count == 4 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20])
elseif track_count == 5 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21])
elseif track_count == 6 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22])
elseif track_count == 7 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23])
elseif track_count == 8 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24])
elseif track_count == 9 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25])
elseif track_count == 10 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26])
elseif track_count == 11 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26], KEYS[27])
elseif track_count == 12 then held = redis.call('MGET', KEYS[1], KEYS[3], KEYS[8], KEYS[17], KEYS[18], KEYS[19], KEYS[20], KEYS[21], KEYS[22], KEYS[23], KEYS[24], KEYS[25], KEYS[26], KEYS[27], KEYS[28])
end
