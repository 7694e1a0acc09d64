-- a key, for when there is none
call('SET', SIGNING_KEY, ARGV[1], 'NX', 'PX', LIFE)
keep(SIGNING_KEY, LIFE)
return call('GET', SIGNING_KEY)
