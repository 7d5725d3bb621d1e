"""count.py SERVER PORT NAME TIMES: adds one to the file "counter", so many times, each under a lock."""
import sys

from files import Files

server, port, name, times = sys.argv[1:]
files = Files(server, int(port), name)
counter = files.open("counter")
for _ in range(int(times)):
    with counter.locked():
        counter.write(b"%16d" % (int(counter.read(16) or b"0") + 1))
files.close()
print(f"{name} is done, after {files.session.recoveries} restarts")
