"""The schedules of issues, as code: written into django-q's table after every migration."""

from __future__ import annotations

from typing import Any

from django_q.models import Schedule

SCHEDULES: dict[str, dict[str, Any]] = {
    "Bring severities up to date": {"func": "issues.tasks.recompute", "minutes": 1},
    "Follow the mapping rules": {"func": "issues.tasks.remap", "minutes": 1},
    "Bring trends and fixes up to date": {"func": "issues.tasks.keep_up", "minutes": 1},
    "Go on with decisions about many issues": {"func": "issues.tasks.decide", "minutes": 1},
    "End decisions whose time is over": {"func": "issues.tasks.lapse", "minutes": 1},
    "Load EPSS and KEV": {"func": "issues.tasks.load_feeds", "minutes": 360},
}


def install(**_: Any) -> None:
    """Make the table say what this file says."""
    for name, values in SCHEDULES.items():
        Schedule.objects.update_or_create(
            name=name, defaults={**values, "schedule_type": Schedule.MINUTES, "repeats": -1}
        )
