-- tenant, about
local key = choiceKey(ARGV[1], ARGV[2])
keep(key, LIFE)
return call('GET', key)
