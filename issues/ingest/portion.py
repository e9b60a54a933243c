"""How many issues are counted in one transaction: as many as their findings allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection as database

from issues.ingest.gather import Numbers, gather, sizes

BATCH = 1_000  # issues
FINDINGS = 20_000  # of them together: a tenth of a second or two on SQLite
FEW = 8  # issues looked at first; then so often as many as before, at most

Portion = tuple[Sequence[int], dict[int, Numbers]]  # the first keys of those given, and the numbers of their findings


def portion(keys: Sequence[int], now: datetime) -> Portion:
    return _counted(keys, now) if database.vendor == "sqlite" else _estimated(keys, now)


def _counted(keys: Sequence[int], now: datetime) -> Portion:
    """No more than ``FINDINGS``, or one issue: so long other writers wait. An index has how many each issue has."""
    findings, total = sizes(keys), 0
    for position, key in enumerate(keys):
        total += findings.get(key, 0)
        if total > FINDINGS and position:
            keys = keys[:position]
            break
    return keys, gather(keys, now)


def _estimated(keys: Sequence[int], now: datetime) -> Portion:
    """About as many, as the first ones tell: nobody waits, and counting before would take as long as gathering."""
    numbers: dict[int, Numbers] = {}
    looked, findings, following = 0, 0, FEW
    while looked < len(keys) and following:
        found = gather(keys[looked : looked + following], now)
        numbers |= found
        looked, findings = looked + following, findings + sum(issue.findings for issue in found.values())
        following = min(looked * FEW, max(FINDINGS - findings, 0) * looked // max(findings, 1))
    return keys[:looked], numbers
