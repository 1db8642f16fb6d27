-- Was this request id decided before?
-- ARGV[4]  request id
-- ARGV[5]  attempt: names this very call

-- The answer given before, or nothing.
local function decided()
  for _, code in ipairs(codes) do
    if code.id == ARGV[4] and in_time(code) then
      if code.by == ARGV[5] then return {1, code.till - now, (judge())} end
      return {2, code.is, code.till - now, (judge()), code.msg or '', code.req or '', code.why or ''}
    end
  end
end
