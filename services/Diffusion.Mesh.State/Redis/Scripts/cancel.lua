-- tenant, id, what is said of a cancellation
local tenant, id = ARGV[1], ARGV[2]
local h = call('HMGET', jobKey(id), 'tenant', 'state')
if h[1] ~= tenant or isEnd(h[2]) then return {0, alone} end
local n = now()
local lease = call('ZSCORE', LEASES, member(tenant, id))
if h[2] == 'queued' or not lease or tonumber(lease) <= n then
  finishAlone(id, tenant, 'cancelled', 1, ARGV[3], n)
  return {1, alone}
end
call('HSET', jobKey(id), 'cancel', 1)
call('PUBLISH', SIGNALS, 'cancel '..id)
return {1, alone}
