"""The list of issues with its filters: the whole queue, or one application's part of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from connectors.access import Action, may
from issues.models import Application, Issue
from issues.navigation import navigation_of
from issues.queue.address import PLACE, without_blanks
from issues.queue.factor_facet import factor_options
from issues.queue.listing import list_issues
from issues.queue.states import heading_of, nothing_to_show
from issues.queue.totals import issue_totals
from issues.views.people import user_of

DENSITIES = ("comfortable", "compact")
KEV = (("true", "Listed"), ("false", "Not listed"))
COOKIE, YEAR = "density", 365 * 24 * 3600
PART = "results"  # what htmx asks for alone


def show_issues(
    request: HttpRequest, template: str, application: Application | None = None, frame: dict[str, Any] | None = None
) -> HttpResponse:
    """The whole page; for htmx the results with the filters beside them. ``frame``: what else the template shows.

    The caller makes sure that the user may see the application, and varies on ``HX-Target``.
    """
    if request.GET.get("density") in DENSITIES:
        return _remember_density(request)
    context = _context(request, application)
    if request.headers.get("HX-Target") != PART:
        return render(request, template, {**(frame or {}), **context})
    response = render(request, "issues/_results.html", context)
    response["HX-Push-Url"] = request.path + without_blanks(request.GET)
    return response


def asks_for_part(request: HttpRequest) -> bool:
    """Whether the frame around the list will not be shown, so that nobody needs to make it."""
    return request.headers.get("HX-Target") == PART


def _context(request: HttpRequest, application: Application | None) -> dict[str, Any]:
    user, around = user_of(request), navigation_of(request)
    query = request.GET.copy()
    if application is not None:  # it is fixed, whatever the address says
        query.pop("application", None)
    connections = [summary.connection for summary in around.all_connections]
    listing = list_issues(user, query, application, connections=connections)
    totals = around.totals if application is None else issue_totals(user, application)
    states, in_kev = listing.filters.states, listing.filters.values.get("kev", ())
    whole = sum(totals.get(state, 0) for state in states)
    return {
        "application": application,
        "listing": listing,
        "columns": {c.name: c for c in listing.columns if application is None or c.name != "application"},
        "list_url": "/issues/" if application is None else f"{request.path}?view=issues",
        "heading": heading_of(states),
        "whole": whole,
        "over": Issue.State.ACTIVE not in states,
        "excluded": states == (Issue.State.EXCLUDED,),
        "kev": [{"value": word, "label": label, "selected": word in in_kev} for word, label in KEV],
        "factors": factor_options(listing.filters, user, application) if _asks_for_factors(request) else None,
        "ask_for_factors": _with(request, "show", "factor"),
        "nothing": None if listing.rows else nothing_to_show(user, listing, whole, around.connections),
        "bulk": may(user, Action.TRIAGE),
        "bulk_query": _meant(query, application),
        "density": request.COOKIES.get(COOKIE) if request.COOKIES.get(COOKIE) in DENSITIES else DENSITIES[0],
    }


def _meant(query: QueryDict, application: Application | None) -> str:
    """The filters of the list, for what is done to all that match."""
    kept = query.copy()
    kept.pop(PLACE, None)
    if application is not None:
        kept["application"] = application.slug
    return kept.urlencode()


def _asks_for_factors(request: HttpRequest) -> bool:
    """Few people filter by factor, and counting them costs a query of its own."""
    return "factor" in request.GET or request.GET.get("show") == "factor"


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    return f"?{query.urlencode()}"


def _remember_density(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    chosen = query.pop("density")[-1]
    response = redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    response.set_cookie(COOKIE, str(chosen), max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
