-- A call of a cart begins: it draws its ticket and learns which variants calls before it may have touched.
-- KEYS[1] the cart's index: '#' = "last ticket, latest expiry named", and per variant the ticket that last wanted it
-- ARGV    expiry of what this call holds (0: none), 1 to make an index where there is none, time to live in ms,
--         then the variants wanted
-- Gives the ticket, the one before it (0: none), the latest expiry named, and the variants known before; or nothing where
-- there is no index.
local key = KEYS[1]
local head = redis.call('HGET', key, '#')
if not head and ARGV[2] == '0' then
  return {}
end

local last, ends = 0, 0
if head then
  last, ends = string.match(head, '(%d+) (%d+)')
end

-- Tickets are of this server's clock, in microseconds, so that they go on rising after an index was lost.
local time = redis.call('TIME')
local ticket = math.max(tonumber(last) + 1, tonumber(time[1]) * 1000000 + tonumber(time[2]))
ticket = string.format('%.0f', ticket)
ends = string.format('%.0f', math.max(tonumber(ends), tonumber(ARGV[1])))

local answer = { ticket, tostring(last), ends }
for _, field in ipairs(redis.call('HKEYS', key)) do
  if field ~= '#' then
    answer[#answer + 1] = field
  end
end

local fields = { '#', ticket .. ' ' .. ends }
for i = 4, #ARGV do
  fields[#fields + 1], fields[#fields + 2] = ARGV[i], ticket
end
redis.call('HSET', key, unpack(fields))
if redis.call('PTTL', key) < tonumber(ARGV[3]) then
  redis.call('PEXPIRE', key, ARGV[3])
end
return answer
