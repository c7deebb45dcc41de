-- Compare-and-set of one cart.
-- KEYS[1] the cart: v version, b document, e expiry, w name of the last write
-- ARGV    expected version, now, expiry, document, name of this write, time to live in ms
-- Gives the version written, or 0 when the cart is not at the expected one.
local key = KEYS[1]
local expected, now, write = ARGV[1], tonumber(ARGV[2]), ARGV[5]

local known = redis.call('HMGET', key, 'v', 'e', 'w')
local version, expires, last_write = known[1], known[2], known[3]

-- The same write once more: its first answer was lost on the way.
if last_write == write then
  return tonumber(version)
end

local live = expires and tonumber(expires) > now and redis.call('HEXISTS', key, 'b') == 1
if expected ~= (live and version or '0') then
  return 0
end

-- A cart made anew counts on from its former life, so that no copy of that one can pass for it.
local after = tonumber(version or 0) + 1
redis.call('HSET', key, 'v', string.format('%.0f', after), 'b', ARGV[4], 'e', ARGV[3], 'w', write)
redis.call('PEXPIRE', key, ARGV[6])
return after
