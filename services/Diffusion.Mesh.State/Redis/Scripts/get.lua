-- tenant, id
local tenant, id = ARGV[1], ARGV[2]
local info = describe(id)
if info[1] ~= tenant then return false end
if info[3] ~= 'queued' then return {info, 0} end

-- Its virtual start, and how many start before it; looks at so many jobs at most.
local LOOK = 5000
local function jobCost(other) return tonumber(call('HGET', jobKey(other), 'cost') or '0') end
local function weight(other) return tonumber(call('HGET', quotaKey(other), 'weight') or '1') end
local tag = tonumber(call('ZSCORE', QUEUE, tenant) or '0')
local position = 1
for _, other in ipairs(call('ZRANGE', queueKey(tenant), 0, LOOK - 1)) do
  if other == id then break end
  tag = tag + jobCost(other) / weight(tenant)
  position = position + 1
end
local tenants = call('ZRANGEBYSCORE', QUEUE, '-inf', text(tag), 'WITHSCORES')
for i = 1, #tenants, 2 do
  local other, start = tenants[i], tonumber(tenants[i + 1])
  if other ~= tenant and position < LOOK then
    for _, waiting in ipairs(call('ZRANGE', queueKey(other), 0, LOOK - 1)) do
      if start > tag or (start == tag and other > tenant) then break end
      position = position + 1
      start = start + jobCost(waiting) / weight(other)
    end
  end
end
return {info, position}
