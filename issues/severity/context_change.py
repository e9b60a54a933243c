"""What an application is, as severity factors see it, and what another context does to the factors of an issue.

Pure: the factors that depend on the application alone are taken out of a stored set and put in anew.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

from issues.severity.factors import ASPECTS_OF, Of, bits_of, touching
from issues.severity.facts import Facts
from issues.severity.levels import Level

ASPECTS = ASPECTS_OF[Of.APPLICATION]
OF_APPLICATIONS = bits_of(factor.code for aspect in ASPECTS for factor in aspect.factors)


class Context(NamedTuple):
    """``business_priority`` is None for “Unassigned”, which has none."""

    business_priority: int | None
    environment: str
    internet_facing: bool
    sensitive_data: bool


@cache
def bits_in(context: Context) -> int:
    """The factors that speak because of the application, as ``Issue.factor_bits`` holds them."""
    known = Facts(vendor_severity=Level.UNKNOWN, today=date.min, **context._asdict())
    return bits_of(touching(known, ASPECTS))


def swapped(bits: int, context: Context) -> int:
    """The factors of an issue, had its application been like this."""
    return bits & ~OF_APPLICATIONS | bits_in(context)
