-- Gives back units of a quota.
-- KEYS[1] as in limit_take.lua
-- ARGV    µs in which so many units come back
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local before = tonumber(redis.call('GET', KEYS[1]) or now)
local after = before - tonumber(ARGV[1])
if after > now then
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
else
  redis.call('DEL', KEYS[1])
end
return 0
