-- The code records of one phone and purpose (layout.lua): until when the key lives, then the records,
-- newest first. A record is numbers, then strings behind their lengths:
--   id, by    request id and attempt        state  1 pending, 2 sent, 3 rejected, 4 unknown, 5 as
--                                                  sent to a test number
--   at, till  issued and expires, ms        left   tries left
--   mac       digest; '' once it is gone    pass   digest of the challenge; '' where none is required
--   took      what a refund would return    used   1 once it verified
--   seen      when it was last guessed at: its clock does not run back from there; 0 never
--   msg, req, why  message id, vendor request id, vendor code

local STATES = {'pending', 'sent', 'rejected', 'unknown', 'sent'}
local TEST = 5
local STEP = 5000 -- a code from further ahead of the clock is dead: its clock was stepped back

local function read_codes(records)
  local codes, place = {}, FIRST_CODE
  if records and byte(records) ~= GENERATION then alien(byte(records)) end
  while records and place <= #records do
    local code = {}
    code.state, code.used, code.left, code.at, code.till, code.seen,
      code.id, code.by, code.mac, code.pass, code.took, code.msg, code.req, code.why, place =
      struct.unpack(CODE_RECORD, records, place)
    codes[#codes + 1] = code
  end
  return codes
end

local function in_time(code)
  return now < code.till and now >= math.max(code.at, code.seen) - STEP
end
