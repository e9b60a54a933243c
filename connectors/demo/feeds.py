"""EPSS and KEV files for the simulated tenant, in the feeds' own forms: the demo needs no internet.

The numbers are simulated, and the files say so in their version.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from connectors.sources.simulator import catalogue
from connectors.sources.simulator.clock import to_ms
from connectors.sources.simulator.dice import dice

EPSS, KEV = "epss.csv", "kev.json"
VERSION = "simulated"
# Exploit maturity: least and greatest probability of exploitation.
ODDS = {"High": (0.3, 0.97), "Functional": (0.05, 0.5), "Proof of Concept": (0.004, 0.1)}
OTHER_ODDS = (0.0002, 0.006)
EXPLOITED = "High"


def write_feeds(folder: Path, seed: int, epoch: datetime) -> None:
    """Both files as of now, the same numbers at every start."""
    until = to_ms(epoch)
    maturity = {v.cve: v.maturity for v in [*catalogue.published(until), *catalogue.invented(seed, until)]}
    now = datetime.now(UTC).replace(microsecond=0)
    (folder / EPSS).write_text(_epss(maturity, seed, now))
    (folder / KEV).write_text(_kev(maturity, epoch, now))


def _epss(maturity: dict[str, str], seed: int, now: datetime) -> str:
    odds = {cve: ODDS.get(how, OTHER_ODDS) for cve, how in maturity.items()}
    scores = {cve: dice(seed, "epss", cve).uniform(*between) for cve, between in odds.items()}
    ranked = sorted(scores, key=lambda cve: (scores[cve], cve))
    lines = [f"#model_version:{VERSION},score_date:{now.isoformat()}", "cve,epss,percentile"]
    lines += [f"{cve},{scores[cve]:.5f},{place / len(ranked):.5f}" for place, cve in enumerate(ranked, 1)]
    return "\n".join(lines) + "\n"


def _kev(maturity: dict[str, str], epoch: datetime, now: datetime) -> str:
    entries = [
        {"cveID": cve, "dateAdded": epoch.date().isoformat(), "knownRansomwareCampaignUse": "Unknown"}
        for cve, how in maturity.items()
        if how == EXPLOITED
    ]
    head = {"catalogVersion": VERSION, "dateReleased": now.isoformat(), "count": len(entries)}
    return json.dumps({**head, "vulnerabilities": entries})
