"""The tags that the company's people gave to endpoints, and some they forgot."""

from __future__ import annotations

APPLICATIONS: dict[str, dict[str, str]] = {
    "payments": {"app": "payments-api", "tier": "1", "owner": "payments-team"},
    "portal": {"app": "customer-portal", "tier": "1", "owner": "web-team", "exposure": "internet"},
    "cluster": {"app": "checkout", "tier": "1", "owner": "platform-team"},
    "warehouse": {"app": "data-warehouse", "tier": "2", "owner": "data-team"},
    "database": {"app": "ledger-core", "tier": "1", "owner": "ledger-team"},
    "intranet": {"app": "hr-suite", "tier": "3", "owner": "people-systems"},
    "mail": {"app": "mail", "tier": "2", "owner": "workplace-it", "exposure": "internet"},
    "directory": {"app": "identity", "tier": "1", "owner": "identity-team"},
    "legacy": {"app": "archive", "tier": "4", "owner": "infrastructure"},
    "till": {"app": "point-of-sale", "tier": "2", "owner": "retail-it"},
    "build": {"app": "build-farm", "tier": "3", "owner": "platform-team"},
    "developer": {"owner": "engineering"},
    "mac-developer": {"owner": "engineering"},
    "finance": {"owner": "finance-it"},
}

ENVIRONMENTS = {"STG": "staging", "DUB": "development"}  # by site; elsewhere production


def tags(role: str, site: str, roll: int) -> dict[str, str]:
    """Tags of an endpoint; about one in eight that should have them has none."""
    known = APPLICATIONS.get(role)
    if known is None or roll % 8 == 5:
        return {}
    if "app" in known:
        known = {**known, "env": ENVIRONMENTS.get(site, "production")}
    if role == "database" and site == "FRA2":
        known = {**known, "app": "loyalty", "owner": "retail-it"}
    return known
