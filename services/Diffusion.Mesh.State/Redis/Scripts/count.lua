-- jobs to look at
local uses = {}
for _, tenant in ipairs(call('ZRANGE', TENANTS, 0, -1)) do
  local cost, running = 0, call('HVALS', runningKey(tenant))
  for _, each in ipairs(running) do cost = cost + tonumber(each) end
  local queued = call('ZCARD', queueKey(tenant))
  if queued + #running > 0 then uses[#uses + 1] = {tenant, queued, #running, text(cost)} end
end

-- What is left of the jobs' cost, by model: of so many as may be looked at, which stand for all.
local order, jobs, costs = {}, {}, {}
local function add(key)
  local count, members = call('ZCARD', key), call('ZRANGE', key, 0, ARGV[1] - 1)
  for _, m in ipairs(members) do
    local _, id = split(m)
    local h = call('HMGET', jobKey(id), 'model', 'cost', 'completed', 'evaluations')
    if h[1] then
      if not jobs[h[1]] then order[#order + 1], jobs[h[1]], costs[h[1]] = h[1], 0, 0 end
      local share = count / #members
      jobs[h[1]] = jobs[h[1]] + share
      costs[h[1]] = costs[h[1]] + share * h[2] * math.max(0, 1 - h[3] / math.max(1, h[4]))
    end
  end
end
add(DEADLINES)
add(LEASES)
local models = {}
for i, model in ipairs(order) do models[i] = {model, math.floor(jobs[model] + 0.5), text(costs[model])} end
return {call('ZCARD', DEADLINES), call('ZCARD', LEASES), uses, models}
