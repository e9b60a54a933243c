"""Where to go after a change: to the page that it was asked on."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest, data: QueryDict) -> str:
    """The address in ``next`` or the page that it came from, when that is one of ours; else the queue."""
    for wanted in (data.get("next", ""), request.headers.get("Referer", "")):
        if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
            return wanted
    return "/issues/"
