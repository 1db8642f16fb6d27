-- Afterwards either every rule is consumed and the code stands as pending, or nothing has changed
-- but the tally of the rule that refused. The same attempt may ask again and gets the same answer.
--
-- KEYS     1 secret, 2 codes, 3 wrong tries, 4-6 tallies of yesterday, today, tomorrow,
--          7 request id, 8-19 tracks
-- ARGV     as in moment.lua and request.lua, then
--          9 digest of the code, 10 digest of the challenge or '', 11 test number: '1' or '',
--          12 let through by a captcha outage: '1' or ''
-- Returns  {0, name, kind, wait}  refused by this rule, or by the lock; ms
--          {1, expires in, wait}  reserved; the wait until the same request would be admitted
--          {2, state, expires in, wait, message id, vendor request id, vendor code}  decided before
--          {4}                    the request id is another phone's or purpose's
--@include parts/moment.lua
--@include parts/tally.lua
--@include parts/tracks.lua
--@include parts/judge.lua
--@include parts/codes.lua
--@include parts/wrong.lua
--@include parts/request.lua

local before = decided()
if before then return before end

local wait, name, kind, observed = judge()
local locked = lock()
if locked > 0 then
  wait, name, kind = math.max(wait, locked), 'locked', 0
end
if wait > 0 then
  tally(now, 'refused:' .. name, 1)
  return {0, name, kind, wait}
end

--@include parts/secret.lua
--@include parts/tracks_write.lua

local MOST_RECORDS = 101 -- what the largest rolling rule of a phone admits, and one
local MOST_TIMES = 101 -- as above; what another host's rules look back on is not cut
local SECRET_LIFE = 90 * 86400000

-- Everything that can be found damaged is touched before any quota is taken.
local test = ARGV[11] == '1'
if not fingerprint then redis.call('SET', KEYS[1], ARGV[4], 'PX', SECRET_LIFE) end
-- The first of a day, or of a lull, keeps the secret's claim alive.
if tally(now, test and 'test' or 'pending', 1) == 1 then redis.call('PEXPIRE', KEYS[1], SECRET_LIFE) end

local took = {}
for t = 1, track_count do
  local unit = track(t)
  if unit == 0 then
    local newest = tonumber(timeline(t)[1] or 0)
    took[t] = newest < 0 and math.max(now, 1 - newest) or math.max(now, newest)
  else
    local stop = count(t, unit)
    took[t] = struct.pack('>I6I4', stop, epochs[t])
  end
end

local code = {
  id = ARGV[5], by = ARGV[6], is = test and 'sent' or 'pending',
  at = now, till = now + ttl, left = tries, mac = ARGV[9],
  pass = ARGV[10] ~= '' and ARGV[10] or nil,
  took = took,
}
if redis.call('LPUSH', KEYS[2], cmsgpack.pack(code)) > MOST_RECORDS then
  redis.call('LTRIM', KEYS[2], 0, MOST_RECORDS - 1)
end
if redis.call('PTTL', KEYS[2]) < ttl then redis.call('PEXPIRE', KEYS[2], ttl) end
if ARGV[7] == '1' then
  redis.call('SET', KEYS[7], string.format('%d %s', now + ttl, ARGV[8]), 'PX', ttl)
end

for t = 1, track_count do
  local unit, _, _, life = track(t)
  if unit == 0 then
    if push(t, took[t]) > MOST_TIMES then trim(t, MOST_TIMES - 1) end
    expire(t, life)
    table.insert(timeline(t), 1, took[t])
  else
    used[t] = used[t] + 1
    put(t, took[t] .. struct.pack('>I4', used[t]), ends[t] - now + life)
  end
end

if ARGV[12] == '1' then tally(now, 'outage', 1) end
for _, rule in ipairs(observed or {}) do tally(now, 'observed:' .. rule, 1) end
return {1, ttl, (judge())}
