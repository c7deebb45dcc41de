-- Lets go of what a cart holds of one variant, and learns the figure that comes with it in the same moment.
-- ARGV cart, ticket, latest expiry a call of the cart has named, version ('-': none), sellable, time to live in ms
local cart, ticket = ARGV[1], tonumber(ARGV[2])

local book = open()
learn(book, ARGV[4], ARGV[5])
local own = find(cart)
if ticket >= own.ticket then
  -- The ticket is remembered for as long as a hold of an older call could last.
  write(own, ticket, 0, math.max(own.expires, tonumber(ARGV[3])))
  put(book, cart, own)
end
keep(book, ARGV[6])
return 1
