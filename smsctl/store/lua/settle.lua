-- Afterwards the reservation's state is what the gateway made of it. A rejection returns the code
-- and every rule's quota (but the phone's own, where the vendor throttled the phone): once, and only
-- to the window and the reset epoch that it was taken from. No limit and no code is created.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          9-11 events, 12-15 refusals, 16 alerts, 17-28 tracks
-- ARGV     as in moment.lua, then 3 request id and attempt, packed, 4 sent | rejected | unknown,
--          5 throttled: '1' or '', 6 message id, 7 vendor request id, 8 vendor code,
--          9 the edge of the alert that the code means (alert.lua), or ''
-- Returns  {1, state, an alert was raised: 1 or 0}  the state that now stands: an earlier settlement
--                      is not changed
--          {0}         no such reservation any more
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/few.lua
--@include parts/codes.lua
--@include parts/codes_write.lua

local id, by = struct.unpack('>Bc0Bc0', ARGV[3])
local records = redis.call('GET', KEYS[2])
local codes, code = read_codes(records), nil
for _, each in ipairs(codes) do
  if each.id == id and each.by == by then code = each end
end
if not code then return {0} end
if STATES[code.state] ~= 'pending' then return {1, STATES[code.state], 0} end

local state = ARGV[4]
if state == 'rejected' and code.used == 1 then state = 'unknown' end -- it verified, so it did arrive

-- Everything that can be found damaged is read before anything is returned.
local returned = {}
if state == 'rejected' then
--@include parts/held.lua
--@include parts/refund.lua
  code.mac = ''
end
local number = 1
while STATES[number] ~= state do number = number + 1 end
local entry = struct.pack('>BI6BBBc0Bc0Bc0Bc0', 2, now, number, ARGV[5] == '1' and 1 or 0, #id, id,
  #ARGV[6], ARGV[6], #ARGV[7], ARGV[7], #ARGV[8], ARGV[8])
local gone = false
if state == 'rejected' and tally(code.at, state, 0) >= FEW then
--@include parts/take_out.lua
end
if not gone then
--@include parts/event.lua
end
local raised = 0
if ARGV[9] ~= '' then
--@include parts/alert.lua
  raised = alert(ARGV[9], nil, 0, 0)
end
tally(code.at, 'pending', -1)
tally(code.at, state, 1)
--@include parts/replace.lua
for t, track in pairs(returned) do replace(t, track) end

code.state = number
code.took, code.msg, code.req, code.why = '', ARGV[6], ARGV[7], ARGV[8]
write_codes(records, codes)
return {1, state, raised}
