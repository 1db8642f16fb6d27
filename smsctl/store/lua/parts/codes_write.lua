-- The writing half of the code records (codes.lua).

local function write_codes(records, codes)
  local packed = {string.sub(records, 1, FIRST_CODE - 1)}
  for place, code in ipairs(codes) do
    packed[place + 1] = struct.pack(CODE_RECORD,
      code.state, code.used, code.left, code.at, code.till, code.seen,
      #code.id, code.id, #code.by, code.by, #code.mac, code.mac, #code.pass, code.pass,
      #code.took, code.took, #code.msg, code.msg, #code.req, code.req, #code.why, code.why)
  end
  redis.call('SET', KEYS[2], table.concat(packed), 'KEEPTTL')
end

-- Ends every code. What remains remembers the request ids until it expires.
local function end_all(codes)
  for _, code in ipairs(codes) do code.mac = '' end
end
