-- id, epoch, state, status, detail, retention, number of events, then slot and packet of each, then the results
local id, epoch, retention, events = ARGV[1], ARGV[2], tonumber(ARGV[6]), tonumber(ARGV[7])
if not held(id, epoch) then
  return call('HGET', jobKey(id), 'ended_by') == epoch and 1 or 0
end
local firstResult = 8 + 2 * events
for i = 8, firstResult - 1, 2 do tellAndKeep(id, ARGV[i], ARGV[i + 1]) end
for i = firstResult, #ARGV do call('SET', resultKey(id, i - firstResult), ARGV[i], 'PX', retention) end
local h = call('HMGET', jobKey(id), 'tenant', 'evaluations')
call('HSET', jobKey(id), 'ended_by', epoch)
if ARGV[3] == 'done' then call('HSET', jobKey(id), 'completed', h[2]) end
finish(id, h[1], ARGV[3], ARGV[4], ARGV[5], retention, #ARGV - firstResult + 1, now())
return 1
