"""Handing the static files of a release to the edge."""

import filecmp
import os
import shutil
import tempfile
from pathlib import Path


def publish_all() -> None:
    """Those that the environment names."""
    for pair in os.environ.get("SLIPWAY_STATIC", "").split():
        folder, path = pair.split("=", 1)
        publish(folder, f"/srv/static{path}")


def publish(source: str, target: str) -> None:
    """
    Copies what is new or changed. Each file appears whole, because visitors read the folder meanwhile and another
    node may be writing the same files. What an older release left stays, for the pages that still name it.
    """
    # Also without a single file: an edge that finds no folder says that it is forbidden.
    Path(target).mkdir(parents=True, exist_ok=True)
    for folder, _, names in os.walk(source):
        into = Path(target, Path(folder).relative_to(source))
        if into.exists() and not into.is_dir():
            into.unlink()
        into.mkdir(parents=True, exist_ok=True)
        for name in names:
            _copy(Path(folder, name), into / name)


def _copy(source: Path, target: Path) -> None:
    if target.is_file() and filecmp.cmp(source, target, shallow=False):
        return
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".new")
    os.close(handle)
    try:
        shutil.copyfile(source, draft)
        os.chmod(draft, 0o644)
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(draft, target)
    except BaseException:
        os.unlink(draft)
        raise
