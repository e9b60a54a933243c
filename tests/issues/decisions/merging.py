"""Issues as a remapping finds and makes them, with decisions on them; nothing is counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User

from connectors.models import Connection
from issues.models import Application, Decision, Issue, Software, Vulnerability
from issues.severity.levels import Level

TITLE = "CVE-2026-1 · 7-Zip"
DAY = datetime(2026, 11, 1, 8, tzinfo=UTC)
_numbers = count(1)


def issue_of(
    connection: Connection, name: str, state: str | None = "active", severity: str = "high", **values: Any
) -> Issue:
    """The issue of that application for the one CVE of these stories."""
    application = Application.objects.named(name)
    cve = Vulnerability.objects.get_or_create(cve="CVE-2026-1")[0]
    software = Software.objects.get_or_create(key="7-zip", name="7-Zip")[0]
    over = {"resolved_at": DAY} if state in ("resolved", "removed") else {}
    return Issue.objects.create(
        connection=connection, application=application, vulnerability=cve, software=software, title=TITLE,
        state=state, severity=Level.of(severity), first_seen=DAY, last_seen=DAY, **{**over, **values},
    )  # fmt: skip


def made_by_a_move(connection: Connection, name: str) -> Issue:
    return issue_of(connection, name, None, "unknown")


def decide(issue: Issue, kind: str, value: str = "", days: int | None = None, user: User | None = None) -> Decision:
    """As if it had been decided; ``days`` until it ends."""
    number = next(_numbers)
    made = Decision.objects.create(
        issue=issue, kind=kind, value=value, reason=f"Reason {number}", user=user, at=DAY + timedelta(seconds=number),
        until=None if days is None else DAY + timedelta(days=days),
    )  # fmt: skip
    if kind in Decision.EXCLUDING:
        issue.decision, issue.state = kind, issue.state if issue.state == "resolved" else "excluded"
    elif kind == "severity":
        issue.overridden, issue.severity = True, Level.of(value)
    elif kind == "owner":
        issue.owner = User.objects.get(username=value)
    issue.save()
    return made


def in_force(issue: Issue) -> list[tuple[str, str, str]]:
    """Kind, value and reason of what counts, comments left out."""
    found = issue.decisions.in_force().exclude(kind="comment")
    return sorted(found.values_list("kind", "value", "reason"))
