-- Compare-and-delete of one cart. The version stays until the key's time is up.
-- KEYS[1] the cart
-- ARGV    expected version
-- Gives 1 when it is gone, now or already; 0 when it is at another version.
local key = KEYS[1]
if redis.call('HEXISTS', key, 'b') == 0 then
  return 1
end
if redis.call('HGET', key, 'v') ~= ARGV[1] then
  return 0
end
redis.call('HDEL', key, 'b')
return 1
