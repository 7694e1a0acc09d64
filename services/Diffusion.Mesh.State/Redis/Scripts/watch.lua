-- tenant, id
local info = describe(ARGV[2])
if info[1] ~= ARGV[1] then return false end
return {info, call('HGET', jobKey(ARGV[2]), 'kept') or '1', call('HVALS', eventsKey(ARGV[2]))}
