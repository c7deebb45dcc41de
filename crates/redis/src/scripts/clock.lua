-- The time of the node that keeps a key.
-- KEYS[1] the key
-- Gives microseconds since 1970.
local time = redis.call('TIME')
return time[1] * 1000000 + time[2]
