"""Everything that has to be done before a node may serve."""

import os
import subprocess
import sys

from slipway_node import migrate, rehearse, static_files, wait


def main() -> None:
    os.makedirs("/var/lib/app/service", exist_ok=True)
    wait.for_services(os.environ.get("SLIPWAY_WAIT_FOR", "").split(), float(os.environ["SLIPWAY_PATIENCE"]))
    application = os.environ.get("SLIPWAY_APPLICATION")
    if application and "SLIPWAY_DATABASE_URL_FILE" in os.environ:
        migrate.run(application)
    else:
        subprocess.run([sys.executable, "-m", "slipway_node.rehearse"], check=True, timeout=rehearse.LIMIT)
    # Last: the nodes before are still served with these files, and a release that fails must not change them.
    static_files.publish(f"/srv/app/apps/{application}/static" if application else "/srv/app/static", "/srv/static")


if __name__ == "__main__":
    try:
        main()
    except (wait.Unreachable, migrate.Failed) as error:
        sys.exit(f"slipway: {error}")
    except subprocess.TimeoutExpired as error:
        sys.exit(f"slipway: the rehearsal did not end within {error.timeout:.0f} seconds")
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
