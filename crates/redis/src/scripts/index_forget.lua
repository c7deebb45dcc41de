-- A call has let go of variants: they leave the index, unless a later call wants them.
-- KEYS[1] the cart's index
-- ARGV    the call's ticket, then the variants
local ticket = tonumber(ARGV[1])
for i = 2, #ARGV do
  local wanted = redis.call('HGET', KEYS[1], ARGV[i])
  if wanted and tonumber(wanted) <= ticket then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return 1
