-- id, epoch, slot, packet
if not held(ARGV[1], ARGV[2]) then return 0 end
tellAndKeep(ARGV[1], ARGV[3], ARGV[4])
return 1
