-- One cart, and the time of the node that keeps it.
-- KEYS[1] the cart
-- Gives version, document and expiry, as far as there are any, and microseconds since 1970.
local known = redis.call('HMGET', KEYS[1], 'v', 'b', 'e')
local time = redis.call('TIME')
return { known[1], known[2], known[3], time[1] * 1000000 + time[2] }
