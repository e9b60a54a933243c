from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from issues.ingest.recompute import is_due, recompute
from issues.models import Application, Issue, RuleSet
from issues.severity.levels import Level
from tests.factories import make_application, make_connection, make_endpoint, make_issue
from tests.issues.intel.conftest import epss_file, feed_server, kev_file

__all__ = ["epss_file", "feed_server", "kev_file"]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Factors look at ages, and the dates of the stories stand still."""
    with time_machine.travel(datetime(2026, 11, 22, 10, tzinfo=UTC)):
        yield


@pytest.fixture
def rules(db: None) -> RuleSet:
    """The defaults, as in a new installation."""
    return RuleSet.objects.current()


@pytest.fixture
def laptops(rules: RuleSet) -> Application:
    return make_application("Build laptops", environment="development", business_priority=4)


@pytest.fixture
def seed(laptops: Application) -> Issue:
    """A vendor High with an exploit that nobody has proved, on a development laptop that matters little."""
    return make_issue(application=laptops, cve="CVE-2026-28817", cvss=8.1, exploit_maturity="Unproven")


@pytest.fixture
def portal(rules: RuleSet) -> Issue:
    """A vendor Medium on an internet-facing production server."""
    application = make_application("Portal", environment="production", internet_facing=True, business_priority=2)
    connection = make_connection()
    make_endpoint(connection, application, "web-1", type="server")
    return make_issue(
        connection, application, endpoints=["web-1"], cve="CVE-2026-1", cvss=5.5, vendor_severity="medium"
    )


@pytest.fixture
def work() -> Callable[[], None]:
    """Let the background do all that is due."""

    def until_done() -> None:
        for _ in range(20):
            if not is_due():
                return
            recompute()
        raise AssertionError("It is never done.")

    return until_done


@pytest.fixture
def severity_of() -> Callable[[Issue], str]:
    def read(issue: Issue) -> str:
        issue.refresh_from_db()
        return Level(issue.severity).word

    return read
