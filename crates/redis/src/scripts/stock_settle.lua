-- Ends a reservation: it becomes the hold, or it is given up and the hold stays as it was.
-- ARGV cart, ticket, 1 when the call is alone, wanted, 'commit' or 'cancel', expiry, time to live in ms
local cart, ticket, alone = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'

local book = open()
local own = find(cart)
if ARGV[5] == 'commit' and ticket >= own.ticket then
  -- Without asking again: these units were decided on, and the other variants of the call by now as well.
  write(own, ticket, tonumber(ARGV[4]), tonumber(ARGV[6]), alone)
elseif own.want_ticket == ticket then
  unreserve(own)
end
put(book, cart, own)
keep(book, ARGV[7])
return 1
