"""What a database that refuses to work means for a run, in a sentence for the people who look after it."""

from __future__ import annotations

from django.db import DatabaseError

from connectors.sources.exceptions import SourceError

KEPT = "What was stored before is kept, and nothing was resolved. Imports go on by themselves after that."
FULL = ("SQLITE_FULL", "53100")  # SQLite's name, PostgreSQL's state
BUSY = ("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01", "40001", "57014")
READ_ONLY = ("SQLITE_READONLY", "25006")


class StorageError(SourceError):
    """Not the source's fault, but it ends a run in the same ways. Worth another try: disks are cleaned, locks end."""


class DiskFull(StorageError):
    code = "disk_full"


class DatabaseBusy(StorageError):
    code = "database_busy"


class DatabaseFailed(StorageError):
    code = "database_failed"


def storage_error(error: DatabaseError) -> StorageError:
    """The database's words stay in the log; they may quote what was being stored."""
    said = _code(error)
    if said.startswith(FULL) or "is full" in str(error):
        return DiskFull(f"The disk with Sightline's database is full: make room on it. {KEPT}")
    if said.startswith(BUSY):
        return DatabaseBusy(
            "Another program kept Sightline's database locked for too long: look for a backup or a console that holds "
            f"it open. {KEPT}"
        )
    if said.startswith(READ_ONLY):
        return DatabaseFailed(f"Sightline's database can't be written: make it writable. {KEPT}")
    return DatabaseFailed(f"Sightline's database refused to store what was read: its log says why. {KEPT}")


def _code(error: DatabaseError) -> str:
    cause = error.__cause__
    return str(getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or "")
