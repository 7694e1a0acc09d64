-- id, epoch, packet. Writes nothing, so that nothing waits for the disk.
if not held(ARGV[1], ARGV[2]) then return 0 end
tell(ARGV[1], ARGV[3], false)
return 1
