"""Calls a function of the application's own: `python -m slipway_node.call module:function`. It fails when that raises."""

import importlib
import sys


def main(call: str) -> None:
    module, name = call.split(":")
    getattr(importlib.import_module(module), name)()


if __name__ == "__main__":
    main(sys.argv[1])
