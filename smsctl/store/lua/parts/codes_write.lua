-- The writing half of the code records (codes.lua).

local function write(codes, place)
  redis.call('LSET', KEYS[2], place - 1, cmsgpack.pack(codes[place]))
end

-- Ends every code. What remains remembers the request ids until it expires.
local function end_all(codes)
  for place, code in ipairs(codes) do
    if code.mac ~= '' then
      code.mac = ''
      write(codes, place)
    end
  end
end
