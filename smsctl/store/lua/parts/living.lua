-- The codes that can verify: the newest that were not rejected, as many as stay valid, where they are
-- neither gone nor expired. A code that requires a challenge is passed over without it; `false` as
-- challenge passes over none.
local function living(codes, challenge)
  local found, standing, live = {}, 0, struct.unpack('>B', policy, CODE_POLICY)
  for _, code in ipairs(codes) do
    if STATES[code.state] ~= 'rejected' and standing < live then
      standing = standing + 1
      if code.mac ~= '' and in_time(code) and (challenge == false or code.pass == '' or code.pass == challenge) then
        found[#found + 1] = code
      end
    end
  end
  return found
end
