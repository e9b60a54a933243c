"""Follows saved rules in processes that are killed with SIGKILL, one after the other, until one may finish.

Reads a JSON object on stdin: ``database`` (Django's settings of it) and ``kills``, a list of statement numbers to die
before, be it in a transaction or between two. Prints how many really died by it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import timedelta
from typing import Any

LEASE = 0.2  # seconds


def main() -> None:
    given = json.load(sys.stdin)
    set_up(given)
    died = sum(attempt(statement) for statement in given["kills"])
    attempt(10**9)
    print(died)


def set_up(given: dict[str, Any]) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(given["database"])
    django.setup()
    from issues.ingest import follow, remap
    from issues.models import Assessment, MappingRevision

    remap.BATCH, follow.MOST_ISSUES = 1, 1
    Assessment.LEASE = MappingRevision.LEASE = timedelta(seconds=LEASE)


def attempt(statement: int) -> bool:
    """Whether the worker died by it."""
    child = os.fork()
    if not child:
        status = 1
        try:
            work(statement)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a worker failed instead of dying")
    time.sleep(LEASE + 0.05)
    return os.WIFSIGNALED(status)


def work(statement: int) -> None:
    from django.db import connection

    from issues.ingest.recompute import recompute
    from issues.ingest.remap import is_due, remap
    from tests.faults.mortal import Mortal

    with connection.execute_wrapper(Mortal(statement)):
        while is_due():
            remap()
        while recompute():
            pass


if __name__ == "__main__":
    main()
