-- id, epoch, checkpoint, position, then slot and packet of each event to keep
local id = ARGV[1]
if not held(id, ARGV[2]) then return 0 end
local h = call('HMGET', jobKey(id), 'position', 'completed')
if not h[1] or tonumber(ARGV[4]) >= tonumber(h[1]) then
  local life = jobLife(id, now())
  call('SET', checkpointKey(id), ARGV[3], 'PX', life)
  call('HSET', jobKey(id), 'position', ARGV[4])
  if tonumber(ARGV[4]) > tonumber(h[2]) then call('HSET', jobKey(id), 'completed', ARGV[4]) end
  for i = 5, #ARGV, 2 do store(id, ARGV[i], ARGV[i + 1]) end
end
return 1
