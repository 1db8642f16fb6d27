-- Afterwards either every rule is consumed and the code stands as pending, or nothing has changed
-- but the tally of the rule that refused. The same attempt may ask again and gets the same answer.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow, 7-18 tracks
-- ARGV     as in moment.lua and request.lua, then
--          6 digest of the code, 7 digest of the challenge or '', 8 test number: '1' or '',
--          9 let through by a captcha outage: '1' or ''
-- Returns  {0, name, kind, wait}  refused by this rule, or by the lock; ms
--          {1, expires in, wait}  reserved; the wait until the same request would be admitted
--          {2, state, expires in, wait, message id, vendor request id, vendor code}  decided before
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/tracks.lua
--@include parts/judge.lua
--@include parts/codes.lua
--@include parts/wrong.lua
--@include parts/request.lua

local before = decided()
if before then return before end

local wait, name, kind, observed = lock(), 'locked', 0, nil
if wait == 0 then
  wait, name, kind, observed = judge()
end
if wait > 0 then
  tally(now, 'refused:' .. name, 1)
  return {0, name, kind, wait}
end

--@include parts/tracks_write.lua

local MOST_RECORDS = 16 -- the vendor's one a minute makes ten in the longest life of a code
local SECRET_LIFE = 90 * 86400000

if not fingerprint then redis.call('SET', KEYS[1], ARGV[3], 'PX', SECRET_LIFE) end

local took = {}
for t = 1, #tracks do
  local track = tracks[t]
  if track[1] == 0 then
    local newest, at = tonumber(nth(t, 0) or 0), now
    if newest < 0 then
      at = math.max(now, 1 - newest)
    elseif newest > now then
      at = newest
    end
    if push(t, at) > track[4] then trim(t, track[4] - 1) end
    expire(t, track[5])
    took[t] = at
  else
    local held = count(t, track[3])
    held[3] = held[3] + 1
    put(t, string.format('%d:%d:%d', held[1], held[2], held[3]), held[1] - now + track[5])
    took[t] = string.format('%d:%d', held[1], held[2])
  end
end

local test = ARGV[8] == '1'
local code = {
  id = ARGV[4], by = ARGV[5], is = test and 'sent' or 'pending',
  at = now, till = now + ttl, left = tries, mac = ARGV[6],
  pass = ARGV[7] ~= '' and ARGV[7] or nil,
  took = took,
}
redis.call('LPUSH', KEYS[2], cmsgpack.pack(code))
local fresh = 0
while codes[fresh + 1] and in_time(codes[fresh + 1]) do fresh = fresh + 1 end
redis.call('LTRIM', KEYS[2], 0, math.min(fresh, MOST_RECORDS - 1))
redis.call('PEXPIRE', KEYS[2], ttl)

tally(now, test and 'test' or 'pending', 1)
if ARGV[9] == '1' then tally(now, 'outage', 1) end
for _, rule in ipairs(observed or {}) do tally(now, 'observed:' .. rule, 1) end
return {1, ttl, (judge())}
