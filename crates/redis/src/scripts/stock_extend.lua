-- Moves the expiry of what a cart holds of one variant. What is over stays over.
-- ARGV cart, ticket, 1 when the call is alone, now, expiry, time to live in ms
local cart, ticket, alone, now = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1', tonumber(ARGV[4])

local book = open()
sweep(book, now)
local own = find(cart)
if ticket > own.ticket and ticket >= own.extended and (own.units > 0 or not alone) then
  -- Where nothing is held this is a note for an older hold that is still on its way.
  own.expires, own.extended = tonumber(ARGV[5]), ticket
  put(book, cart, own)
end
keep(book, ARGV[6])
return 1
