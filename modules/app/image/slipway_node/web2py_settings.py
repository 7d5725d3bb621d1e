"""What the platform gives to the applications of a web2py site."""

import json
import os
from pathlib import Path
from typing import NamedTuple

FILE = "/etc/slipway/web2py.json"
#: The installation: gluon and the applications.
ROOT = Path("/srv/app")
#: Admin reads its password from parameters_<port>.py; which port a server names must not matter.
ADMIN_PORT = 443
PARAMETERS = Path(f"/var/lib/app/parameters_{ADMIN_PORT}.py")


class Settings(NamedTuple):
    """The content of the file; secrets are paths of files."""

    #: Those that may have tables.
    applications: list[str]
    sessions: str
    poolSize: int
    cache: list[str]
    database: str | None = None
    sessionKey: str | None = None
    #: "database", or the folder of uploads.
    uploads: str | None = None
    #: Servers, and the seconds without a visit after which a session is forgotten.
    sessionCache: list[str] = []
    sessionExpire: float | None = None
    admin: str | None = None

    @property
    def database_uri(self) -> str | None:
        """The address of the database in the only form that pydal knows."""
        return self.database and secret(self.database).replace("postgresql://", "postgres://", 1)


def secret(path: str) -> str:
    return Path(path).read_text().strip()


SETTINGS = Settings(**json.loads(Path(FILE).read_text()))
#: Set in the one process that may change tables; see slipway_node.migrate.
MIGRATING = os.environ.get("SLIPWAY_MIGRATE") == "1"
#: Where uploads are, or are about to be; see slipway_node.web2py_uploads.
UPLOADS = os.environ.get("SLIPWAY_UPLOADS", SETTINGS.uploads)
