-- Units held by all carts, of each variant asked for. Writes nothing.
-- KEYS pairs of hash and sorted set
-- ARGV now
local now, sums = tonumber(ARGV[1]), {}
for i = 1, #KEYS, 2 do
  stock, ends = KEYS[i], KEYS[i + 1]
  local line = redis.call('HGET', stock, '#')
  local total = line and tonumber(string.match(line, '%S+ %S+ (%S+)')) or 0
  for _, cart in ipairs(due(now)) do
    local own = find(cart)
    total = total - counted(own)
    total = total + counted(aged(own, now))
  end
  sums[#sums + 1] = total
end
return sums
