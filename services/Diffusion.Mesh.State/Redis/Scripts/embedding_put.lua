-- caller, budget, then key and value of each. Answers the bytes that all values take.
local budget, n = tonumber(ARGV[2]), now()
for i = 3, #ARGV, 2 do
  local key, value = ARGV[i], ARGV[i + 1]
  if #value <= budget then
    call('SET', embeddingKey(key), value, 'PX', LIVES)
    note(key, #value, n)
  end
  release(key, ARGV[1])
end
for _, old in ipairs(call('ZRANGEBYSCORE', EMBEDDINGS, '-inf', text(n - LIVES), 'LIMIT', 0, 100)) do drop(old) end
while tonumber(call('HGET', EMBEDDING_SIZES, SUM) or '0') > budget do
  local oldest = call('ZRANGE', EMBEDDINGS, 0, 0)[1]
  if not oldest then
    -- The index was lost; what it listed expires by itself.
    call('DEL', EMBEDDING_SIZES)
    break
  end
  drop(oldest)
end
return tonumber(call('HGET', EMBEDDING_SIZES, SUM) or '0')
