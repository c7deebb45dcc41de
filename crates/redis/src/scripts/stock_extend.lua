-- Moves the expiry of what a cart holds of one variant. What is over stays over.
-- ARGV cart, ticket, now, expiry, time to live in ms
local cart, ticket, now = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local book = open()
sweep(book, now)
local own = find(cart)
if ticket > own.ticket and ticket >= own.extended then
  -- Where nothing is held this is a note for an older hold that is still on its way.
  own.expires, own.extended = tonumber(ARGV[4]), ticket
  put(book, cart, own)
end
keep(book, ARGV[5])
return 1
