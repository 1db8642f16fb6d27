-- Afterwards the reservation's state is what the gateway made of it. A rejection returns the code
-- and every rule's quota but that of the rules that are to blame: once, and only to the window and the
-- reset epoch that it was taken from. No limit and no code is created.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          9-11 events, 12-15 refusals, 16 alerts, 17-28 tracks
-- ARGV     as in moment.lua, then 3 request id and attempt, packed, 4 sent | rejected | unknown,
--          5 whose tracks stay used after a rejection: 1 the phone's, 2 the caller's, 0 nobody's,
--          6 message id, 7 vendor request id, 8 vendor code, 9 the edge of the alert that the code
--          means (alert.lua), or '', 10 that of a flood of rejections
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
local returned, blame = {}, tonumber(ARGV[5])
if state == 'rejected' then
--@include parts/held.lua
--@include parts/refund.lua
  code.mac = ''
end
local number = 1
while STATES[number] ~= state do number = number + 1 end
local entry = struct.pack(SETTLED, GENERATION, 2, now, number, blame, #id, id,
  #ARGV[6], ARGV[6], #ARGV[7], ARGV[7], #ARGV[8], ARGV[8])
local gone, rejected, edge = false, state == 'rejected' and tally(code.at, state, 0) or 0, ARGV[9]
if rejected >= FEW then
--@include parts/take_out.lua
  if edge == '' and rejected >= tally(code.at, 'sent', 0) then edge = ARGV[10] end
end
if not gone then
--@include parts/event.lua
end
tally(code.at, 'pending', -1)
tally(code.at, state, 1)
local raised = 0
if edge ~= '' then
--@include parts/alert.lua
  raised = alert(edge, nil, 0, 0)
end
--@include parts/replace.lua
for t, track in pairs(returned) do replace(t, track) end

code.state = number
code.took, code.msg, code.req, code.why = '', ARGV[6], ARGV[7], ARGV[8]
write_codes(records, codes)
return {1, state, raised}
