-- Takes units of a quota, all or none: the generic cell rate algorithm, as in the domain's quota.rs.
-- KEYS[1] the moment, in µs of this server's clock, at which all that was taken will have come back
-- ARGV    µs in which so many units come back (0: only tell), µs that the moment may be ahead of now
-- Gives how far ahead of now it is after these were taken; or, negative, how long to wait until there are so many.
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local cost, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])

local after = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + cost
local ahead = after - now
if cost > 0 then
  if ahead > capacity then
    return capacity - ahead
  end
  -- Gone once it would say no more than a key that was never there.
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil(ahead / 1000))
end
return ahead
