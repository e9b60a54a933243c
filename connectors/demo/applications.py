"""What the simulated company knows of its applications, so that severity factors have something to look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

APPLICATIONS = "applications.json"
PRODUCTION, DEVELOPMENT, STAGING = ({"environment": name} for name in ("production", "development", "staging"))


def write_applications(folder: Path, owner: str) -> Path:
    """The file that ``load_applications`` takes. Some are left as they are made: nobody knows everything."""
    file = folder / APPLICATIONS
    file.write_text(json.dumps(_applications(owner), indent=1))
    return file


def _applications(owner: str) -> list[dict[str, Any]]:
    mine = {"owners": [owner]}
    open_to_all = {"internet_facing": True}
    sensitive = {"sensitive_data": True}
    return [
        _known("payments-api", 1, "Takes card payments.", "pci", PRODUCTION, open_to_all, sensitive, mine),
        _known("checkout", 1, "The last page before an order.", "pci", PRODUCTION, open_to_all, mine),
        _known("ledger-core", 1, "Books every payment.", "pci", PRODUCTION, sensitive),
        _known("identity", 2, "Signs people in.", "platform", PRODUCTION, open_to_all, sensitive),
        _known("customer-portal", 2, "Orders and returns.", "web", PRODUCTION, open_to_all),
        _known("hr-suite", 2, "Contracts and salaries.", "people", PRODUCTION, sensitive),
        _known("point-of-sale", 2, "The tills in the shops.", "pci", PRODUCTION),
        _known("loyalty", 3, "Points and coupons.", "web", PRODUCTION, open_to_all),
        _known("data-warehouse", 3, "Reports of yesterday.", "data", PRODUCTION, sensitive),
        _known("build-farm", 5, "Builds and tests what we write.", "platform", DEVELOPMENT),
        _known("Payments Staging (AWS)", 4, "Where payments are tried.", "pci", STAGING),
    ]


def _known(name: str, priority: int, description: str, tag: str, *more: dict[str, Any]) -> dict[str, Any]:
    known: dict[str, Any] = {
        "name": name,
        "business_priority": priority,
        "description": description,
        "tags": [tag],
        "links": [{"label": "Runbook", "url": f"https://wiki.example/{name.split()[0].lower()}"}],
    }
    for values in more:
        known |= values
    return known
