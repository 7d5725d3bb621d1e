"""A guestbook: entries, pictures, accounts. Start reading in settings.py, then common.py."""

import py4web

# A real check instead of an assert, which `python -O` would drop.
if not py4web.check_compatible("1.20260805.0"):
    raise RuntimeError("guestbook needs py4web 1.20260805.0 or newer: pip install -r requirements.txt")

from . import controllers  # noqa: E402, F401  importing the controllers registers the pages
from .models import db  # noqa: E402, F401  py4web's own tools look for the database here
