"""Everything that has to be done before a node may serve."""

import os
import subprocess
import sys

from slipway_node import layout, migrate, rehearse, static_files, wait

REHEARSAL = "slipway_node.rehearse"


def main() -> None:
    """Prepares; what failed is said in a line, and ends the process."""
    try:
        prepare()
    except (wait.Unreachable, migrate.Failed) as error:
        sys.exit(f"slipway: {error}")
    except subprocess.TimeoutExpired as error:
        sys.exit(f"slipway: {error.cmd[2]} did not end within {error.timeout:.0f} seconds")
    except subprocess.CalledProcessError as error:
        # It has said why.
        sys.exit(error.returncode)


def prepare() -> None:
    layout.make_state()
    wait.for_services(os.environ.get("SLIPWAY_WAIT_FOR", "").split(), float(os.environ["SLIPWAY_PATIENCE"]))
    if setup := os.environ.get("SLIPWAY_SETUP"):
        run(setup)
    migration, *applications = os.environ.get("SLIPWAY_MIGRATION", "").split() or [None]
    if migration:
        migrate.run(migration, applications)
    if nodes := os.environ.get("SLIPWAY_MIGRATED_BY"):
        migrate.wait_for(nodes, float(os.environ["SLIPWAY_PATIENCE"]))
    if migration != REHEARSAL:
        run(REHEARSAL)
    # Last: the nodes before are still served with these files, and a release that fails must not change them.
    static_files.publish_all()


def run(module: str) -> None:
    subprocess.run([sys.executable, "-m", module], check=True, timeout=rehearse.LIMIT)


if __name__ == "__main__":
    main()
