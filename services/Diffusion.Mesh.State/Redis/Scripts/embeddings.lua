-- What the cache's scripts share, after common.lua.
local LIVES = 7 * 24 * 3600 * 1000
-- A use is noted at most so often: a hit that writes nothing waits for no disk.
local NOTED = 60000
local SUM = ''

local function release(key, caller)
  if call('GET', lockKey(key)) == caller then call('DEL', lockKey(key)) end
end

local function drop(key)
  local size = call('HGET', EMBEDDING_SIZES, key)
  call('DEL', embeddingKey(key))
  call('ZREM', EMBEDDINGS, key)
  if size then
    call('HDEL', EMBEDDING_SIZES, key)
    call('HINCRBY', EMBEDDING_SIZES, SUM, -size)
  end
end

local function note(key, size, n)
  local old = call('HGET', EMBEDDING_SIZES, key) or 0
  call('ZADD', EMBEDDINGS, text(n), key)
  call('HSET', EMBEDDING_SIZES, key, size)
  call('HINCRBY', EMBEDDING_SIZES, SUM, size - old)
  keep(EMBEDDINGS, LIFE)
  keep(EMBEDDING_SIZES, LIFE)
end
