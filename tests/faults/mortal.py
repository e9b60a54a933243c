"""Works on a run in processes of its own that are killed with SIGKILL, one after the other, until one may finish.

Reads a JSON object on stdin: ``database`` (Django's settings of it), ``run`` (primary key), ``waits`` and ``kills``, a
list of ``{"statement": n}`` (dies before its n-th SQL statement, be it in a transaction or between two) or
``{"seconds": s}`` (is killed from outside); ``long``: from how many findings on a process of its own reads. Prints how
many really died.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

LEASE = 0.2  # seconds


def main() -> None:
    given = json.load(sys.stdin)
    set_up(given)
    died = sum(attempt(given["run"], kill) for kill in given["kills"])
    attempt(given["run"], {})
    print(died)


def set_up(given: dict[str, Any]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(given["database"])
    settings.RUN_LEASE_SECONDS = LEASE
    settings.SOURCE_ALLOW_HTTP, settings.SOURCE_ALLOWED_NETWORKS = True, ("127.0.0.0/8",)
    settings.SOURCE_WAITS, settings.SOURCE_PAGE_ROWS = given["waits"], 25
    django.setup()
    from connectors.sync import batches, walks

    batches.ROWS = 25
    walks.LONG = given["long"]


def attempt(run: int, kill: dict[str, float]) -> bool:
    """Whether the worker died by it."""
    child = os.fork()
    if not child:
        try:
            work(run, kill)
        finally:
            os._exit(0)
    if "seconds" in kill:
        time.sleep(kill["seconds"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    time.sleep(LEASE + 0.05)
    return os.WIFSIGNALED(status)


def work(run: int, kill: dict[str, float]) -> None:
    from django.db import connection

    from connectors.sync.work import Next, take_turn

    with connection.execute_wrapper(Mortal(int(kill.get("statement", 10**9)))):
        while take_turn(run) is Next.AGAIN:
            pass


class Mortal:
    """Counts statements, and ends the process before a certain one."""

    def __init__(self, last: int) -> None:
        self.left = last

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)


if __name__ == "__main__":
    main()
