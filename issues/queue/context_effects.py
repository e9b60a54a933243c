"""What would happen to severities if applications were something else, before anybody saves it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from issues.models import Application, RuleSet
from issues.severity.context_change import Context
from issues.severity.what_if import WhatIf, what_if


def effects(changes: Mapping[Application, Mapping[str, Any]]) -> WhatIf | None:
    """``changes``: fields with their new values. None when nothing changes that severities depend on."""
    contexts = {application.pk: context_with(application, values) for application, values in changes.items()}
    touched = {a.pk: contexts[a.pk] for a in changes if contexts[a.pk] != context_with(a, {})}
    return what_if(RuleSet.objects.current().all_weights, touched) if touched else None


def context_with(application: Application, values: Mapping[str, Any]) -> Context:
    """As severity factors would see it; other fields in ``values`` don't matter."""
    known = {name: values.get(name, getattr(application, name)) for name in Context._fields}
    return Context(**known | ({"business_priority": None} if application.is_unassigned else {}))
