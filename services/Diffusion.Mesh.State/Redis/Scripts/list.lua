-- tenant, state (empty: all), page size, arrival before which the page begins
local tenant, state, size = ARGV[1], ARGV[2], tonumber(ARGV[3])
local LOOK = 1000
local found, last, looked = {}, '', 0
local ids = call('ZREVRANGEBYSCORE', jobsKey(tenant), '('..ARGV[4], '-inf', 'WITHSCORES', 'LIMIT', 0, LOOK)
for i = 1, #ids, 2 do
  if #found == size then break end
  local info = describe(ids[i])
  looked, last = looked + 1, ids[i + 1]
  if not info[1] then call('ZREM', jobsKey(tenant), ids[i])
  elseif state == '' or info[3] == state then found[#found + 1] = {ids[i], info}
  end
end
-- More may follow where not everything was looked at.
local more = looked < #ids / 2 or #ids / 2 == LOOK
return {found, more and last or ''}
