"""CISA's KEV file: JSON with a list of vulnerabilities and their number."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from issues.intel.contents import Contents, check_broken, is_cve, moment
from issues.intel.fetch import FeedError


def parse(data: bytes) -> Contents:
    """Rows are (CVE, known use by ransomware, date added or None). Raises ``FeedError``."""
    try:
        whole = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise FeedError("The KEV file is no complete JSON.") from None
    entries = whole.get("vulnerabilities") if isinstance(whole, dict) else None
    if not isinstance(entries, list):
        raise FeedError("The KEV file has no list “vulnerabilities”.")
    published = moment(str(whole.get("dateReleased", "")), "KEV file")
    told = whole.get("count")
    if isinstance(told, int) and told != len(entries):
        raise FeedError(f"The KEV file says that it has {told:,} entries, but holds {len(entries):,}.")
    found: dict[str, tuple[bool, date | None]] = {}
    broken = 0
    for entry in entries:
        cve = str(entry.get("cveID", "")).strip().upper() if isinstance(entry, dict) else ""
        if not is_cve(cve):
            broken += 1
            continue
        ransomware, added = found.get(cve, (False, None))
        found[cve] = (_ransomware(entry) or ransomware, _added(entry) or added)
    check_broken(broken, len(found), "KEV file")
    version = str(whole.get("catalogVersion", ""))[:40]
    return Contents(published, version, [(cve, *facts) for cve, facts in found.items()])


def _ransomware(entry: dict[str, Any]) -> bool:
    return str(entry.get("knownRansomwareCampaignUse", "")).strip().lower() == "known"


def _added(entry: dict[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(entry.get("dateAdded", "")))
    except ValueError:
        return None
