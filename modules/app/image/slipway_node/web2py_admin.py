"""Puts the password of admin where it looks for it: a salted hash, as `web2py.py -a` writes it."""

import os

from slipway_node import web2py_site  # noqa: F401  gluon is found from there
from slipway_node.web2py_settings import PARAMETERS, SETTINGS, secret


def main() -> None:
    from gluon.validators import CRYPT

    draft = PARAMETERS.with_suffix(".new")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(f"password={str(CRYPT()(secret(SETTINGS.admin))[0])!r}\n")
    draft.replace(PARAMETERS)


if __name__ == "__main__":
    main()
