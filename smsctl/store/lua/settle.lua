-- Afterwards the reservation's state is what the gateway made of it. A rejection returns the code
-- and every rule's quota (but the phone's own, where the vendor throttled the phone): once, and only
-- to the window and the reset epoch that it was taken from. No key is created.
--
-- KEYS     1 secret, 2 codes, 4-6 tallies of yesterday, today, tomorrow, 7-18 tracks
-- ARGV     as in moment.lua and request.lua, then
--          6 sent | rejected | unknown, 7 throttled: '1' or '', 8 message id, 9 vendor request id,
--          10 vendor code
-- Returns  {1, state}  the state that now stands: an earlier settlement is not changed
--          {0}         no such reservation any more
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/tracks.lua
--@include parts/tracks_write.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

local place
for i, code in ipairs(codes) do
  if code.id == ARGV[4] and code.by == ARGV[5] then place = i end
end
local code = codes[place or 0]
if not code then return {0} end
if code.is ~= 'pending' then return {1, code.is} end

local state = ARGV[6]
if state == 'rejected' and code.used then state = 'unknown' end -- it verified, so it did arrive

tally(code.at, 'pending', -1)
tally(code.at, state, 1)
if state == 'rejected' then
  for t = 1, #tracks do
    local track, taken = tracks[t], code.took[t]
    if ARGV[7] == '1' and track[2] == 1 then
      -- the phone's own quota stays used
    elseif track[1] == 0 then
      forget(t, taken)
    else
      local window, used = string.match(packed(t) or '', '^(%d+:%d+):(%d+)$')
      if window == taken and tonumber(used) > 0 then
        replace(t, string.format('%s:%d', window, used - 1))
      end
    end
  end
  code.mac = ''
end

code.is, code.took = state, nil
code.msg = ARGV[8] ~= '' and ARGV[8] or nil
code.req = ARGV[9] ~= '' and ARGV[9] or nil
code.why = ARGV[10] ~= '' and ARGV[10] or nil
write(place)
return {1, state}
