-- Refuses where a rule does, and remembers that.
-- Returns  `>BBI6`: 0, kind, wait in ms, then the rule's name. A string: a table costs as much as all rules

if wait > 0 then
  local who = ARGV[3]
--@include parts/turn_away.lua
  return struct.pack('>BBI6', 0, kind, wait) .. name
end
