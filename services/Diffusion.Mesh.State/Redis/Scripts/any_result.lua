-- id, index
return call('GET', resultKey(ARGV[1], ARGV[2]))
