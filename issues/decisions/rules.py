"""What a decision needs before it may be made, in sentences for whoever forgot it."""

from __future__ import annotations

from datetime import datetime, timedelta

from issues.models import Decision
from issues.severity.levels import WORST_FIRST, Level

Kind = Decision.Kind
LONGEST = 2_000  # characters of a reason or a comment
FURTHEST = timedelta(days=5 * 366)
SETTABLE = tuple(level for level in WORST_FIRST if level is not Level.UNKNOWN)
WHY = {
    Kind.FALSE_POSITIVE: "Say why it is a false positive. The reason is kept in the activity of the issue.",
    Kind.ACCEPTED_RISK: "Say why the risk can be accepted. The reason is kept in the activity of the issue.",
    Kind.SEVERITY: "Say why: the reason is kept in the activity of the issue.",
    Kind.COMMENT: "Write something.",
}


class Refused(ValueError):
    """Nothing was decided. ``problems``: a sentence for each field, ``kind, value, reason, until``."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


def check(kind: str, *, value: str = "", reason: str = "", until: datetime | None = None, now: datetime) -> None:
    """``Refused`` for a decision that lacks something. Who owns an issue is looked at where users are known."""
    problems = {name: text for name, text in _problems(kind, value, reason, until, now) if text}
    if problems:
        raise Refused(problems)


def _problems(kind: str, value: str, reason: str, until: datetime | None, now: datetime) -> list[tuple[str, str]]:
    if kind not in Kind:
        return [("kind", f"“{kind[:40]}” is not one of {', '.join(Kind.values)}.")]
    known = Kind(kind)
    return [
        ("value", _about_value(known, value)),
        ("reason", _about_reason(known, reason)),
        ("until", _about_end(known, until, now)),
    ]


def _about_value(kind: Kind, value: str) -> str:
    words = [level.word for level in SETTABLE]
    if kind == Kind.SEVERITY and value not in words:
        return f"“{value[:40]}” is not one of {', '.join(words)}."
    return "Name a user." if kind == Kind.OWNER and not value else ""


def _about_reason(kind: Kind, reason: str) -> str:
    if len(reason) > LONGEST:
        return f"At most {LONGEST:,} characters fit."
    if "\0" in reason:
        return "Null characters are not allowed."
    return WHY[kind] if kind in WHY and not reason.strip() else ""


def _about_end(kind: Kind, until: datetime | None, now: datetime) -> str:
    if kind not in (Kind.ACCEPTED_RISK, Kind.SNOOZE):
        return "" if until is None else "Only an accepted risk and a snooze have an end."
    if until is None:
        return "Say until when. Then it comes back by itself."
    if until <= now:
        return "This lies in the past."
    return "More than five years is not a date, but for ever." if until - now > FURTHEST else ""
