-- tenant, about, choice
call('SET', choiceKey(ARGV[1], ARGV[2]), ARGV[3], 'PX', LIFE)
