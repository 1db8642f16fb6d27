-- Keeps the newest `most` records.
local function drop_codes(records, most)
  local place = 7
  for _ = 1, most do
    if place > #records then return records end
    place = select(15, struct.unpack('>BBBI6I6I6Bc0Bc0Bc0Bc0Bc0Bc0Bc0Bc0', records, place))
  end
  return string.sub(records, 1, place - 1)
end
