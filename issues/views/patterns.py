"""Every component with made-up values, for people who build pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from issues.queue.sparks import Spark
from issues.queue.trends import Point, Trend, utc_today
from issues.severity.levels import WORST_FIRST, Level


class ExampleForm(forms.Form):
    host = forms.CharField(label="Sentinel One Host URL", help_text="The Management URL of the console.")
    name = forms.CharField(required=False, help_text="Shown on the card.")
    every = forms.ChoiceField(label="Interval", choices=[("6", "Every 6 hours"), ("12", "Every 12 hours")])
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), initial="Update ships in December.")
    new = forms.BooleanField(label="Also select resources created later", initial=True, required=False)
    decision = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[("snooze", "Snooze"), ("accept", "Accept the risk")], initial="snooze"
    )


def patterns(request: HttpRequest) -> HttpResponse:
    return render(request, "patterns.html", examples())


def examples() -> dict[str, Any]:
    wrong = ExampleForm({"host": "console", "every": "6", "reason": "", "decision": "snooze"}, prefix="wrong")
    wrong.add_error(None, "Nothing was stored: the host did not answer.")
    trend = _trend()
    return {
        "levels": WORST_FIRST,
        "counts": {Level.CRITICAL: 9, Level.HIGH: 31, Level.MEDIUM: 58, Level.LOW: 40},
        "form": ExampleForm(),
        "wrong": wrong,
        "rows": ROWS,
        "now": timezone.now(),
        "earlier": timezone.now() - timedelta(minutes=12),
        "stats": STATS,
        "facts": FACTS,
        "figures": FIGURES,
        "steps": STEPS,
        "ledger": LEDGER,
        "entries": [{**entry, "at": timezone.now() - timedelta(hours=entry["hours"])} for entry in ENTRIES],
        "nodes": NODES,
        "facet": FACET,
        "links": [{**option, "url": "?severity=high"} for option in FACET],
        "tabs": TABS,
        "trend": trend,
        "spark": Spark(trend.points[0].day, [point.issues for point in trend.points]),
        "crumbs": [("Active issues", "/issues/"), ("CVE-2026-28817", "")],
    }


def _trend() -> Trend:
    """Sixty days that were counted, and thirty before them that were counted back."""
    today = utc_today()
    return Trend(
        [
            Point(today - timedelta(days=89 - n), n < 30, 5 + n // 20, 38 - n // 12, 70 - n // 7, 44, 0, 0, 64, 900 - n)
            for n in range(90)
        ]
    )


ROWS = [
    {"title": "CVE-2026-31204 · Citrix Workspace", "severity": 5, "vendor": 4, "score": 9.6, "kev": True, "on": 118},
    {"title": "CVE-2026-28817 · 7-Zip", "severity": 2, "vendor": 4, "score": 3.2, "kev": False, "on": 214},
    {"title": "CVE-2026-31190 · Google Chrome", "severity": 4, "vendor": 4, "score": 8.3, "kev": False, "on": 1842},
    {"title": "CVE-2026-31377 · Warehouse Client", "severity": 0, "vendor": 0, "score": 0.0, "kev": False, "on": 88},
]
STATS = [
    {"label": "Critical", "severity": "critical", "value": "112", "delta": 14, "note": "this week", "url": "/issues/"},
    {"label": "High", "severity": "high", "value": "374", "delta": -61, "note": "this week"},
    {"label": "Time to remediate", "value": "19 d", "note": "high, last 30 days", "lines": [("Target", "30 d")]},
    {"label": "Endpoints", "value": "6,122", "delta": 0},
]
FACTS = [("CVSS 3.1", "8.1"), ("KEV", "Not listed"), ("Exploit maturity", "Unproven"), ("Fix", "")]
FIGURES = [
    ("Last import", "03:02 today", "succeeded, 4 min 51 s"),
    ("Next import", "15:02 today", "every 6 hours"),
    ("Findings", "291,806", "1,204 more than yesterday"),
]
STEPS = [
    {"state": "ok", "title": "Host is a SentinelOne console", "sentence": "The console answers.", "seconds": 0.2},
    {"state": "warning", "title": "Scope found", "sentence": "One site of three has expired.", "seconds": 0.4},
    {"state": "failed", "title": "Token works", "sentence": "No: 401. Copy the token again.", "seconds": 0.4},
    {"state": "running", "title": "Vulnerabilities readable", "sentence": "Asking for one row."},
    {"state": "skipped", "title": "Scanning is switched on", "sentence": "Waits for the step before."},
]
LEDGER = {
    "start": {"what": "SentinelOne says High", "why": "CVSS 3.1 base score, kept for ever.", "value": 8.1},
    "factors": [
        {"name": "Exploitation improbable", "reason": "EPSS 0.04 %.", "weight": -1.6, "type": "Exploitable"},
        {"name": "Many endpoints", "reason": "214 endpoints are affected.", "weight": 0.3, "type": "Damage"},
    ],
    "sum": {"what": "Ours: Medium", "why": "No person has overridden it.", "value": 6.8},
}
ENTRIES: list[dict[str, Any]] = [
    {"icon": "refresh-cw", "who": "Seen again", "what": "by", "url": "#", "link": "import 1,284", "hours": 0},
    {"icon": "message-square", "who": "platform-team", "what": "commented", "quote": "In December.", "hours": 30},
    {"icon": "plus", "who": "First seen", "what": "on 61 endpoints", "hours": 90},
]
NODES = [
    {"id": 1, "kind": "account", "name": "Example Group", "remark": "61 sites", "state": "active", "endpoints": 4918,
     "issues": 6117, "mixed": True, "level": 1, "open_url": "?open=1", "is_open": True},
    {"id": 2, "kind": "site", "name": "Berlin Engineering", "remark": "4 groups", "state": "expired", "endpoints": 643,
     "issues": 1108, "checked": True, "level": 2, "open_url": "?open=2", "is_open": False},
    {"id": 3, "kind": "group", "name": "Lab, isolated", "state": "deleted", "endpoints": 0, "issues": 0, "level": 3},
]  # fmt: skip
FACET = [
    {"value": "critical", "label": "Critical", "count": 112, "severity": 5, "selected": False},
    {"value": "high", "label": "High", "count": 374, "severity": 4, "selected": True},
]
TABS = [
    {"label": "Summary", "url": "#", "current": True},
    {"label": "Endpoints", "url": "#endpoints", "count": 1214},
]
