-- owner, lease, then id, epoch and evaluations done of each job
local n = now()
local lost, cancelled = {}, {}
for i = 3, #ARGV, 3 do
  local id, epoch = ARGV[i], ARGV[i + 1]
  if held(id, epoch) then
    local h = call('HMGET', jobKey(id), 'tenant', 'cancel', 'completed')
    call('ZADD', LEASES, text(n + tonumber(ARGV[2])), member(h[1], id))
    if tonumber(ARGV[i + 2]) > tonumber(h[3]) then call('HSET', jobKey(id), 'completed', ARGV[i + 2]) end
    call('HDEL', jobKey(id), 'graced')
    keepJob(id, n)
    keep(LEASES, LIFE)
    keep(runningKey(h[1]), LIFE)
    if h[2] then cancelled[#cancelled + 1] = id end
  else
    lost[#lost + 1] = id
  end
end
return {lost, cancelled}
