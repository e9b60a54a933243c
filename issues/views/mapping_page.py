"""What the page of mapping rules shows, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from connectors.access import Action, may
from issues.access import sees_everything
from issues.mapping.draft import Draft
from issues.mapping.draft_form import FIELDS, OPERATORS, TARGETS
from issues.mapping.trial import Trial
from issues.models import MappingRevision
from issues.queue.flow import flow_of
from issues.queue.mapping_values import decided, known_values
from issues.queue.suggestions import suggestions
from issues.views.people import user_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

VERSIONS, MOVES = 20, 100  # shown
CHOICES = {"fields": FIELDS.items(), "operators": OPERATORS.items(), "targets": TARGETS.items()}
CRUMBS = [("Applications", "/applications/"), ("Mapping rules", "")]


def reader_of(request: HttpRequest) -> User:
    """Rules tell names of applications, so they are for those who see all applications."""
    user = user_of(request)
    if not sees_everything(user):
        raise PermissionDenied
    return user


def writer_of(request: HttpRequest) -> User:
    user = user_of(request)
    if not may(user, Action.MANAGE_APPLICATIONS):
        raise PermissionDenied
    return user


def page(
    request: HttpRequest, draft: Draft, trial: Trial | None = None, *, counts: bool = False, **more: Any
) -> HttpResponse:
    """``counts``: the draft is what counts now, so that each rule can say what it took.

    ``more``: ``shown``, an older version; ``suggested``, the last rule came with the address; ``confirm``, "Save" was
    pressed before the preview was seen; ``conflict``, the version that somebody saved meanwhile.
    """
    user, preview = reader_of(request), trial.preview if trial else None
    newest = MappingRevision.objects.select_related("author").current()
    may_edit, rest = may(user, Action.MANAGE_APPLICATIONS), preview.unassigned if preview else None
    moves = preview.moves if preview else []
    if counts:
        taken, rest = decided()
        for rule, endpoints in zip(draft.rules, taken, strict=False):
            rule.endpoints = endpoints
    context = {
        **CHOICES,
        "here": reverse("mapping"),
        "crumbs": CRUMBS,
        "draft": draft,
        "preview": preview,
        "changes": trial is None or trial.changes,
        "flow": flow_of((move.source, move.target, move.endpoints) for move in moves),
        "moves": moves[:MOVES],
        "more_moves": len(moves[MOVES:]),
        "rest": rest,
        "may_edit": may_edit,
        "known": known_values() if may_edit else (),
        "suggestions": suggestions(user) if counts else (),
        "work": newest,
        "current": newest,
        "next_version": (newest.version if newest else 1) + 1,
        "versions": MappingRevision.objects.select_related("author")[:VERSIONS],
        **more,
    }
    return render(request, "issues/mapping.html", context)
