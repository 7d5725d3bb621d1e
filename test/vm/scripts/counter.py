"""Adds one so many times to the number in a file, each time under a lock."""
import fcntl, os, sys, time

lock = {"fcntl": fcntl.lockf, "flock": fcntl.flock}[sys.argv[1]]
path, times = sys.argv[2], int(sys.argv[3])
longest = 0.0
for _ in range(times):
    began = time.monotonic()
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    lock(file, fcntl.LOCK_EX)
    number = int(os.read(file, 20) or 0)
    os.pwrite(file, b"%d" % (number + 1), 0)
    os.close(file)
    longest = max(longest, time.monotonic() - began)
print(f"{times} times, the longest took {longest:.1f} s")
