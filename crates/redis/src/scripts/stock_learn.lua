-- Learns a newer figure of one variant.
-- ARGV version, sellable, time to live in ms
local book = open()
learn(book, ARGV[1], ARGV[2])
keep(book, ARGV[3])
return 1
