-- id, epoch
local id = ARGV[1]
local h = call('HMGET', jobKey(id), 'state', 'epoch', 'tenant')
if h[1] ~= 'running' or h[2] ~= ARGV[2] then return 0 end
call('HSET', jobKey(id), 'released', 1)
call('ZADD', LEASES, 0, member(h[3], id))
keep(LEASES, LIFE)
work()
return 1
