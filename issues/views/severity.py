"""``/severity/``: what every severity factor weighs, what other weights would do, and every version there was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from connectors.access import Action, may
from issues.asking import recompute_soon
from issues.models import Feed, Issue, RuleSet
from issues.severity.factors import ASPECTS, Factor, Type
from issues.severity.levels import WORST_FIRST
from issues.severity.weights import BadWeights, complete
from issues.severity.what_if import WhatIf, touches, what_if
from issues.views.people import user_of

VERSIONS = 20


@dataclass(slots=True)
class Asked:
    """What stands in the form: the weights of a version, or what somebody typed."""

    weights: dict[str, Any]
    comment: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    preview: WhatIf | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def severity(request: HttpRequest) -> HttpResponse:
    current = RuleSet.objects.current()
    if request.method != "POST":
        shown = _shown(request, current)
        comment = "" if shown == current else f"Back to version {shown.version}"
        return _page(request, current, Asked(shown.all_weights, comment))
    if not may(user_of(request), Action.MANAGE_RULES):
        raise PermissionDenied
    typed = {name.removeprefix("w-"): value for name, value in request.POST.items() if name.startswith("w-")}
    asked = Asked(current.all_weights | typed, str(request.POST.get("comment", "")))
    try:
        weights = complete(typed, current.all_weights)
    except BadWeights as error:
        asked.problems = error.problems
        return _page(request, current, asked)
    if request.POST.get("do") == "save":
        return _save(request, current, asked, weights)
    asked.preview = what_if(weights)
    return _page(request, current, asked)


def _save(request: HttpRequest, current: RuleSet, asked: Asked, weights: dict[str, float]) -> HttpResponse:
    if weights == current.all_weights:
        messages.info(request, "Nothing differs from the weights that count already.")
        return redirect("severity")
    if request.POST.get("based_on") != str(current.version):
        asked.problems = {"": f"Version {current.version} was saved meanwhile. Look at it, then save again."}
        return _page(request, current, asked)
    try:
        rules = RuleSet.add(weights, asked.comment, user_of(request))
    except IntegrityError:
        asked.problems = {"": "Somebody saved another version at the same moment. Look at it, then save again."}
        return _page(request, RuleSet.objects.current(), asked)
    recompute_soon()
    messages.success(request, f"Rule set version {rules.version} counts now. Issues follow within a minute.")
    return redirect("severity")


def _shown(request: HttpRequest, current: RuleSet) -> RuleSet:
    """The version that the address asks for, to look at it or to go back to it."""
    wanted = request.GET.get("version", "")
    if not wanted:
        return current
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 10 else 0
    return get_object_or_404(RuleSet, version=number)


def _page(request: HttpRequest, current: RuleSet, asked: Asked) -> HttpResponse:
    user = user_of(request)
    outdated = Issue.objects.filter(state__in=Issue.OPEN_STATES).exclude(rules_version=current.version)
    context = {
        "current": current,
        "shown": _shown(request, current),
        "asked": asked,
        "preview": asked.preview,
        "levels": WORST_FIRST,
        "groups": _groups(asked, touches(user), current.all_weights),
        "may_edit": may(user, Action.MANAGE_RULES),
        "versions": RuleSet.objects.select_related("author")[:VERSIONS],
        "feeds": Feed.all_of_them(),
        "following": outdated.exists() and current.version > 1,
    }
    return render(request, "issues/severity.html", context)


def _groups(asked: Asked, touched: dict[str, int], now: dict[str, float]) -> list[dict[str, Any]]:
    """By type, the aspects with their factors as the table shows them."""

    def row(factor: Factor) -> dict[str, Any]:
        code = factor.code
        value = asked.weights[code]
        return {
            "factor": factor,
            "value": value,
            "now": now[code],
            "touches": touched[code],
            "problem": asked.problems.get(code, ""),
        }

    found = []
    for type_ in Type:
        aspects = [aspect for aspect in ASPECTS if aspect.type is type_]
        found.append({"type": type_, "rows": [row(factor) for aspect in aspects for factor in aspect.factors]})
    return found
