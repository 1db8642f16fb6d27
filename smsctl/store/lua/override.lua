-- Afterwards these overrides are in force, unless others were given since they were read.
--
-- KEYS     1 version of the overrides, 2 the overrides
-- ARGV     1 the version that was read, '' for none, 2 the new one, 3 the overrides, 4 their life, ms
-- Returns  {1}  in force
--          {0}  another version is

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return {0} end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
return {1}
