"""
Runs commands at their times, in the container that they belong to.

    python3 -m slipway_jobs               schedules, until it is told to stop
    python3 -m slipway_jobs.run NAME      runs one now, and exits with its code
    python3 -m slipway_jobs.health        the last results as one line of JSON, while the scheduler is alive
"""
