-- Afterwards the rules of these subjects are as if nothing had been sent, and a refund still on its
-- way finds nothing to return. With codes: the phone's codes are gone, and its wrong tries.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 8-19 tracks
-- ARGV     as in moment.lua, then 5 codes too: '1' or ''
-- Returns  {1}
--@include parts/moment.lua
--@include parts/secret.lua
--@include parts/tracks.lua
--@include parts/tracks_write.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

for t = 1, track_count do
  local unit = track(t)
  if unit == 0 then
    -- What is left is the newest time, negative: it counts for no rule, and later times lie beyond it.
    local newest = tonumber(every(t, 0)[1] or 0)
    if newest > 0 then
      push(t, -newest)
      trim(t, 0)
    end
  else
    local value = packed(t)
    if value then
      -- The window of now, also where a clock that once ran ahead had opened a later one.
      local _, epoch = struct.unpack('>I6I4', value)
      replace(t, struct.pack('>I6I4I4', window_end(unit), epoch + 1, 0))
    end
  end
end

if ARGV[5] == '1' then
  end_all(read_codes())
  redis.call('DEL', KEYS[3])
end
return {1}
