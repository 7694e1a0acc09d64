local uses = {}
for _, tenant in ipairs(call('ZRANGE', TENANTS, 0, -1)) do
  local cost, running = 0, call('HVALS', runningKey(tenant))
  for _, each in ipairs(running) do cost = cost + tonumber(each) end
  local queued = call('ZCARD', queueKey(tenant))
  if queued + #running > 0 then uses[#uses + 1] = {tenant, queued, #running, text(cost)} end
end
return {call('ZCARD', DEADLINES), call('ZCARD', LEASES), uses}
