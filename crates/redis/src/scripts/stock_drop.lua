-- Lets go of what a cart holds of one variant, and learns the figure that comes with it in the same moment.
-- ARGV cart, ticket, 1 when the call is alone, latest expiry a call of the cart has named, version ('-': none), sellable,
--      time to live in ms
local cart, ticket, alone = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local book = open()
learn(book, ARGV[5], ARGV[6])
local own = find(cart)
if ticket >= own.ticket then
  -- The ticket is remembered for as long as a hold of an older call could last.
  write(own, ticket, 0, math.max(own.expires, tonumber(ARGV[4])), alone)
  put(book, cart, own)
end
keep(book, ARGV[7])
return 1
