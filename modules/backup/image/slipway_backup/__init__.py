"""Backups of a stack: its databases with pgBackRest, its shared folders and secrets with restic."""
