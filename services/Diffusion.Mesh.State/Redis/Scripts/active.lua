-- most of those that run, and of those that wait
local most = tonumber(ARGV[1])
local found = {}
local function add(key)
  for _, m in ipairs(call('ZRANGE', key, 0, most - 1)) do
    local _, id = split(m)
    local info = describe(id)
    if info[1] then found[#found + 1] = {id, info, call('HGET', jobKey(id), 'owner')} end
  end
end
add(LEASES)
add(DEADLINES)
return found
