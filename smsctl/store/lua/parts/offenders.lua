-- Whom refusals come from most: a Misra-Gries summary (layout.lua), then {name, count, who} of each,
-- `who` being the names and what is encrypted of one of their refusals. Who is in it was refused at
-- least `count` times and at most `error` more; who is not, at most `error` times.

local MOST_OFFENDERS = 64

-- Adds counts by name to a summary; `spot` tells where in `records` each is. Returns the new summary.
local function add_offenders(held, counts, spot, records)
  local lost, total, place, who = 0, 0, FIRST_OFFENDER, {}
  if held then
    local generation
    generation, lost, total = struct.unpack(OFFENDERS, held)
    if generation > GENERATION and generation < OLDEST_TEXT then return held end
    if generation ~= GENERATION then alien(generation) end
    while place <= #held do
      local name, count, told, behind = struct.unpack('>c12I4Bc0', held, place)
      counts[name], who[name], place = (counts[name] or 0) + count, told, behind
      total = total - count
    end
  end
  local names, of_size = 0, {}
  for _, count in pairs(counts) do
    names, total = names + 1, total + count
    of_size[count] = (of_size[count] or 0) + 1
  end
  -- The least that leaves no more than there is room for is taken from each.
  local cut = 0
  while names > MOST_OFFENDERS do
    cut = cut + 1
    names = names - (of_size[cut] or 0)
  end
  local packed = {struct.pack(OFFENDERS, GENERATION, lost + cut, total)}
  for name, count in pairs(counts) do
    if count > cut then
      local told = who[name]
      if not told then
        local at = spot[name] + 22 + byte(records, spot[name] + 21)
        told = sub(records, at, at + 35) .. struct.unpack('>Bc0', records, at + 37)
      end
      packed[#packed + 1] = struct.pack('>c12I4Bc0', name, count - cut, #told, told)
    end
  end
  return table.concat(packed)
end
