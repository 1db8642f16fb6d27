-- Asks every rule whether it admits one more.
-- A rule is {track, unit, kind, max, window, enforced, name}, packed in ARGV[2] behind the moment's.
--   unit  0 rolling: the track is a list of admitted times, newest first. "At most max since now -
--         window" is: the max-th newest is not younger than that. A negative time is what a reset
--         left behind.
--         1 day, 2 month: the track is one count, packed: its window's end, the reset epoch, used. A
--         window only moves forward: a count whose end lies ahead of the clock's own window stays in
--         force when the clock steps back.
--   kind  0 other, 1 per phone, 2 fuse

local times, ends, epochs, used = {}, {}, {}, {}

-- The admitted times of a rolling track, newest first: as many as its rules look back on.
local function timeline(t)
  local found = times[t]
  if not found then
    local _, _, keep = track(t)
    found = every(t, keep - 1)
    times[t] = found
  end
  return found
end

-- The count in force now for a calendar track: window's end, used.
local function count(t, unit)
  if not ends[t] then
    local last = window_end(unit)
    ends[t], epochs[t], used[t] = last, 0, 0
    local value = packed(t)
    if value then
      local stop, epoch, units = struct.unpack('>I6I4I4', value)
      if stop >= last then ends[t], epochs[t], used[t] = stop, epoch, units end
    end
  end
  return ends[t], used[t]
end

-- Returns the wait in ms until all enforced rules admit (0: now), the name and kind of the rule
-- that refuses (a fuse before a limit, then the longest wait), and the observed rules that would.
local function judge()
  local wait, name, named_wait, named_kind = 0, false, 0, 0
  local place, observed = first_rule, nil
  local t, unit, kind, max, window, enforced, length
  for _ = 1, rule_count do
    t, unit, kind, max, window, enforced, length, place = struct.unpack('>BBBI4I6BB', ARGV[2], place)
    place = place + length
    local rest = 0
    if unit == 0 then
      local at = timeline(t)[max]
      if at then rest = at + window - now end
    else
      local stop, units = count(t, unit)
      if units >= max then rest = stop - now end
    end
    if rest > 0 then
      local rule = string.sub(ARGV[2], place - length, place - 1)
      if enforced == 0 then
        observed = observed or {}
        observed[#observed + 1] = rule
      else
        if rest > wait then wait = rest end
        if not name or (kind == 2 and named_kind ~= 2) or ((kind == 2) == (named_kind == 2) and rest > named_wait) then
          name, named_wait, named_kind = rule, rest, kind
        end
      end
    end
  end
  return wait, name, named_kind, observed
end
