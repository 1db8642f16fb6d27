-- Was this request id decided before?
-- ARGV[5]  request id
-- ARGV[6]  attempt: names this very call
-- ARGV[7]  '1' where the id can have been decided: the caller named it, or asks again; '' where it was
--          made up a moment ago, and nothing needs to be read

-- ARGV[8]  whose it is: phone and purpose
-- KEYS[7]  whose it was, where a caller named it before: `till phone purpose`

-- The answer given before, {4} where it was given to another phone or purpose, or nothing.
local function decided()
  if ARGV[7] == '' then return end
  local till, owner = string.match(redis.call('GET', KEYS[7]) or '', '^(%d+) (.+)$')
  if owner and owner ~= ARGV[8] and now < tonumber(till) then return {4} end
  for _, code in ipairs(read_codes()) do
    if code.id == ARGV[5] and now < code.till then
      if code.by == ARGV[6] then return {1, code.till - now, math.max(lock(), (judge()))} end
      return {2, code.is, code.till - now, math.max(lock(), (judge())), code.msg or '', code.req or '', code.why or ''}
    end
  end
end
