"""
Every setting of the guestbook, with values for a laptop: no server is needed to try it.

A deployment changes nothing here. It puts a file named settings_private.py next to this one, which is read last and
overrides what it names. That file is the whole interface between this application and the platform under it.
"""

import os
import socket

APP_FOLDER = os.path.dirname(os.path.abspath(__file__))
APP_NAME = os.path.basename(APP_FOLDER)

# The version in the addresses of the static files: raise it when one of them changes, so that browsers fetch it anew.
# py4web wants three numbers here.
STATIC_VERSION = "1.0.0"

# The database. The platform hands out postgres://user:password@host:5432/database.
DB_URI = "sqlite://guestbook.sqlite"
# Where sqlite lives, and where the migrations keep their notes about the tables.
DB_FOLDER = os.path.join(APP_FOLDER, "databases")
# Connections kept open per process. sqlite ignores it.
DB_POOL_SIZE = 4
# True creates and alters tables while the application is imported. With several nodes only one process may do that, so
# the platform runs it once on its own before the nodes start, which then find False.
DB_MIGRATE = True
# How often to try the first connection, a second apart, before the import fails.
DB_ATTEMPTS = 10

# Where the session lives: "cookies" (encrypted, in the browser), "database" or "memcache" (the cookie is only a random
# key). All work with any number of nodes, and none needs a visitor to come back to the same node. The last is for the
# module `memcache`, which the platform brings along; on a laptop it is `pip install python-memcached`.
SESSION_TYPE = "cookies"
# Encrypts cookie sessions and must be the same on all nodes. None uses a secret that py4web keeps on this machine.
SESSION_SECRET_KEY = None
# Seconds until a session that did not change is no longer accepted.
SESSION_EXPIRATION = 14 * 24 * 3600

# memcached servers as "host:port". An empty list: nothing is cached.
MEMCACHE_CLIENTS = []

# Where pictures are kept: "folder", or "database", where they are rows of the table "picture". How to go from one to the
# other is told in README.md.
UPLOADS_IN = "folder"
# With several nodes: one folder that all of them share.
UPLOAD_FOLDER = os.path.join(APP_FOLDER, "uploads")

# The name under which this node shows itself at the foot of the page.
NODE_NAME = socket.gethostname()

# lexists instead of a caught ImportError: a private file that is there but broken (a typo, a dangling link) has to stop
# the start. Serving with the laptop's values instead would look healthy and lose every entry.
if os.path.lexists(os.path.join(APP_FOLDER, "settings_private.py")):
    from .settings_private import *  # noqa: F403

# Only now, as the application's own folder may be read-only where the platform has named other ones.
for _folder in (DB_FOLDER, UPLOAD_FOLDER):
    os.makedirs(_folder, exist_ok=True)
