"""The resource picker: a page of the tree, single branches of it, and saving the choice."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from connectors.access import Action
from connectors.models import Connection
from connectors.picker.branches import Drawing, View
from connectors.picker.draft import redraft
from connectors.picker.forest import Forest
from connectors.selection import UnknownResources, select
from connectors.sources.exceptions import SourceError
from connectors.sync.tree import read_now
from connectors.views.catalogue import back_to
from connectors.views.gate import SignedIn, needs, rights


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Action.MANAGE_CONNECTIONS)
def resources(request: SignedIn, pk: int) -> HttpResponse:
    """POST saves, unless it only asks to see more of the tree with what is ticked so far."""
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    forest = Forest.of(connection)
    if request.method != "POST":
        return _page(request, connection, forest, forest.stored, _view(request.GET))
    choice = _choice(request.POST, forest)
    view = _view(request.POST)
    if "branch" in request.GET:
        return _branch(request, forest, choice, view)
    if "picked" in request.GET:
        return render(request, "connectors/_picked.html", _counts(forest, choice))
    if "all" in request.POST:
        return _page(request, connection, forest, choice | Drawing(forest, choice, view).whole(), view)
    if "find" in request.POST or request.htmx:
        return _page(request, connection, forest, choice, view)
    return _save(request, connection, choice)


@require_POST
@needs(Action.MANAGE_CONNECTIONS)
def read_resources(request: SignedIn, pk: int) -> HttpResponse:
    """Ask the console which accounts, sites and groups there are now."""
    connection = get_object_or_404(Connection.objects.live(), pk=pk)
    try:
        read_now(connection)
    except SourceError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, "The resources were read from the console.")
    return redirect("connectors:resources", pk)


def _save(request: SignedIn, connection: Connection, choice: set[int]) -> HttpResponse:
    try:
        select(connection, choice, include_new="include_new" in request.POST)
    except UnknownResources as error:
        messages.error(request, f"Nothing was saved. {error}")
        return redirect("connectors:resources", connection.pk)
    what = f"{len(choice):,} selected" if choice else "Nothing is selected, so everything is imported"
    return back_to(request, connection, f"{what}, from the next import of {connection} on.")


def _page(request: SignedIn, connection: Connection, forest: Forest, choice: Iterable[int], view: View) -> HttpResponse:
    chosen = forest.widest(set(choice))
    drawing = Drawing(forest, chosen, view)
    template = "connectors/_picker_body.html" if request.htmx else "connectors/resources.html"
    context = {
        "connection": connection, "tree": drawing.tree(), "view": view, "matches": drawing.matches,
        "known": len(forest.leaves), "draft": ",".join(map(str, sorted(chosen))),
        "include_new": "include_new" in request.POST if request.method == "POST" else connection.include_new,
        "crumbs": [
            ("Connectors", reverse("connectors:catalogue")),
            (connection.name, f"{reverse('connectors:catalogue')}#connection-{connection.pk}"),
            ("Resources", ""),
        ],
        **_counts(forest, chosen), **rights(request),
    }  # fmt: skip
    return render(request, template, context)


def _branch(request: SignedIn, forest: Forest, choice: set[int], view: View) -> HttpResponse:
    """One branch, opened, as the page with this draft would show it."""
    (one,) = _ids(request.GET.getlist("branch")) or (0,)
    if one not in forest.leaves:
        raise Http404
    branch = Drawing(forest, choice, view.opening(one)).branch(one)
    return render(request, "connectors/_branch.html", {"branch": branch})


def _counts(forest: Forest, choice: set[int]) -> dict[str, int]:
    stored = forest.widest(forest.stored)
    return {"picked": len(choice), "added": len(choice - stored), "taken": len(stored - choice)}


def _choice(data: QueryDict, forest: Forest) -> set[int]:
    """A request that does not say which boxes it saw names the whole selection."""
    ticked = _ids(data.getlist("selected"))
    if "shown" not in data:
        return ticked
    base = _ids(data.get("draft", "").split(",")) if "draft" in data else forest.stored
    return redraft(forest, base, _ids(data.getlist("shown")), ticked, filtered="filtered" in data)


def _view(data: QueryDict) -> View:
    opened, closed, whole = (frozenset(_ids(data.getlist(name))) for name in ("open", "closed", "whole"))
    return View(data.get("q", "").strip()[:200], data.get("only") == "active", opened, closed, whole)


def _ids(texts: Iterable[str]) -> set[int]:
    """Ids as the page hands them out; anything else is not one of ours."""
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19}
