"""Uses session files as web2py does: open, lock, read, write, cut off; and removes one now and then."""
import collections, contextlib, errno, fcntl, hashlib, json, os, pickle, random, sys

folder, name, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(name)
seen = collections.Counter()


def signed(content):
    return hashlib.sha256(content).digest() + content


for turn in range(times):
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
            file.write(signed(pickle.dumps({"by": name, "turn": turn, "filling": filling})))
            file.truncate()
    except OSError as error:
        seen[errno.errorcode[error.errno]] += 1
print(json.dumps(seen))
