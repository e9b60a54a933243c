"""``/issues/deciding/``: how far decisions about many issues are. The queue shows it to the session that began one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from issues.decisions.bulk import Progress, progress
from issues.views.people import user_of

BEGUN = "deciding"


@require_safe
def deciding(request: HttpRequest) -> HttpResponse:
    """What the queue asks for every two seconds."""
    return render(request, "issues/_deciding.html", {"deciding": progress(user_of(request)), "poll": True})


def begun(request: HttpRequest) -> None:
    """Have the queue look for progress from now on."""
    request.session[BEGUN] = True


def progress_to_show(request: HttpRequest) -> list[Progress]:
    """Without a query for everybody else."""
    if not request.session.get(BEGUN):
        return []
    found = progress(user_of(request))
    if not found:
        del request.session[BEGUN]
    return found
