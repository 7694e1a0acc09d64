-- id, epoch, attempt
local id = ARGV[1]
if not held(id, ARGV[2]) then return -1 end
call('SADD', killsKey(id), ARGV[2]..'/'..ARGV[3])
keepJob(id, now())
return call('SCARD', killsKey(id))
