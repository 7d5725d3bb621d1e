"""sessions.py SERVER PORT NAME TIMES: writes session files that another writes as well, and reads each first.

A session is its length, a checksum and as many bytes; it is torn where these are not of one writer.
"""
import hashlib
import random
import sys

from files import Files

FILES = 4
LARGEST = 20_000
HEAD = 8 + 64

server, port, name, times = sys.argv[1:]
files = Files(server, int(port), name)
sessions = [files.open(f"session-{number}") for number in range(FILES)]
torn = 0
for _ in range(int(times)):
    session = random.choice(sessions)
    with session.locked():
        found = session.read(HEAD + LARGEST)
        if found:
            content = found[HEAD : HEAD + int(found[:8])]
            torn += hashlib.sha256(content).hexdigest().encode() != found[8:HEAD]
        content = random.randbytes(random.randrange(1, LARGEST))
        head = b"%8d" % len(content) + hashlib.sha256(content).hexdigest().encode()
        # In two steps, between which the other could write.
        session.write(head)
        session.write(head + content)
files.close()
print(f"{name} saw {torn} torn sessions")
