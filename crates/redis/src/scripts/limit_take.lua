-- Takes one unit of a quota: the generic cell rate algorithm, as in the domain's quota.rs.
-- KEYS[1] the moment, in µs of this server's clock, at which all that was taken will have come back
-- ARGV    µs in which one unit comes back, µs that the moment may be ahead of now
-- Gives how far ahead of now it is after this one was taken; or, negative, how long to wait until there is a unit.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local interval, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])

local after = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + interval
local ahead = after - now
if ahead > capacity then
  return capacity - ahead
end
-- Gone once it would say no more than a key that was never there.
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil(ahead / 1000))
return ahead
