"""What it takes to have every finding follow other mapping rules, and how long others wait meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from issues.bench.prober import Prober
from issues.ingest.recompute import is_due as has_to_count
from issues.ingest.recompute import recompute
from issues.ingest.remap import is_due, remap
from issues.mapping.preview import preview
from issues.mapping.rules import Condition, Rule, current
from issues.mapping.save import save
from issues.models import Finding


@dataclass(frozen=True)
class Remapping:
    """``wait``: the longest that another writer waited beside it, in milliseconds; None where nobody has to wait."""

    name: str
    findings: int  # of the installation
    issues: int  # that move
    seconds: float
    wait: float | None


def measure() -> Iterator[Remapping]:
    """Everything into one application, apart again, and a tenth of the endpoints elsewhere; then as it was before."""
    _follow()
    before = current()
    every_tenth = Rule("A tenth", conditions=(Condition("name", "glob", "*7"),), application="A tenth")
    for name, rules in (
        ("all into one application", [Rule("All", application="Everything")]),
        ("all apart again", before),
        ("a tenth of the endpoints", [every_tenth, *before]),
    ):
        yield from _saved(name, rules)
    save(before, None, "Bench")
    _follow()


def _saved(name: str, rules: list[Rule]) -> Iterator[Remapping]:
    begun = time.perf_counter()
    expected = preview(rules)
    yield Remapping(f"preview: {name}", _findings(), expected.issues, time.perf_counter() - begun, None)
    with _prober() as waits:
        begun = time.perf_counter()
        revision = save(rules, None, "Bench")
        _follow()
        seconds = time.perf_counter() - begun
    revision.refresh_from_db()
    yield Remapping(name, _findings(), revision.moved_issues, seconds, waits.write if waits else None)


def _prober() -> AbstractContextManager[Prober | None]:
    if connection.vendor != "sqlite":
        return nullcontext()
    return Prober(Path(settings.DATABASES["default"]["NAME"]))


def _follow() -> None:
    """To the end: endpoints, findings, counts."""
    _until_done(is_due, remap)
    _until_done(has_to_count, recompute)


def _until_done(is_due: Callable[[], bool], work: Callable[[], bool]) -> None:
    while is_due():
        work()


def _findings() -> int:
    return Finding.objects.count()
