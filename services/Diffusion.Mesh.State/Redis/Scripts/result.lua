-- tenant, id, index
if call('HGET', jobKey(ARGV[2]), 'tenant') ~= ARGV[1] then return false end
return call('GET', resultKey(ARGV[2], ARGV[3]))
