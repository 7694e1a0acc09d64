-- owner, most jobs, lease, what is said of a deadline, what is said of a cancellation, models (none: any)
local owner, most, lease = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local models = #ARGV > 5 and {} or nil
for i = 6, #ARGV do models[ARGV[i]] = true end
local n = now()
local claimed = {}
-- Bounds of one call; what is left comes with the next.
local SWEEP, LOOK = 200, 64
-- Nobody came for so long: Redis was away.
local AWAY = 2000

local function take(id, tenant)
  local key = jobKey(id)
  local epoch = call('HINCRBY', key, 'epoch', 1)
  call('HSET', key, 'state', 'running', 'owner', owner)
  call('HDEL', key, 'released', 'graced')
  call('HSETNX', key, 'started', text(n))
  local h = call('HMGET', key, 'cost', 'traceparent', 'tracestate', 'deadline', 'submitted', 'started', 'position', 'completed')
  call('ZADD', LEASES, text(n + lease), member(tenant, id))
  call('HSET', runningKey(tenant), id, h[1])
  keepJob(id, n)
  keep(LEASES, LIFE)
  keep(runningKey(tenant), LIFE)
  claimed[#claimed + 1] = {id, tenant, epoch, call('GET', specKey(id)), h[2], h[3], h[4], h[5], h[6], call('GET', checkpointKey(id)), h[7] or '0',
    call('SCARD', killsKey(id)), h[8] or '0'}
end

-- Leases that ran out while Redis was away are given once more, so that owners who live can renew.
local seen = tonumber(call('HGET', CLOCK, 'seen') or text(n))
if n - seen > AWAY then
  for _, m in ipairs(call('ZRANGEBYSCORE', LEASES, '(0', text(n + lease))) do
    local _, id = split(m)
    if call('EXISTS', jobKey(id)) == 1 and call('HSETNX', jobKey(id), 'graced', 1) == 1 then call('ZADD', LEASES, text(n + lease), m) end
  end
end
if n - seen > AWAY / 4 or seen > n or call('HEXISTS', CLOCK, 'seen') == 0 then
  call('HSET', CLOCK, 'seen', text(n))
  keep(CLOCK, LIFE)
end

for _, m in ipairs(call('ZRANGEBYSCORE', DEADLINES, '-inf', text(n), 'LIMIT', 0, SWEEP)) do
  local tenant, id = split(m)
  if call('HGET', jobKey(id), 'state') == 'queued' then finishAlone(id, tenant, 'failed', 4, ARGV[4], n) else forget(tenant, id) end
end

for _, m in ipairs(call('ZRANGEBYSCORE', LEASES, '-inf', text(n), 'LIMIT', 0, SWEEP)) do
  local tenant, id = split(m)
  local h = call('HMGET', jobKey(id), 'state', 'cancel', 'deadline', 'model')
  if h[1] ~= 'running' then forget(tenant, id)
  elseif h[2] then finishAlone(id, tenant, 'cancelled', 1, ARGV[5], n)
  elseif tonumber(h[3]) <= n then finishAlone(id, tenant, 'failed', 4, ARGV[4], n)
  elseif #claimed < most and (not models or models[h[4]]) then take(id, tenant)
  end
end

-- The first job of a tenant's that this owner can run.
local function first(tenant)
  for _, id in ipairs(call('ZRANGE', queueKey(tenant), 0, LOOK - 1)) do
    local h = call('HMGET', jobKey(id), 'model', 'cost')
    if not h[1] then forget(tenant, id)
    elseif not models or models[h[1]] then return id, tonumber(h[2])
    end
  end
end

local function mayRun(tenant, cost, concurrent)
  local costs = call('HVALS', runningKey(tenant))
  for _, other in ipairs(costs) do cost = cost + tonumber(other) end
  return #costs == 0 or cost <= concurrent
end

-- Start-time fair queueing, see IJobStore.ClaimAsync.
local function takeNext()
  local full = {}
  local waiting = call('ZRANGE', QUEUE, 0, -1, 'WITHSCORES')
  for i = 1, #waiting, 2 do
    local tenant, tag = waiting[i], tonumber(waiting[i + 1])
    local id, cost = first(tenant)
    local quota = call('HMGET', quotaKey(tenant), 'weight', 'concurrent')
    if id and mayRun(tenant, cost, tonumber(quota[2] or 'inf')) then
      local virtual = math.max(tonumber(call('HGET', CLOCK, 'virtual') or '0'), tag)
      call('HSET', CLOCK, 'virtual', text(virtual))
      dequeue(tenant, id, tag + cost / tonumber(quota[1] or '1'))
      -- Who is held up by its own limit saves nothing up meanwhile.
      for _, passed in ipairs(full) do
        if tonumber(call('ZSCORE', QUEUE, passed)) < virtual then call('ZADD', QUEUE, text(virtual), passed) end
      end
      take(id, tenant)
      return true
    end
    if id then full[#full + 1] = tenant end
  end
  return false
end

while #claimed < most and takeNext() do end
return {claimed, alone}
