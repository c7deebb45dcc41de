-- Units held by all carts, of each variant asked for.
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
  sums[#sums + 1] = book.total
end
return sums
