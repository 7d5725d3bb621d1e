"""Everything that has to be done before a node may serve."""

import os
import sys

from slipway_node import migrate, static_files, wait


def main() -> None:
    os.makedirs("/var/lib/app/service", exist_ok=True)
    wait.for_services(os.environ.get("SLIPWAY_WAIT_FOR", "").split())
    application = os.environ.get("SLIPWAY_APPLICATION")
    static_files.publish(f"/srv/app/apps/{application}/static" if application else "/srv/app/static", "/srv/static")
    if application and "SLIPWAY_DATABASE_URL_FILE" in os.environ:
        migrate.run(application)


if __name__ == "__main__":
    try:
        main()
    except (wait.Unreachable, migrate.Failed) as error:
        sys.exit(f"slipway: {error}")
