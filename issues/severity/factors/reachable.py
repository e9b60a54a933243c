"""Whether an attacker gets to the vulnerable software here."""

from __future__ import annotations

from issues.severity.factors.base import Aspect, Factor, Of, Said, Type, written
from issues.severity.facts import Facts, Surface

OPEN_DAYS = 90
SILENT_DAYS = 30  # without contact to the console


def internet(facts: Facts) -> Said:
    if not facts.internet_facing:
        return None
    return "internet_facing", f"{facts.application or 'The application'} is flagged as internet-facing."


def address(facts: Facts) -> Said:
    if not facts.public_address:
        return None
    return "public_address", "A server or workload reaches the console from a public address that no other one shares."


def surface(facts: Facts) -> Said:
    if facts.surface is Surface.WORKLOAD:
        return "workload", "At least one affected endpoint is a cloud workload or container host."
    if facts.surface is Surface.SERVER:
        return "server", "At least one affected endpoint is a server."
    if facts.surface is Surface.WORKSTATION and not facts.unknown_surfaces:
        return "workstation", "Every affected endpoint is a laptop or desktop."
    return None


ENVIRONMENTS = ("development", "staging", "production")


def environment(facts: Facts) -> Said:
    if facts.environment not in ENVIRONMENTS:
        return None
    return facts.environment, f"{facts.application or 'The application'} is a {facts.environment} application."


def contact(facts: Facts) -> Said:
    if not facts.findings:
        return None
    if facts.gone >= facts.findings:
        return "endpoints_gone", "Every affected endpoint is decommissioned."
    if (facts.gone + facts.silent) * 2 >= facts.findings:
        return "endpoints_silent", (
            f"At least half of the affected endpoints are decommissioned or without contact for {SILENT_DAYS} days."
        )
    return None


def finding_age(facts: Facts) -> Said:
    if facts.first_seen is None or (facts.today - facts.first_seen).days < OPEN_DAYS:
        return None
    return "open_long", f"It has been there since {written(facts.first_seen)}, {OPEN_DAYS} days or more."


R, T = Factor, Type.REACHABLE
ASPECTS = (
    Aspect("Internet", T, (
        R("internet_facing", 19, "Internet-facing application", 1.0, "the application is flagged as internet-facing",
          "Anyone can knock: SSVC “System exposure: open”, CVSS v3.1 environmental MAV:N."),
    ), internet, Of.APPLICATION),
    Aspect("Address", T, (
        R("public_address", 20, "Public address of its own", 0.4,
          "a server or workload has a public address that no other endpoint shares",
          "Probably reachable without a gateway in between; only a sign, so less than the flag."),
    ), address, Of.FINDINGS),
    Aspect("Surface", T, (
        R("workstation", 21, "Workstations only", -0.6, "every affected endpoint is a laptop or desktop",
          "Offers no service to the network: SSVC “System exposure: small”, CVSS v3.1 environmental MAV:L."),
        R("server", 22, "Servers affected", 0.3, "at least one affected endpoint is a server",
          "Listens for others and holds what many use: SSVC “System exposure: controlled”."),
        R("workload", 23, "Cloud workloads affected", 0.4, "at least one affected endpoint is a cloud workload",
          "A server whose network borders are rules that change."),
    ), surface, Of.FINDINGS),
    Aspect("Environment", T, (
        R("development", 24, "Development", -0.8, "the application's environment is development",
          "Apart from users and their data: CVSS v3.1 environmental requirements CR, IR and AR low."),
        R("staging", 25, "Staging", -0.4, "the application's environment is staging",
          "As development, but nearer to production in network and data."),
        R("production", 26, "Production", 0.1, "the application's environment is production",
          "The normal case of a score, so only a little above it."),
    ), environment, Of.APPLICATION),
    Aspect("Contact", T, (
        R("endpoints_gone", 27, "Endpoints decommissioned", -1.5, "every affected endpoint is decommissioned",
          "Nothing runs there any more, as far as SentinelOne knows."),
        R("endpoints_silent", 28, "Endpoints out of contact", -0.5,
          f"at least half decommissioned or without contact for {SILENT_DAYS} days",
          "Probably switched off or gone; not sure enough for more."),
    ), contact, Of.FINDINGS),
    Aspect("Open for", T, (
        R("open_long", 29, "Open for long", 0.2, f"first seen {OPEN_DAYS} days ago or earlier",
          "Time is on the attacker's side: what was published long ago and stays open is what scanners find."),
    ), finding_age, Of.FINDINGS),
)  # fmt: skip
