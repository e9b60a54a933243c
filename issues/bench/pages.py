"""The pages and lists of an installation, asked in-process: queries, bytes and time of each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Count, Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from issues.models import Finding, IssueCount
from issues.models.application import UNASSIGNED

TRIES = 15
PAGES = {
    "overview": "/",
    "queue, first page": "/issues/",
    "queue, one severity": "/issues/?severity=high",
    "queue, a rare CVE": "/issues/?q=CVE-2021-44228",
    "queue, no hit": "/issues/?q=nothing-is-called-this",
    "applications": "/applications/",
    "applications, by change": "/applications/?sort=-change",
    "applications, filtered": "/applications/?environment=production&internet_facing=true",
    "one application": "/applications/{application}/",
    "its issues": "/applications/{application}/?view=issues",
    "its endpoints": "/applications/{application}/?view=endpoints",
    "endpoints": "/endpoints/",
    "endpoints, by scan": "/endpoints/?sort=last_scan",
    "one endpoint": "/endpoints/{endpoint}/",
    "fix first": "/fixes/",
    "API, 50 issues": "/api/v1/issues/",
}
OF_APPLICATIONS = tuple(name for name, address in PAGES.items() if address.partition("?")[0] == "/applications/")


@dataclass(frozen=True)
class Page:
    name: str
    queries: int
    kilobytes: float
    milliseconds: float  # median
    least: float


def measure(names: Iterable[str] = PAGES) -> Iterator[Page]:
    """Each page as an admin sees it, the first answers left out."""
    user, _ = get_user_model().objects.get_or_create(username="bench", is_superuser=True)
    client = Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    client.force_login(user)
    largest = _largest()
    for name in names:
        address = PAGES[name].format(**largest)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}.")
        asked = len(queries)  # the next request clears the list
        times = [_timed(client, address) for _ in range(TRIES)]
        yield Page(name, asked, len(answer.content) / 1000, statistics.median(times), min(times))


def _largest() -> dict[str, object]:
    """The application with most issues, and the endpoint with most findings."""
    count = IssueCount.objects.values("application__slug").annotate(n=Sum("issues")).order_by("-n").first()
    busiest = Finding.objects.order_by().values("endpoint").annotate(n=Count("pk")).order_by("-n").first()
    return {
        "application": count["application__slug"] if count else UNASSIGNED,
        "endpoint": busiest["endpoint"] if busiest else 0,
    }


def _timed(client: Client, address: str) -> float:
    begun = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - begun) * 1000
