"""
Calls a function of a py4web application, whose databases are connected as they are for a request: what it did is committed
when it returns, and taken back when it raises.
"""

import importlib
import sys

from slipway_node import py4web_site


def main(call: str) -> None:
    from pydal.base import BaseAdapter

    module, name = call.split(":")
    try:
        getattr(importlib.import_module(f"apps.{py4web_site.APPLICATION}.{module}"), name)()
    except BaseException:
        BaseAdapter.close_all_instances("rollback")
        raise
    BaseAdapter.close_all_instances("commit")


if __name__ == "__main__":
    main(sys.argv[1])
