"""Uses session files as web2py does: open, lock, read, write, cut off; and removes one now and then."""
import collections, contextlib, errno, fcntl, hashlib, os, pickle, random, sys

folder, node, turns = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(node)
seen = collections.Counter()


def signed(content):
    return hashlib.sha256(content).digest() + content


for turn in range(turns):
    path = os.path.join(folder, f"session-{chance.randrange(4)}")
    try:
        if chance.random() < 0.1:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
            continue
        with open(os.open(path, os.O_RDWR | os.O_CREAT), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            data = file.read()
            seen["torn" if data and signed(data[32:]) != data else "whole"] += 1
            file.seek(0)
            filling = chance.randbytes(chance.randrange(9000))
            file.write(signed(pickle.dumps({"by": node, "turn": turn, "filling": filling})))
            file.truncate()
    except OSError as error:
        seen[errno.errorcode[error.errno]] += 1
# The image has the smallest Python, which has no JSON.
print(*(f"{name}={times}" for name, times in seen.items()))
