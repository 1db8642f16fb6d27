-- Refuses where a rule does, and adds that to the day's tally.
-- Returns  `>BBI6`: 0, kind, wait in ms, then the rule's name. A string: a table costs as much as all rules

if wait > 0 then
  tally(now, 'refused:' .. name, 1)
  return struct.pack('>BBI6', 0, kind, wait) .. name
end
