"""The schedules of the product, as code: written into django-q's table after every migration."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_q.models import Schedule

SCHEDULES: dict[str, dict[str, Any]] = {
    "Start imports that are due": {"func": "connectors.tasks.start_due", "minutes": 1},
    "Ring again for stopped work": {"func": "connectors.tasks.reap", "minutes": 1},
}


def install(**_: Any) -> None:
    """Make the table say what this file says; schedules that other people added stay."""
    for name, values in SCHEDULES.items():
        Schedule.objects.update_or_create(
            name=name, defaults={**values, "schedule_type": Schedule.MINUTES, "repeats": -1}
        )
    # After the clock was set back they would wait until it has caught up.
    now = timezone.now()
    Schedule.objects.filter(name__in=SCHEDULES, next_run__gt=now + timedelta(hours=1)).update(next_run=now)
