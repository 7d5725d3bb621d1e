"""The WSGI callable of a py4web site with exactly one application."""

import os
from pathlib import Path

from py4web.core import Reloader, wsgi

from slipway_node import py4web_sessions, py4web_tickets

APPLICATION = os.environ["SLIPWAY_APPLICATION"]

Path(os.environ.get("SLIPWAY_DB_FOLDER", "/tmp/databases")).mkdir(parents=True, exist_ok=True)

if folder := os.environ.get("SLIPWAY_TICKETS"):
    py4web_tickets.install(folder, APPLICATION)

if seconds := os.environ.get("SLIPWAY_SESSION_EXPIRE"):
    py4web_sessions.install(float(seconds))

application = wsgi(apps_folder="/srv/app/apps", app_names=APPLICATION, dashboard_mode="none", password_file=None)

# py4web goes on when an application cannot be imported, and answers 404 for ever. It has printed the reason.
if APPLICATION not in Reloader.MODULES:
    raise SystemExit(f"slipway: the application {APPLICATION} cannot be imported")
