"""Holds the lock of a file for so many seconds, and writes at the end."""
import fcntl, os, sys, time

path, seconds = sys.argv[1], float(sys.argv[2])
file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
fcntl.lockf(file, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(seconds)
os.pwrite(file, b"written", 0)
os.fsync(file)
