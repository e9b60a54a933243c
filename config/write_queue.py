"""Who waits to write to SQLite, so that whoever writes a lot steps back for them.

SQLite has no queue. Whoever finds its lock taken looks again after a while, at most a tenth of a second later, and a
worker that writes batch after batch has it again at once. So everybody says while they wait, by a shared lock on a file
beside the database, and a worker looks between two batches whether anybody does. Nobody waiting costs nothing.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

READING = ("SELECT", "PRAGMA", "EXPLAIN")
PATIENCE = 0.3  # seconds that a worker steps back for others: some looks of theirs
LOOK = 0.002


def listen() -> None:
    """Have every connection to a SQLite file say when it waits."""
    connection_created.connect(_join, dispatch_uid="write_queue")


def step_back(connection: BaseDatabaseWrapper) -> None:
    """Outside a transaction: leave the lock to those who wait for it, until they have it."""
    file = _file(connection)
    until = time.monotonic() + PATIENCE
    while file is not None and someone_waits(file) and time.monotonic() < until:
        time.sleep(LOOK)


@contextmanager
def waiting(file: Path) -> Iterator[None]:
    """Say so for as long as the block takes. Where the file can't be opened nobody is told, and all goes on."""
    try:
        sign = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        yield
        return
    try:
        with suppress(OSError):
            fcntl.flock(sign, fcntl.LOCK_SH)
        yield
    finally:
        os.close(sign)


def someone_waits(file: Path) -> bool:
    try:
        sign = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(sign, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks: nobody can say that they wait
        return False
    finally:
        os.close(sign)
    return False


def sign_of(database: Path) -> Path:
    """The file beside a database."""
    return database.with_name(f"{database.name}-waiting")


def _join(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _file(connection) is not None and _announced not in connection.execute_wrappers:
        connection.execute_wrappers.append(_announced)


def _announced(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A transaction begins by taking the lock; outside one, every statement that writes does."""
    connection: BaseDatabaseWrapper = context["connection"]
    file = None if connection.in_atomic_block or sql.startswith(READING) else _file(connection)
    if file is None:
        return execute(sql, params, many, context)
    with waiting(file):
        return execute(sql, params, many, context)


def _file(connection: BaseDatabaseWrapper) -> Path | None:
    name = str(connection.settings_dict["NAME"])
    return sign_of(Path(name)) if connection.vendor == "sqlite" and "mode=memory" not in name else None
