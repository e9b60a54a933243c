"""``/issues/``: the active issues, and by ``?state=`` those that are over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from issues.models import Issue
from issues.navigation import navigation_of
from issues.queue.factor_facet import factor_options
from issues.queue.listing import list_issues
from issues.queue.states import heading_of, nothing_to_show
from issues.views.people import user_of

DENSITIES = ("comfortable", "compact")
KEV = (("true", "Listed"), ("false", "Not listed"))
COOKIE, YEAR = "density", 365 * 24 * 3600


@require_safe
@vary_on_headers("HX-Target")
def queue(request: HttpRequest) -> HttpResponse:
    """The whole page; for htmx the results with the filters beside them."""
    if request.GET.get("density") in DENSITIES:
        return _remember_density(request)
    user, around = user_of(request), navigation_of(request)
    connections = [summary.connection for summary in around.all_connections]
    listing = list_issues(user, request.GET, connections=connections)
    whole = sum(around.totals.get(state, 0) for state in listing.filters.states)
    states, in_kev = listing.filters.states, listing.filters.values.get("kev", ())
    context = {
        "listing": listing,
        "columns": {column.name: column for column in listing.columns},
        "heading": heading_of(states),
        "whole": whole,
        "over": Issue.State.ACTIVE not in states,
        "kev": [{"value": word, "label": label, "selected": word in in_kev} for word, label in KEV],
        "factors": factor_options(listing.filters, user) if _asks_for_factors(request) else None,
        "ask_for_factors": _with(request, "show", "factor"),
        "nothing": None if listing.rows else nothing_to_show(user, listing, whole, around.connections),
        "density": request.COOKIES.get(COOKIE) if request.COOKIES.get(COOKIE) in DENSITIES else DENSITIES[0],
    }
    if request.headers.get("HX-Target") != "results":
        return render(request, "issues/queue.html", context)
    response = render(request, "issues/_results.html", context)
    response["HX-Push-Url"] = _without_blanks(request)
    return response


def _asks_for_factors(request: HttpRequest) -> bool:
    """Few people filter by factor, and counting them costs a query of its own."""
    return "factor" in request.GET or request.GET.get("show") == "factor"


def _with(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    query[name] = value
    return f"?{query.urlencode()}"


def _without_blanks(request: HttpRequest) -> str:
    """The address to keep: a form sends its empty fields too."""
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        query.setlist(name, [value for value in values if value])
    return f"{request.path}?{query.urlencode()}" if query.urlencode() else request.path


def _remember_density(request: HttpRequest) -> HttpResponse:
    query = request.GET.copy()
    chosen = query.pop("density")[-1]
    response = redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    response.set_cookie(COOKIE, str(chosen), max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
