import { ROOT } from "./app-engine-layout.ts";

export interface Instance {
  /** What the names of the secrets in Secret Manager begin with. */
  readonly prefix: string;
  /** Files of secrets. */
  readonly secrets: readonly string[];
  /** Folders below the root that the application writes to. */
  readonly writable: readonly string[];
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
export function instanceModule({ prefix, secrets, writable }: Instance): string {
  return `"""
Written by Slipway: makes an instance ready. All but /tmp is read-only there, and frameworks write below their code: so it
is copied. Secrets come from Secret Manager, and are in no variable and no file that is uploaded.
"""

import base64
import json
import os
import shutil
import tempfile
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = Path("${ROOT}")
PREFIX = "${prefix}"
SECRETS = [
${secrets.map((name) => `    "${name}",\n`).join("")}]
WRITABLE = [
${writable.map((name) => `    "${name}",\n`).join("")}]

#: What asks for these, and for nobody else (https://cloud.google.com/compute/docs/metadata).
METADATA = "http://metadata.google.internal/computeMetadata/v1"
SECRET_MANAGER = "https://secretmanager.googleapis.com/v1"


def prepare() -> None:
    if ROOT.exists():
        return
    # Made aside and renamed: two processes of an instance may start together.
    draft = Path(tempfile.mkdtemp(prefix="slipway-", dir=ROOT.parent))
    for name in ("app", "slipway", "settings"):
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, draft / name)
    for name in WRITABLE:
        (draft / name).mkdir(parents=True, exist_ok=True)
    _take_secrets(draft / "secrets")
    try:
        draft.rename(ROOT)
    except OSError:
        # The other one was first.
        shutil.rmtree(draft)


def _take_secrets(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    # On a machine of one's own they are files.
    local = os.environ.get("SLIPWAY_SECRETS")
    read = (lambda name: Path(local, name).read_bytes()) if local else _reader()
    for name in SECRETS:
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(read(name))


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
