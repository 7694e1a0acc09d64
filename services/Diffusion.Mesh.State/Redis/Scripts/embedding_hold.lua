-- caller, life of a lock (0: give it up), keys
for i = 3, #ARGV do
  if call('GET', lockKey(ARGV[i])) == ARGV[1] then
    if ARGV[2] == '0' then call('DEL', lockKey(ARGV[i])) else call('PEXPIRE', lockKey(ARGV[i]), ARGV[2]) end
  end
end
return 1
