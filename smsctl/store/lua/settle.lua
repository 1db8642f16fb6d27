-- Afterwards the reservation's state is what the gateway made of it. A rejection returns the code
-- and every rule's quota (but the phone's own, where the vendor throttled the phone): once, and only
-- to the window and the reset epoch that it was taken from. No key is created.
--
-- KEYS     1 secret, 2 codes, 4-6 tallies of yesterday, today, tomorrow, 8-19 tracks
-- ARGV     as in moment.lua, then 5 request id, 6 attempt, 7 sent | rejected | unknown,
--          8 throttled: '1' or '', 9 message id, 10 vendor request id, 11 vendor code
-- Returns  {1, state}  the state that now stands: an earlier settlement is not changed
--          {0}         no such reservation any more
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/tracks.lua
--@include parts/tracks_write.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

local codes, place = read_codes(), nil
for i, code in ipairs(codes) do
  if code.id == ARGV[5] and code.by == ARGV[6] then place = i end
end
local code = codes[place or 0]
if not code then return {0} end
if code.is ~= 'pending' then return {1, code.is} end

local state = ARGV[7]
if state == 'rejected' and code.used then state = 'unknown' end -- it verified, so it did arrive

tally(code.at, 'pending', -1)
tally(code.at, state, 1)
if state == 'rejected' then
  for t = 1, track_count do
    local unit, kind = track(t)
    local taken = code.took[t]
    if ARGV[8] == '1' and kind == 1 then
      -- the phone's own quota stays used
    elseif unit == 0 then
      forget(t, taken)
    else
      local value = packed(t)
      if value and string.sub(value, 1, 10) == taken then
        local units = struct.unpack('>I4', value, 11)
        if units > 0 then replace(t, taken .. struct.pack('>I4', units - 1)) end
      end
    end
  end
  code.mac = ''
end

code.is, code.took = state, nil
code.msg = ARGV[9] ~= '' and ARGV[9] or nil
code.req = ARGV[10] ~= '' and ARGV[10] or nil
code.why = ARGV[11] ~= '' and ARGV[11] or nil
write(codes, place)
return {1, state}
