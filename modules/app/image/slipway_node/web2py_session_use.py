"""
The time of a session is that of its last use.

web2py writes a session only when it has changed, so one that is read all day looks as old as its last change. Here a
request marks the session that it uses, at most once a minute, and keeps one that was removed in the very moment between
its opening and its lock.
"""

import os
import time

#: Seconds; more often would be a write for each request.
INTERVAL = 60


def mark_file(response) -> None:
    """The request holds the lock of the file, so nobody removes it now."""
    file = response.session_file
    if not file or response.session_new:
        return
    status = os.fstat(file.fileno())
    if status.st_nlink == 0:
        # It was removed while this request waited for the lock, and what was read is all there is: it is written again.
        file.close()
        response.session_file = None
        response.session_new = True
    elif time.time() - status.st_mtime > INTERVAL:
        # By its name: Windows takes no number here.
        os.utime(file.name)


def mark_row(request, response) -> None:
    table, record = response.session_db_table, response.session_db_record_id
    if not table or not record or response.session_new:
        return
    import datetime

    long_ago = request.now - datetime.timedelta(seconds=INTERVAL)
    table._db((table.id == record) & (table.modified_datetime < long_ago)).update(modified_datetime=request.now)
