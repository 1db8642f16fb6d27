-- Asks every rule whether it admits one more, then the lock of the phone.
-- The policy holds one track behind the other: {unit, kind, window, size} and `size` bytes of its
-- rules: {max, window, enforced, length, name}.
--   unit    0 rolling: the track is a list of admitted times (times.lua). "At most max since now -
--           window" is: the max-th newest is not younger than that
--           1 day, 2 month: the track is one count (count.lua)
--   kind    0 other, 1 per phone, 2 per ip, 3 fuse
--   window  the longest of its rules, ms

-- Afterwards
--   wait, name, kind, most  the ms until all enforced rules admit, 0 for now; and what refuses with its
--                     max: a fuse before a limit, then the longest wait; the lock before both
--   observed          the observed rules that would refuse, or nil

local wait, name, kind, most, observed = 0, nil, 0, 0, nil
do
  local longest, place = 0, TRACKS
  for t = 4, 3 + track_count do
    local track, unit, per, _, size, stop, used = held[t]
    unit, per, _, size, place = struct.unpack('>BBI6I2', policy, place)
    local behind = place + size
    if unit > 0 then
      stop, _, used = in_force(track, unit)
    elseif not track then
      place = behind -- never used
    elseif byte(track) ~= GENERATION then
      alien(byte(track))
    end
    while place < behind do
      local max, window, enforced, length, rest
      max, window, enforced, length, place = struct.unpack('>I4I6BB', policy, place)
      place = place + length
      if unit > 0 then
        rest = used >= max and stop - now or 0
      elseif #track > BEFORE_TIMES + 6 * max then
        rest = struct.unpack('>I6', track, BEFORE_TIMES + 6 * max) + window - now
      else
        rest = 0
      end
      if rest > 0 then
        local rule = string.sub(policy, place - length, place - 1)
        if enforced == 0 then
          observed = observed or {}
          observed[#observed + 1] = rule
        else
          if rest > wait then wait = rest end
          if not name or (per == 3 and kind ~= 3) or ((per == 3) == (kind == 3) and rest > longest) then
            name, longest, kind, most = rule, rest, per, max
          end
        end
      end
    end
  end

  local wrong = held[2]
  if wrong and byte(wrong) ~= GENERATION then alien(byte(wrong)) end
  if wrong and #wrong > BEFORE_TIMES + 6 * wrong_max then
    local rest = struct.unpack('>I6', wrong, BEFORE_TIMES + 6 * wrong_max) + wrong_window - now
    if rest > 0 then wait, name, kind, most = math.max(wait, rest), 'locked', 0, wrong_max end
  end
end
