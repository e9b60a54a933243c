"""What it takes to bring every severity of an installation up to date, and to load the feeds."""

from __future__ import annotations

import csv
import gzip
import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test.utils import override_settings

from issues.bench.filling import fill
from issues.ingest.recompute import is_due, recompute
from issues.models import Issue, RuleSet, Vulnerability
from issues.severity.what_if import what_if

ISSUES = 100_000
EPSS_ROWS = 340_000  # about what FIRST publishes
KEV_ROWS = 1_400


@dataclass(frozen=True)
class Work:
    name: str
    issues: int
    seconds: float


def measure() -> Iterator[Work]:
    """Feeds of the usual size, then everything that follows from them and from other weights; over many issues."""
    fill(ISSUES)
    yield Work("count and assess what is new", Issue.objects.filter(stale=True).count(), _timed(_catch_up))
    issues = Issue.objects.filter(state=Issue.State.ACTIVE).count()
    with TemporaryDirectory() as folder:
        epss, kev = _feeds(Path(folder))
        with override_settings(EPSS_URL="", KEV_URL=""):
            yield Work(
                f"load EPSS, {EPSS_ROWS:,} rows",
                issues,
                _timed(lambda: call_command("load_feeds", epss=epss, stdout=StringIO())),
            )
            yield Work(
                f"load KEV, {KEV_ROWS:,} rows",
                issues,
                _timed(lambda: call_command("load_feeds", kev=kev, stdout=StringIO())),
            )
    yield Work("recompute after the feeds", issues, _timed(_catch_up))
    Issue.objects.update(stale=True)
    yield Work("gather every fact again", issues, _timed(_catch_up))
    weights = {code: weight + 0.1 for code, weight in RuleSet.objects.current().all_weights.items()}
    yield Work("what-if over the queue", issues, _timed(lambda: what_if(weights)))
    RuleSet.add(weights, "Bench", None)
    yield Work("recompute after other weights", issues, _timed(_catch_up))


def _catch_up() -> None:
    while is_due():
        recompute()


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _feeds(folder: Path) -> tuple[str, str]:
    """Files in the feeds' own forms that name every CVE of the installation, filled up with invented ones."""
    rolls, today = random.Random(1), datetime.now(UTC)
    known = list(Vulnerability.objects.values_list("cve", flat=True))
    cves = [*known, *(f"CVE-2001-{n:07}" for n in range(EPSS_ROWS - len(known)))]
    epss, kev = folder / "epss.csv.gz", folder / "kev.json"
    with gzip.open(epss, "wt", newline="") as file:
        file.write(f"#model_version:bench,score_date:{today:%Y-%m-%dT%H:%M:%S+0000}\n")
        rows = csv.writer(file)
        rows.writerow(("cve", "epss", "percentile"))
        rows.writerows((cve, f"{rolls.random() ** 6:.5f}", f"{rolls.random():.5f}") for cve in cves)
    listed = [{
        "cveID": cve, "vendorProject": "Bench", "product": "Bench", "vulnerabilityName": cve,
        "dateAdded": f"{today:%Y-%m-%d}", "shortDescription": "", "requiredAction": "", "dueDate": f"{today:%Y-%m-%d}",
        "knownRansomwareCampaignUse": "Unknown", "notes": "", "cwes": [],
    } for cve in cves[::10][:KEV_ROWS]]  # fmt: skip
    kev.write_text(json.dumps({
        "title": "Bench", "catalogVersion": "1", "dateReleased": today.isoformat(), "count": len(listed),
        "vulnerabilities": listed,
    }))  # fmt: skip
    return str(epss), str(kev)
