-- Afterwards the rules of these subjects are as if nothing had been sent, and a refund still on its
-- way finds nothing to return. With codes: the phone's codes are gone, and its wrong tries.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 7-18 tracks
-- ARGV     as in moment.lua, then 4 codes too: '1' or ''
-- Returns  {1}
--@include parts/moment.lua
--@include parts/tracks.lua
--@include parts/tracks_write.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

for t, track in ipairs(tracks) do
  if track[1] == 0 then
    -- What is left is the newest time, negative: it counts for no rule, and later times lie beyond it.
    local newest = tonumber(nth(t, 0) or 0)
    if newest > 0 then
      push(t, -newest)
      trim(t, 0)
    end
  else
    local stop, epoch = string.match(packed(t) or '', '^(%d+):(%d+):%d+$')
    if stop then replace(t, string.format('%d:%d:0', stop, epoch + 1)) end
  end
end

if ARGV[4] == '1' then
  end_all()
  redis.call('DEL', KEYS[3])
end
return {1}
