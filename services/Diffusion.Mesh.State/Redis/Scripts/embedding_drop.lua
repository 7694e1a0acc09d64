-- key
drop(ARGV[1])
return 1
