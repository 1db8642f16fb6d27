-- The code records of one phone and purpose, newest first. A record is a msgpack map:
--   id, by    request id and attempt        is     pending | sent | rejected | unknown
--   at, till  issued and expires, ms        left   tries left
--   mac       digest; '' once it is gone    pass   digest of the challenge, where one is required
--   took      what a refund would return    used   true once it verified
--   msg, req, why  message id, vendor request id, vendor code

local STEP = 5000 -- a code from further ahead of the clock is dead: its clock was stepped back

local records = redis.call('LRANGE', KEYS[2], 0, -1)
local codes = {}
for i = 1, #records do codes[i] = cmsgpack.unpack(records[i]) end

local function in_time(code)
  return now < code.till and now >= code.at - STEP
end

-- The places of the codes that can verify: the newest `live` that were not rejected, where they are
-- neither gone nor expired. A code that requires a challenge is passed over without it; `false` as
-- challenge passes over none.
local function living(challenge)
  local places, standing = {}, 0
  for place, code in ipairs(codes) do
    if code.is ~= 'rejected' and standing < live then
      standing = standing + 1
      if code.mac ~= '' and in_time(code) and (challenge == false or not code.pass or code.pass == challenge) then
        places[#places + 1] = place
      end
    end
  end
  return places
end
