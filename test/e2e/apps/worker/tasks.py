import time

from .common import NODE, db


def stamp():
    """Is committed by whoever calls it."""
    db.event.insert(job="stamp", node=NODE)


def broken():
    db.event.insert(job="broken", node=NODE)
    raise RuntimeError("told to break")


def wait():
    """Until somebody lets it go."""
    print("begins", flush=True)
    for _ in range(600):
        db.commit()
        if not db(db.event.job == "let-go").isempty():
            print("was let go")
            return
        time.sleep(0.2)
    raise SystemExit("nobody let it go")
