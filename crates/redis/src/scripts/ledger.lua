-- One variant's stock and who holds some of it. Every script on stock begins with this file.
--
-- KEYS[1] hash: '#' = "version sellable total extra", and a record per cart
-- KEYS[2] sorted set: per cart, when the next part of its record is over
--
-- A record is seven numbers: units, expires, ticket (the call that wrote the units), extended (the call that moved
-- the expiry, when that is a later one), want, want_expires, want_ticket (reserved for a call not yet decided).
-- A record with 0 units remembers its ticket, so that an older call that comes late is known to be older. Where no older
-- call can be on its way (the call is "alone") there is no such record.
-- A cart counts with the larger of what it holds and what is reserved for it; total is the sum of that over all
-- records, extra the part of it that is only reserved. So a decision costs the same for one holder and for 100,000.
local stock, ends = KEYS[1], KEYS[2]
local PARTS = { 'units', 'expires', 'ticket', 'extended', 'want', 'want_expires', 'want_ticket' }
-- A time to live is renewed once it has run this many ms, not with every call.
local SLACK = 600000
-- Records taken out in one command.
local BATCH = 500

local function text(number)
  return string.format('%.0f', number)
end

local function parse(line)
  local words = { string.match(line or '', '(%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)') }
  local own = {}
  for i, part in ipairs(PARTS) do
    own[part] = tonumber(words[i] or 0)
  end
  return own
end

local function find(cart)
  return parse(redis.call('HGET', stock, cart))
end

local function counted(own)
  return math.max(own.units, own.want)
end

local function unreserve(own)
  own.want, own.want_expires, own.want_ticket = 0, 0, 0
end

local function put(book, cart, own)
  local before = find(cart)
  book.total = book.total + counted(own) - counted(before)
  book.extra = book.extra + counted(own) - own.units - counted(before) + before.units

  local next_end = own.expires
  if own.want_expires > 0 and (next_end == 0 or own.want_expires < next_end) then
    next_end = own.want_expires
  end
  if next_end == 0 then
    redis.call('HDEL', stock, cart)
    redis.call('ZREM', ends, cart)
    return
  end
  local words = {}
  for i, part in ipairs(PARTS) do
    words[i] = text(own[part])
  end
  redis.call('HSET', stock, cart, table.concat(words, ' '))
  redis.call('ZADD', ends, text(next_end), cart)
end

-- The record without the parts that are over.
local function aged(own, now)
  if own.expires <= now then
    own.units, own.expires, own.ticket, own.extended = 0, 0, 0, 0
  end
  if own.want_expires <= now then
    unreserve(own)
  end
  return own
end

local function read()
  local line = redis.call('HGET', stock, '#')
  if not line then
    return { version = '-', sellable = '*', total = 0, extra = 0 }
  end
  local version, sellable, total, extra = string.match(line, '(%S+) (%S+) (%S+) (%S+)')
  return { version = version, sellable = sellable, total = tonumber(total), extra = tonumber(extra), found = 1 }
end

local function open()
  local book = read()
  -- One of the two keys is gone (evicted): forget the holds, keep the figure.
  if redis.call('HLEN', stock) ~= redis.call('ZCARD', ends) + (book.found or 0) then
    redis.call('DEL', stock, ends)
    book.total, book.extra = 0, 0
  end
  return book
end

local function due(now)
  return redis.call('ZRANGEBYSCORE', ends, '-inf', text(now))
end

-- In batches: a crowd may have come at once, and is over at once, while nobody else is served.
local function sweep(book, now)
  local carts = due(now)
  for first = 1, #carts, BATCH do
    local some = { unpack(carts, first, math.min(first + BATCH - 1, #carts)) }
    local over, lines = {}, redis.call('HMGET', stock, unpack(some))
    for i, cart in ipairs(some) do
      local own = parse(lines[i])
      local units, counts = own.units, counted(own)
      aged(own, now)
      if own.expires == 0 and own.want_expires == 0 then
        book.total, book.extra = book.total - counts, book.extra - (counts - units)
        over[#over + 1] = cart
      else
        put(book, cart, own)
      end
    end
    if #over > 0 then
      redis.call('HDEL', stock, unpack(over))
      redis.call('ZREM', ends, unpack(over))
    end
  end
end

-- Versions are digits of one length, so that they compare as text: a number of Lua's is exact to 2^53 only.
local function learn(book, version, sellable)
  if version ~= '-' and (book.version == '-' or version > book.version) then
    book.version, book.sellable = version, sellable
  end
end

-- What a call decided, by its ticket.
local function write(own, ticket, units, expires, alone)
  own.units, own.ticket = units, ticket
  if own.extended <= ticket then
    own.expires, own.extended = expires, 0
  end
  if own.want_ticket <= ticket then
    unreserve(own)
  end
  if units == 0 and alone and own.extended == 0 then
    own.expires, own.ticket = 0, 0
  end
end

local function note(book)
  local line = { book.version, book.sellable, text(book.total), text(book.extra) }
  redis.call('HSET', stock, '#', table.concat(line, ' '))
end

local function keep(book, ttl)
  note(book)
  for _, key in ipairs({ stock, ends }) do
    if redis.call('PTTL', key) < tonumber(ttl) - SLACK then
      redis.call('PEXPIRE', key, ttl)
    end
  end
end
