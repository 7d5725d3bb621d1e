import { pythonList } from "../export/python-entry.ts";
import { ROOT } from "./app-engine-layout.ts";

export interface Instance {
  /** What the names of the secrets in Secret Manager begin with. */
  readonly prefix: string;
  /** Files of secrets. */
  readonly secrets: readonly string[];
  /** Folders below the root that the application writes to. */
  readonly writable: readonly string[];
  /** Files below the root that name it. */
  readonly texts: readonly string[];
}

/** The text of `main.py`, which gunicorn loads. */
export function mainModule(): string {
  return `"""Written by Slipway: the application for the standard environment of App Engine."""

import slipway_instance

slipway_instance.prepare()

from slipway_front import application as app  # noqa: E402, F401  settings and secrets come first
`;
}

/** The text of `slipway_instance.py`: what an instance needs before the application is imported. */
export function instanceModule({ prefix, secrets, writable, texts }: Instance): string {
  return `"""
Written by Slipway: makes an instance ready. All but /tmp is read-only there, and frameworks write below their code: so it
is copied. Secrets come from Secret Manager, and are in no variable and no file that is uploaded.
"""

import atexit
import base64
import contextlib
import json
import os
import shutil
import stat
import sys
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = Path("${ROOT}")
PREFIX = "${prefix}"
SECRETS = ${pythonList(secrets)}
WRITABLE = ${pythonList(writable)}
#: What names the root.
TEXTS = ${pythonList(texts)}

#: What asks for these, and for nobody else (https://cloud.google.com/compute/docs/metadata).
METADATA = "http://metadata.google.internal/computeMetadata/v1"
SECRET_MANAGER = "https://secretmanager.googleapis.com/v1"


def prepare() -> None:
    """Copies the application to where it can write, and lets Python find its settings there."""
    local = os.environ.get("SLIPWAY_SECRETS")
    root = _root_of_a_process(Path(local)) if local else _root_of_an_instance()
    sys.path.insert(0, str(root / "slipway"))


def _root_of_a_process(secrets: Path) -> Path:
    """On a machine of one's own: of nobody else, and removed at the end, for the next release has other files."""
    root = Path(tempfile.mkdtemp(prefix=f"{ROOT.name}-", dir=ROOT.parent))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    _lay_out(root, lambda name: (secrets / name).read_bytes())
    for name in TEXTS:
        file = root / name
        content = file.read_bytes().replace(f"{ROOT}/".encode(), f"{root}/".encode())
        # The copy of what is read-only is so as well.
        file.unlink()
        _write(file, content)
    return root


def _root_of_an_instance() -> Path:
    if not ROOT.exists():
        # Made aside and renamed: two processes of an instance may start together.
        draft = Path(tempfile.mkdtemp(prefix=f"{ROOT.name}-", dir=ROOT.parent))
        try:
            _lay_out(draft, _reader())
            # It fails where the other one was first.
            with contextlib.suppress(OSError):
                draft.rename(ROOT)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    status = ROOT.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
        sys.exit(f"slipway: {ROOT} was made by somebody else, and nothing of it is run: remove it")
    return ROOT


def _lay_out(root: Path, read) -> None:
    for name in ("app", "slipway", "settings"):
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, root / name)
    for name in WRITABLE:
        (root / name).mkdir(parents=True, exist_ok=True)
    (root / "secrets").mkdir(mode=0o700)
    for name in SECRETS:
        _write(root / "secrets" / name, read(name))


def _write(file: Path, content: bytes) -> None:
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)


def _reader():
    if not SECRETS:
        return None
    project = _metadata("project/project-id")
    token = json.loads(_metadata("instance/service-accounts/default/token"))["access_token"]

    def read(name: str) -> bytes:
        secret = f"{PREFIX}-{name.replace('.', '-')}"
        url = f"{SECRET_MANAGER}/projects/{project}/secrets/{secret}/versions/latest:access"
        answer = json.loads(_get(url, {"Authorization": f"Bearer {token}"}))
        return base64.b64decode(answer["payload"]["data"])

    return read


def _metadata(path: str) -> str:
    return _get(f"{METADATA}/{path}", {"Metadata-Flavor": "Google"})


def _get(url: str, headers: dict) -> str:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
        return answer.read().decode()
`;
}

/** The text of `gunicorn.conf.py`. */
export function gunicornConf({ processes, threads }: { processes: number; threads: number }): string {
  return `# Written by Slipway.
import os

bind = ":" + os.environ.get("PORT", "8080")
workers = ${processes}
worker_class = "gthread"
threads = ${threads}
# App Engine ends a request after ten minutes by itself; this is for a process that does not even answer its master.
timeout = 120
# It would lie below $HOME.
control_socket_disable = True
# Nobody but App Engine's own front reaches an instance, and it says by which scheme a visitor came. No header sets the path.
forwarded_allow_ips = "*"
forwarder_headers = ""
accesslog = None
errorlog = "-"
loglevel = "warning"
`;
}
