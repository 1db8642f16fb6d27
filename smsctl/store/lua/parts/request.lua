-- Was this request id decided before? That stands, whatever was ordered since. Returns
--   {1, expires in, wait}  by this very attempt, whose reply was lost
--   {2, state, expires in, wait, message id, vendor request id, vendor code}  by another
--   {4}                    for another phone or purpose
-- ARGV[4]  the code to be, packed (codes.lua): request id, attempt (it names this very call), digest,
--          digest of the challenge
-- ARGV[5]  whose the id is, `phone purpose`, where it can have been decided: the caller named it, or
--          asks again; '' where it was made up a moment ago, and nothing needs to be read
-- KEYS[7]  whose it was, where a caller named it before: `1 till phone purpose`, 1 the generation

if ARGV[5] ~= '' then
--@include parts/codes.lua
  local id, by = struct.unpack('>Bc0Bc0', ARGV[4])
  local kept = redis.call('GET', KEYS[7])
  if kept and string.sub(kept, 1, 2) ~= '1 ' then alien(tonumber(string.match(kept, '^(%d+) '))) end
  local till, owner = string.match(kept or '', '^1 (%d+) (.+)$')
  if owner and owner ~= ARGV[5] and now < tonumber(till) then return {4} end
  for _, code in ipairs(read_codes(redis.call('GET', KEYS[2]))) do
    if code.id == id and now < code.till then
      if code.by == by then return {1, code.till - now, wait} end
      return {2, STATES[code.state], code.till - now, wait, code.msg, code.req, code.why}
    end
  end
end
