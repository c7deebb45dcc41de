-- Units held by all carts, of each variant asked for, and when the first hold on it or part of one is over; 0 where there is none.
-- KEYS pairs of hash and sorted set
-- ARGV now
local now, sums = tonumber(ARGV[1]), {}
for i = 1, #KEYS, 2 do
  stock, ends = KEYS[i], KEYS[i + 1]
  local book = read()
  -- Taken out for good: a variant may be looked at often and held by nobody for long.
  if book.found and #due(now) > 0 then
    sweep(book, now)
    note(book)
  end
  -- Where the ends are lost (evicted), so are the holds: see open().
  local first = book.total > 0 and redis.call('ZRANGE', ends, 0, 0, 'WITHSCORES') or {}
  sums[#sums + 1] = first[2] and { book.total, tonumber(first[2]) } or { 0, 0 }
end
return sums
