"""POST ``/applications/undo/<key>/``: the last change of applications in this session taken back."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_POST

from issues.editing.undo import keep, take_back
from issues.editing.values import CONTEXT
from issues.editing.write import Changed, Refused
from issues.views.people import manager_of

KEPT = "application_change"  # in the session
SAID = 3  # changes named in a message


def saved(request: HttpRequest, changed: Sequence[Changed], what: str) -> None:
    """Say what was changed, and keep what it takes to undo it."""
    if not changed:
        messages.info(request, f"Nothing differs from what {what} was already.")
        return
    key = get_random_string(12)
    request.session[KEPT] = {"key": key, "changes": keep(changed)}
    messages.success(request, f"{what}: {in_words(changed)}", extra_tags=reverse("application_undo", args=[key]))


def in_words(changed: Sequence[Changed]) -> str:
    said = list(dict.fromkeys(text for each in changed for _, text in each.told))
    more = f" and {len(said) - SAID} more" if len(said) > SAID else ""
    follow = " Issues follow within a minute." if any(name in CONTEXT for c in changed for name in c.after) else ""
    return f"{'; '.join(said[:SAID])}{more}.{follow}"


@require_POST
def undo(request: HttpRequest, key: str) -> HttpResponse:
    user = manager_of(request)
    kept = request.session.get(KEPT)
    if not kept or kept["key"] != key:
        messages.info(request, "There is nothing to undo any more.")
        return redirect("applications")
    try:
        changed = take_back(kept["changes"], user)
    except Refused as refused:
        messages.error(request, f"Nothing was undone. {refused}")
        return redirect("applications")
    del request.session[KEPT]
    if changed:
        messages.success(request, f"Undone: {in_words(changed)}")
    else:
        messages.info(request, "Nothing was undone: somebody changed the same since.")
    return redirect(changed[0].application) if len(changed) == 1 else redirect("applications")
