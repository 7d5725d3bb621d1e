"""
Tickets of py4web as files of the folder that all nodes share, in place of a database in each of them, which goes with its
node: a job makes rows of them (slipway_node.collect_tickets).
"""

import datetime
import json
import uuid
from pathlib import Path

from py4web.core import error_logger, request


def install(folder: str, application: str) -> None:
    error_logger.plugins[application] = TicketFiles(Path(folder, application))


class TicketFiles:
    """A logger as py4web wants it. When it fails, py4web prints the error instead."""

    def __init__(self, folder: Path):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def log(self, app_name: str, error_snapshot: dict) -> str:
        ticket = str(uuid.uuid4())
        content = {
            "uuid": ticket,
            "app_name": app_name,
            **_request(),
            "timestamp": datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(),
            "error": str(error_snapshot.get("exception_value")),
            "snapshot": error_snapshot,
        }
        # Written aside and renamed: the job must not find half of it.
        draft = self.folder / f".{ticket}"
        draft.write_text(json.dumps(content, default=str))
        draft.rename(self.folder / ticket)
        return ticket


def _request() -> dict:
    try:
        return {
            "method": request.method,
            "path": request.path,
            "client_ip": request.environ.get("REMOTE_ADDR"),
        }
    except Exception:  # Raised while the application is imported: there is none.
        return {"method": None, "path": None, "client_ip": None}
