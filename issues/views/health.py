"""Whether this installation works, for probes: no sign-in, no details."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from config import heartbeat

PATIENCE = 90  # seconds that a question to idle workers may wait


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with ``{"status": "ok", "database": …, "workers": …}``, or 503 with the part that does not answer."""
    parts = {"database": _database(), "workers": _workers()}
    ok = "silent" not in parts.values()
    return JsonResponse({"status": "ok" if ok else "error", **parts}, status=200 if ok else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "silent"
    return "answering"


def _workers() -> str:
    silence = heartbeat.silence()
    if silence is None:
        return "not asked"  # nothing supervises them here
    if silence < PATIENCE:
        return "answering"
    return "busy" if heartbeat.busy(within=PATIENCE) else "silent"
