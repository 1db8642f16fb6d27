-- The code records of one phone and purpose, newest first. A record is a msgpack map:
--   id, by    request id and attempt        is     pending | sent | rejected | unknown
--   at, till  issued and expires, ms        left   tries left
--   mac       digest; '' once it is gone    pass   digest of the challenge, where one is required
--   took      what a refund would return    used   true once it verified
--   seen      when it was last guessed at: its clock does not run back from there
--   msg, req, why  message id, vendor request id, vendor code

local STEP = 5000 -- a code from further ahead of the clock is dead: its clock was stepped back

local function read_codes()
  local codes = redis.call('LRANGE', KEYS[2], 0, -1)
  for i = 1, #codes do codes[i] = cmsgpack.unpack(codes[i]) end
  return codes
end

local function in_time(code)
  return now < code.till and now >= (code.seen or code.at) - STEP
end
