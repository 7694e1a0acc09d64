-- What scripts share.
local LIFE = 14 * 24 * 3600 * 1000
local call = redis.call

local function now()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

local function text(number) return string.format('%.17g', number) end

-- A write only when half of the time is gone.
local function keep(key, life)
  if call('PTTL', key) < life / 2 then call('PEXPIRE', key, life) end
end

local function member(tenant, id) return tenant..'/'..id end

local function split(m)
  local at = string.find(m, '/', 1, true)
  return string.sub(m, 1, at - 1), string.sub(m, at + 1)
end

-- How long the keys of a job that lives are kept.
local function jobLife(id, n)
  local h = call('HMGET', jobKey(id), 'deadline', 'retention')
  return math.max(h[1] - n, 0) + h[2] + 3600000
end

local function keepJob(id, n)
  local life = jobLife(id, n)
  for _, key in ipairs({jobKey(id), specKey(id), checkpointKey(id), killsKey(id), eventsKey(id)}) do keep(key, life) end
  local h = call('HMGET', jobKey(id), 'tenant', 'request')
  if h[2] ~= '' then keep(requestKey(h[1], h[2]), life) end
end

-- Whether an owner of this epoch may write.
local function held(id, epoch)
  local h = call('HMGET', jobKey(id), 'state', 'epoch', 'released')
  return h[1] == 'running' and h[2] == epoch and not h[3]
end

-- Of a slot the latest is kept. The first eight bytes of an event are its number.
local function store(id, slot, packet)
  local old = call('HGET', eventsKey(id), slot)
  if old and struct.unpack('>I8', old) >= struct.unpack('>I8', packet) then return end
  call('HSET', eventsKey(id), slot, packet)
end

-- News carry the number of the last kept event before them, so that a reader sees when it missed one, and whether they are kept themselves.
local function tell(id, packet, isKept)
  call('PUBLISH', newsChannel(id), struct.pack('>I8B', call('HGET', jobKey(id), 'kept') or '1', isKept and 1 or 0)..packet)
end

local function tellAndKeep(id, slot, packet)
  store(id, slot, packet)
  tell(id, packet, true)
  local number = struct.unpack('>I8', packet)
  if number > tonumber(call('HGET', jobKey(id), 'kept') or '1') then call('HSET', jobKey(id), 'kept', text(number)) end
end

local function work() call('PUBLISH', SIGNALS, 'work') end

-- Takes a job out of the queue; the tenant keeps its virtual time when nothing is left.
local function dequeue(tenant, id, tag)
  call('ZREM', DEADLINES, member(tenant, id))
  if call('ZREM', queueKey(tenant), id) == 0 then return end
  if call('ZCARD', queueKey(tenant)) > 0 then
    if tag then call('ZADD', QUEUE, text(tag), tenant) end
    return
  end
  tag = tag or call('ZSCORE', QUEUE, tenant)
  call('ZREM', QUEUE, tenant)
  if tag then
    call('HSET', quotaKey(tenant), 'tag', text(tag))
    keep(quotaKey(tenant), LIFE)
  end
end

local function forget(tenant, id)
  dequeue(tenant, id)
  call('ZREM', LEASES, member(tenant, id))
  call('HDEL', runningKey(tenant), id)
end

-- The end of a job: what is only needed while it lives goes, the rest stays for the retention.
local function finish(id, tenant, state, status, detail, retention, results, n)
  forget(tenant, id)
  call('DEL', specKey(id), checkpointKey(id), killsKey(id))
  call('HDEL', jobKey(id), 'cancel', 'released', 'owner', 'graced')
  call('HSET', jobKey(id), 'state', state, 'status', status, 'detail', detail, 'results', results, 'ended', text(n), 'expires', text(n + retention))
  call('PEXPIRE', jobKey(id), retention)
  call('PEXPIRE', eventsKey(id), retention)
  local request = call('HGET', jobKey(id), 'request')
  if request ~= '' then call('PEXPIRE', requestKey(tenant, request), retention) end
  call('PUBLISH', newsChannel(id), 'end')
  -- Its tenant may have been at its limit.
  work()
end

-- What the store ended by itself, for JobFields.cs.
local alone = {}

local function finishAlone(id, tenant, state, status, detail, n)
  local h = call('HMGET', jobKey(id), 'retention', 'model', 'submitted')
  finish(id, tenant, state, status, detail, tonumber(h[1]), 0, n)
  alone[#alone + 1] = {tenant, h[2], state, status, h[3], text(n), id}
end

-- What JobFields.cs reads, in its order.
local function describe(id)
  return call('HMGET', jobKey(id), 'tenant', 'request_id', 'state', 'completed', 'evaluations', 'model', 'priority', 'cost', 'submitted', 'started',
    'ended', 'deadline', 'expires', 'status', 'detail', 'results', 'cancel')
end

local function isEnd(state) return state == 'done' or state == 'failed' or state == 'cancelled' end
