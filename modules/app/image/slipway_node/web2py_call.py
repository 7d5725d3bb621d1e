"""
Runs a function of a controller, or a script, of a web2py application after its models, as `python web2py.py -S APP -M -R
SCRIPT` would: what it did is committed when it ends, and taken back when it raises.

    python -m slipway_node.web2py_call APPLICATION CONTROLLER FUNCTION
    python -m slipway_node.web2py_call APPLICATION SCRIPT
"""

import sys

from slipway_node import web2py_site


def main(application: str, what: str, function: str | None = None) -> None:
    from gluon.compileapp import run_controller_in
    from gluon.http import HTTP
    from gluon.shell import env
    from pydal.base import BaseAdapter

    folder = web2py_site.ROOT / "applications" / application
    try:
        environment = env(
            application,
            c=what if function else None,
            f=function,
            import_models=True,
            dir=str(folder),
            extra_request={"is_https": True, "is_shell": True},
        )
        if function:
            run_controller_in(what, function, environment)
        else:
            file = folder / what
            exec(compile(file.read_bytes(), file, "exec"), {**environment, "__file__": str(file), "__name__": "__main__"})
    except HTTP as answer:
        BaseAdapter.close_all_instances("rollback")
        sys.exit(f"slipway: {application} answers {answer.status}: {answer.body}")
    except BaseException:
        BaseAdapter.close_all_instances("rollback")
        raise
    BaseAdapter.close_all_instances("commit")


if __name__ == "__main__":
    main(*sys.argv[1:])
