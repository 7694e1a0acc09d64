-- id, tenant, request id, its hash for the key, request hash, spec, traceparent, tracestate, priority, cost, deadline, model, evaluations, retention,
-- weight, concurrent cost, cost per minute, queued jobs, queue bound, slot and packet of the first event
local id, tenant, requestId, request, hash = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local priority, cost, deadline, retention = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[14])
local perMinute = tonumber(ARGV[17])
local n = now()

if call('EXISTS', jobKey(id)) == 1 then return {'accepted', id, 0} end
if request ~= '' then
  local known = call('HMGET', requestKey(tenant, request), 'id', 'hash')
  if known[1] and call('EXISTS', jobKey(known[1])) == 1 then
    return {known[2] == hash and 'existing' or 'conflict', known[1], 0}
  end
end
if call('ZCARD', DEADLINES) >= tonumber(ARGV[19]) or call('ZCARD', queueKey(tenant)) >= tonumber(ARGV[18]) then return {'queue_full', '', 0} end

local quota = call('HMGET', quotaKey(tenant), 'tag', 'taken', 'at')
if perMinute < math.huge then
  local taken = math.max(0, tonumber(quota[2] or '0') - (n - tonumber(quota[3] or '0')) * perMinute / 60000)
  -- What costs more than a full bucket needs a full one.
  local over = taken + math.min(cost, perMinute) - perMinute
  if over > 0 then return {'quota_exceeded', '', math.ceil(over / perMinute * 60000)} end
  call('HSET', quotaKey(tenant), 'taken', text(taken + cost), 'at', text(n))
end
call('HSET', quotaKey(tenant), 'weight', ARGV[15], 'concurrent', ARGV[16])

local arrival = call('HINCRBY', CLOCK, 'arrivals', 1)
call('HSET', jobKey(id), 'tenant', tenant, 'request_id', requestId, 'request', request, 'state', 'queued', 'epoch', 0, 'traceparent', ARGV[7], 'tracestate', ARGV[8],
  'priority', ARGV[9], 'cost', ARGV[10], 'deadline', ARGV[11], 'model', ARGV[12], 'evaluations', ARGV[13], 'retention', ARGV[14], 'submitted', text(n), 'completed', 0)
call('SET', specKey(id), ARGV[6])
call('HSET', eventsKey(id), ARGV[20], ARGV[21])
if request ~= '' then call('HSET', requestKey(tenant, request), 'id', id, 'hash', hash) end
keepJob(id, n)

if call('ZCARD', queueKey(tenant)) == 0 then
  call('ZADD', QUEUE, text(math.max(tonumber(quota[1] or '0'), tonumber(call('HGET', CLOCK, 'virtual') or '0'))), tenant)
end
call('ZADD', queueKey(tenant), text((100 - priority) * 17592186044416 + arrival), id)
call('ZADD', DEADLINES, ARGV[11], member(tenant, id))
call('ZADD', jobsKey(tenant), arrival, id)
call('ZADD', TENANTS, text(n), tenant)
call('ZREMRANGEBYSCORE', TENANTS, '-inf', text(n - LIFE))
-- What has expired leaves the list as fast as new jobs come, and faster.
for _, old in ipairs(call('ZRANGE', jobsKey(tenant), 0, 3)) do
  if call('EXISTS', jobKey(old)) == 0 then call('ZREM', jobsKey(tenant), old) end
end
for _, key in ipairs({QUEUE, queueKey(tenant), DEADLINES, jobsKey(tenant), TENANTS, CLOCK, quotaKey(tenant)}) do keep(key, LIFE) end
work()
return {'accepted', id, 0}
