"""Who may come in: every view of this app names the action that it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from connectors.access import Action, may

P = ParamSpec("P")


class SignedIn(HttpRequest):
    """What the middleware guarantees for every view of this app."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[SignedIn, P], HttpResponse]


def needs(action: Action) -> Callable[[View[P]], View[P]]:
    """403 for whoever may not."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: SignedIn, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not may(request.user, action):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast("View[P]", guarded)

    return decorate


def rights(request: SignedIn) -> dict[str, bool]:
    """For templates: which buttons work."""
    return {
        "may_sync": may(request.user, Action.SYNC),
        "may_manage": may(request.user, Action.MANAGE_CONNECTIONS),
    }
