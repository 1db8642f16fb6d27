-- Asks every rule whether it admits one more.
-- A track is {unit, kind, edge, keep, life, then per rule: max, window, enforced, name}.
--   unit  0 rolling: a list of admitted times, newest first. "At most max since now - window" is:
--         the max-th newest is not younger than that. A negative time is what a reset left behind.
--         1 calendar: `end:epoch:used` of one window. A window only moves forward: a count whose end
--         lies ahead of the clock's own window stays in force when the clock steps back.
--   kind  0 other, 1 per phone, 2 fuse
--   edge  the four starts that bound a calendar window; false for a rolling one

local counts = {}

-- The count in force now for a calendar track: {end, epoch, used}.
local function count(t, starts)
  local found = counts[t]
  if found then return found end
  local last
  if now < starts[2] then last = starts[2] elseif now < starts[3] then last = starts[3] else last = starts[4] end
  found = {last, 0, 0}
  local value = packed(t)
  if value then
    local stop, epoch, used = string.match(value, '^(%d+):(%d+):(%d+)$')
    if tonumber(stop) >= last then found = {tonumber(stop), tonumber(epoch), tonumber(used)} end
  end
  counts[t] = found
  return found
end

-- Returns the wait in ms until all enforced rules admit (0: now), the name and kind of the rule
-- that refuses (a fuse before a limit, then the longest wait), and the observed rules that would.
local function judge()
  local wait, name, named_wait, named_kind = 0, false, 0, 0
  local observed
  for t = 1, #tracks do
    local track = tracks[t]
    local rolling, kind = track[1] == 0, track[2]
    for r = 6, #track, 4 do
      local rest = 0
      if rolling then
        local at = nth(t, track[r] - 1)
        if at then rest = at + track[r + 1] - now end
      else
        local held = count(t, track[3])
        if held[3] >= track[r] then rest = held[1] - now end
      end
      if rest > 0 then
        if track[r + 2] == 0 then
          observed = observed or {}
          observed[#observed + 1] = track[r + 3]
        else
          if rest > wait then wait = rest end
          if not name or (kind == 2 and named_kind ~= 2) or ((kind == 2) == (named_kind == 2) and rest > named_wait) then
            name, named_wait, named_kind = track[r + 3], rest, kind
          end
        end
      end
    end
  end
  return wait, name, named_kind, observed
end
