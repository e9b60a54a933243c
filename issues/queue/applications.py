"""The riskiest applications, for pages that name a few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from issues.models import Application
from issues.queue.application_numbers import numbers_of, risk_by_application

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """``counts`` are active issues by severity word; ``owners`` are user names."""

    application: Application
    endpoints: int
    issues: int
    counts: dict[str, int]
    owners: list[str]
    risk: int


def riskiest(user: User, number: int) -> list[Row]:
    """Those with the highest risk score; without those that have no active issue."""
    risks = risk_by_application(user)
    worst = sorted(risks, key=lambda pk: (-risks[pk], pk))[:number]
    numbers, found = numbers_of(worst), Application.objects.visible_to(user).with_owners().in_bulk(worst)
    return [
        Row(
            application=found[pk],
            endpoints=numbers[pk].endpoints,
            issues=numbers[pk].total,
            counts=numbers[pk].counts,
            owners=[member.user.get_username() for member in found[pk].owners],  # type: ignore[attr-defined]
            risk=numbers[pk].risk,
        )
        for pk in worst
        if pk in found and pk in numbers  # all may be gone in between
    ]
