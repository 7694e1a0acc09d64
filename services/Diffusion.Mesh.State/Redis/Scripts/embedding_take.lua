-- caller, life of a lock, keys. Answers value and whether the key is the caller's to encode, for each.
local n = now()
local places = {}
for i = 3, #ARGV do
  local key = ARGV[i]
  local value = call('GET', embeddingKey(key))
  if value then
    if n - tonumber(call('ZSCORE', EMBEDDINGS, key) or '0') > NOTED then
      note(key, #value, n)
      call('PEXPIRE', embeddingKey(key), LIVES)
    end
    places[#places + 1] = value
    places[#places + 1] = 0
  else
    local mine = call('SET', lockKey(key), ARGV[1], 'NX', 'PX', ARGV[2])
    places[#places + 1] = false
    places[#places + 1] = mine and 1 or 0
  end
end
return places
