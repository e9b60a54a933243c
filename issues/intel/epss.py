"""FIRST's EPSS file: a comment with version and date, a header, then one line for each CVE."""

from __future__ import annotations

import csv
import io

from issues.intel.contents import Contents, check_broken, is_cve, moment
from issues.intel.fetch import FeedError

HEADER = ["cve", "epss", "percentile"]


def parse(data: bytes) -> Contents:
    """Rows are (CVE, score, percentile). A CVE that comes twice keeps its worse score. Raises ``FeedError``."""
    try:
        lines = io.StringIO(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FeedError("The EPSS file is no text.") from None
    notes = _notes(lines.readline())
    reader = csv.reader(lines)
    if [name.strip().lower() for name in next(reader, [])] != HEADER:
        raise FeedError(f"The EPSS file does not have the header {','.join(HEADER)}.")
    published = moment(notes.get("score_date", ""), "EPSS file")
    best: dict[str, tuple[float, float]] = {}
    broken = 0
    for row in reader:
        if not row:
            continue
        try:
            cve, scores = row[0].strip().upper(), (float(row[1]), float(row[2]))
        except (ValueError, IndexError):
            broken += 1
            continue
        if not (is_cve(cve) and 0 <= scores[0] <= 1 and 0 <= scores[1] <= 1):
            broken += 1
        elif cve not in best or scores > best[cve]:
            best[cve] = scores
    check_broken(broken, len(best), "EPSS file")
    return Contents(published, notes.get("model_version", "")[:40], [(cve, *scores) for cve, scores in best.items()])


def _notes(line: str) -> dict[str, str]:
    """``#model_version:v2025.03.14,score_date:2026-11-22T12:55:00Z`` as a dictionary."""
    if not line.startswith("#"):
        raise FeedError("The EPSS file does not begin with the line that tells its model and date.")
    pairs = (part.partition(":") for part in line.strip().lstrip("#").split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}
