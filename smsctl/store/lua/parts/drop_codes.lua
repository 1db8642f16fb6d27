-- Keeps the newest `most` records.
local function drop_codes(records, most)
  local place = FIRST_CODE
  for _ = 1, most do
    if place > #records then return records end
    place = select(15, struct.unpack(CODE_RECORD, records, place))
  end
  return string.sub(records, 1, place - 1)
end
