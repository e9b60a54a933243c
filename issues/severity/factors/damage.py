"""What an attack would cost here."""

from __future__ import annotations

from issues.severity.factors.base import Aspect, Factor, Of, Said, Type
from issues.severity.facts import Facts

MANY, VERY_MANY = 100, 1_000


def priority(facts: Facts) -> Said:
    if facts.business_priority not in (1, 2, 4, 5):
        return None
    name = facts.application or "The application"
    return f"priority_{facts.business_priority}", f"{name} has business priority {facts.business_priority} of 5."


def data(facts: Facts) -> Said:
    if not facts.sensitive_data:
        return None
    return "sensitive_data", f"{facts.application or 'The application'} is marked as holding sensitive data."


def spread(facts: Facts) -> Said:
    if facts.endpoints >= VERY_MANY:
        return "spread_1000", f"{VERY_MANY:,} endpoints or more are affected."
    return ("spread_100", f"{MANY} endpoints or more are affected.") if facts.endpoints >= MANY else None


D, T = Factor, Type.DAMAGE
ASPECTS = (
    Aspect("Priority", T, (
        D("priority_5", 30, "Lowest business priority", -1.2, "the application's business priority is 5",
          "Its loss would hardly be felt: SSVC “Mission impact: degraded”, CVSS v3.1 CR, IR and AR low."),
        D("priority_4", 31, "Low business priority", -0.8, "the application's business priority is 4",
          "As priority 5, one step milder."),
        D("priority_2", 32, "High business priority", 0.3, "the application's business priority is 2",
          "Supports an essential function (SSVC “Mission impact”)."),
        D("priority_1", 33, "Highest business priority", 0.7, "the application's business priority is 1",
          "Its loss stops the business: SSVC “Mission failure”, CVSS v3.1 CR, IR and AR high."),
    ), priority, Of.APPLICATION),
    Aspect("Data", T, (
        D("sensitive_data", 34, "Sensitive data", 0.5, "the application is marked as holding sensitive data",
          "CVSS v3.1 confidentiality requirement high; a breach has to be reported."),
    ), data, Of.APPLICATION),
    Aspect("Spread", T, (
        D("spread_100", 35, "Many endpoints", 0.3, f"{MANY} endpoints or more",
          "More ways in, and more to clean up after one attack."),
        D("spread_1000", 36, "Very many endpoints", 0.5, f"{VERY_MANY:,} endpoints or more",
          "As above, at the scale of a worm or of a whole site."),
    ), spread, Of.FINDINGS),
)  # fmt: skip
