-- The places of the codes that can verify: the newest `live` that were not rejected, where they are
-- neither gone nor expired. A code that requires a challenge is passed over without it; `false` as
-- challenge passes over none.
local function living(codes, challenge)
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
