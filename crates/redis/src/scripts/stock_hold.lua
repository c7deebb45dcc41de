-- Grants a cart units of one variant.
-- ARGV cart, ticket, 1 when the call is alone, wanted, mode, now, expiry, version, sellable, time to live in ms
--      mode 'most': hold what there is; 'all': hold all of it or leave the hold as it was;
--      'reserve': where all of it is there, keep it for this call, beside what the cart holds, until it is settled
-- Gives the units that can be had, and how many it were if nothing were reserved for undecided calls of others.
local cart, ticket, alone = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local wanted, mode, now, expires = tonumber(ARGV[4]), ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])

local book = open()
sweep(book, now)
learn(book, ARGV[8], ARGV[9])

local function grantable(held_by_others)
  if book.sellable == '*' then
    return wanted
  end
  return math.min(wanted, math.max(0, tonumber(book.sellable) - held_by_others))
end

local own = find(cart)
local others = book.total - counted(own)
local reserved = book.extra - (counted(own) - own.units)
local available = grantable(others)

if mode == 'reserve' then
  if available == wanted and ticket >= own.want_ticket then
    own.want, own.want_expires, own.want_ticket = wanted, expires, ticket
    put(book, cart, own)
  end
elseif ticket >= own.ticket and (mode == 'most' or available == wanted) then
  write(own, ticket, available, expires, alone)
  put(book, cart, own)
end

keep(book, ARGV[10])
return { available, grantable(others - reserved) }
