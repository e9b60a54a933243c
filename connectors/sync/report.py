"""One run as other programs see it: the API's ``runs/`` and ``sync --json`` say the same."""

from __future__ import annotations

from typing import Any

from connectors.models import SyncRun

COUNTERS = ("read", "created", "changed", "unchanged", "resolved", "reopened", "removed", "skipped")
ISSUE_COUNTERS = ("created", "changed", "resolved", "reopened", "removed")


def run_report(run: SyncRun) -> dict[str, Any]:
    """Counters are numbers, ``seconds`` is None before the first step, ``error`` is None or code and message."""
    return {
        "run": str(run.pk),
        "connection": str(run.connection_id),
        "mode": run.mode,
        "state": run.state,
        **{name: getattr(run, name) for name in COUNTERS},
        "issues": {name: getattr(run, f"issues_{name}") for name in ISSUE_COUNTERS},
        "requests": run.requests,
        "seconds": run.seconds,
        "error": {"code": run.error_code, "message": run.error} if run.error_code else None,
    }
