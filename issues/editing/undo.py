"""A change taken back: what was kept of it is plain enough for a session, and later changes are left alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from issues.editing.values import Values
from issues.editing.write import Changed, change
from issues.models import Application

Kept = list[dict[str, Any]]  # as JSON can hold it: keys of a mapping there are always text


def keep(changes: Iterable[Changed]) -> Kept:
    return [{"key": c.application.pk, "before": _packed(c.before), "after": _packed(c.after)} for c in changes]


def take_back(kept: Kept, user: User) -> list[Changed]:
    """Give each field its former value, unless somebody has changed it again since; told as changes like others."""
    known = {entry["key"]: (_unpacked(entry["before"]), _unpacked(entry["after"])) for entry in kept}
    there = set(User.objects.filter(pk__in=_users(known.values())).values_list("pk", flat=True))

    def wanted(application: Application, now: Values) -> Values:
        before, after = known[application.pk]
        values = {name: value for name, value in before.items() if now[name] == after[name]}
        if "members" in values:
            values["members"] = {key: role for key, role in values["members"].items() if key in there}
        return values

    return change(known, wanted, user)


def _packed(values: Values) -> Values:
    return values | ({"members": sorted(values["members"].items())} if "members" in values else {})


def _unpacked(values: Values) -> Values:
    return values | ({"members": dict(values["members"])} if "members" in values else {})


def _users(pairs: Iterable[tuple[Values, Values]]) -> set[int]:
    return {key for before, _ in pairs for key in before.get("members", ())}
