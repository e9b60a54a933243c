"""Whatever a console does: nothing is resolved wrongly, the run says what happened, and the next good one mends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.models import Connection
from connectors.sources.simulator import SimulatedTenant, TenantServer
from connectors.sources.simulator.faults import RISKS
from issues.models import Finding
from tests.faults.conftest import Sync
from tests.faults.stored import equals, every_text

INFO = "/system/info"


@dataclass(frozen=True)
class Story:
    """A fault of one request of the second import, or of every one from ``nth`` on with ``times=None``."""

    kind: str
    how: dict[str, Any] = field(default_factory=dict)
    state: str = "succeeded"
    code: str = ""
    says: str = ""
    also: tuple[str, ...] = ()  # other paths that fail for good

    def __str__(self) -> str:
        return "-".join((self.kind, *(f"{k}={v}" for k, v in self.how.items()), *("and" for _ in self.also)))


PASSING = [
    Story("too_many", {"times": 2}),
    Story("too_many", {"nth": 2, "retry_after": "1"}),
    Story("server_error", {"times": 2}),
    Story("bad_gateway", {"nth": 2, "times": 2}),
    Story("hang", {"nth": 2, "seconds": 1.0}),
    Story("cut", {"nth": 2}),
    Story("truncated", {"nth": 2}),
    Story("expired_cursor"),
    Story("empty_page", {"nth": 2}),
    Story("moved_row"),
    Story("duplicate_row", {"times": None}),
    Story("huge_field"),
    Story("numbers_as_text", {"times": None}),
    Story("text_as_numbers", {"times": None}),
    Story("unauthorized", {"nth": 2}),
]
BREAKING = [
    Story("too_many", {"nth": 2, "times": None}, "partial", "rate_limited", "asks to slow down (429). Nothing is lost"),
    Story("too_many", {"nth": 2, "retry_after": "900"}, "partial", "rate_limited", "asks to wait 900 seconds"),
    Story("server_error", {"nth": 2, "times": None}, "partial", "unreachable", "error of its own (500). Try again"),
    Story("bad_gateway", {"nth": 2, "times": None}, "partial", "unreachable", "error of its own (502). Try again"),
    Story("server_error", {"times": None}, "failed", "unreachable", "error of its own (500). Try again"),
    Story("hang", {"nth": 2, "times": None, "seconds": 1.0}, "partial", "unreachable", "did not answer within"),
    Story("cut", {"nth": 2, "times": None}, "partial", "unreachable", "failed or was cut off"),
    Story("truncated", {"nth": 2, "times": None}, "partial", "bad_answer", "else than complete JSON"),
    Story("expired_cursor", {"times": None}, "partial", "incomplete", "kept losing its place"),
    Story("repeated_cursor", {"nth": 2}, "partial", "bad_answer", "leads back to a page that was read before"),
    Story("no_pagination", {"nth": 2}, "partial", "bad_answer", "does not say whether there is more"),
    Story("row_without_id", {}, "partial", "incomplete", "1 row came without an id"),
    Story("other_site", {"nth": 2, "times": None}, "partial", "bad_answer", "something else than complete JSON"),
    Story("not_found", {"nth": 2, "times": None}, "failed", "module_missing", "Ask SentinelOne or your reseller"),
    Story("unauthorized", {"nth": 2, "times": None}, "failed", "permission_missing", "The API token works, but"),
    Story("unauthorized", {"nth": 2, "times": None}, "failed", "token_refused", "Generate a new one", also=(INFO,)),
    Story("licence_lost", {"nth": 2, "times": None}, "failed", "permission_missing", "no vulnerability management lic"),
]


@pytest.fixture(params=["here", "apart"], autouse=True)
def _reading(request: pytest.FixtureRequest) -> None:
    """By the process that stores, or after the first page by one of its own: nobody may tell the difference."""
    if request.param == "apart":
        request.getfixturevalue("apart")


@pytest.fixture
def known(sync: Sync, tenant: SimulatedTenant) -> None:
    """A good first import; then a day passes at the tenant, so that there is something to find and to resolve."""
    assert sync().state == "succeeded"
    tenant.advance()


def plant(story: Story, tenant: SimulatedTenant) -> None:
    tenant.faults.add(story.kind, **story.how)
    for path in story.also:
        tenant.faults.add(story.kind, path=path, times=None)


def closed() -> set[str]:
    return set(Finding.objects.exclude(state="active").values_list("external_id", flat=True))


@pytest.mark.parametrize("story", PASSING, ids=str)
def test_what_passes_by_itself_changes_nothing(story, known, sync, tenant, connection, server):
    plant(story, tenant)
    run = sync()
    assert tenant.faults.all[0].hits > 0
    assert (run.state, run.error_code, run.error) == ("succeeded", "", "")
    assert run.resolved > 0
    assert equals(tenant, connection)
    assert server.token not in every_text(run)


@pytest.mark.parametrize("story", BREAKING, ids=str)
def test_what_breaks_an_import_resolves_nothing_and_is_said(story, known, sync, tenant, connection, server):
    plant(story, tenant)
    run = sync()
    assert (run.state, run.error_code) == (story.state, story.code)
    assert story.says in run.error
    assert (run.resolved, run.removed, run.issues_resolved, closed()) == (0, 0, 0, set())
    card = Connection.objects.get()
    assert (card.problem_code, card.problem) == (run.error_code, run.error)
    assert card.waits_for_person == (story.code == "token_refused")
    assert server.token not in every_text(run)

    tenant.faults.clear()
    assert sync().state == "succeeded"
    assert equals(tenant, connection)
    assert Connection.objects.get().problem == ""


def test_a_worker_with_patience_comes_back_where_it_stopped(known, sync, tenant, connection, server):
    tenant.faults.add("server_error", nth=2, times=5)  # two turns of three tries each
    server.log.clear()
    run = sync(patient=True)
    assert run.state == "succeeded"
    first_pages = [logged for logged in server.log if RISKS in logged.path and "cursor" not in logged.query]
    assert len(first_pages) == 1
    assert equals(tenant, connection)


def test_a_lost_licence_is_told_from_a_missing_permission(known, sync, tenant):
    tenant.licensed = False
    run = sync()
    assert (run.state, closed()) == ("failed", set())
    assert "licence" in run.error or "vulnerability management module" in run.error


def test_broken_rows_are_counted_and_shown(known, sync, tenant, connection):
    tenant.faults.add("row_without_id", times=None)
    run = sync()
    assert (run.skipped, len(run.broken_rows)) == (3, 3)
    assert {row["reason"] for row in run.broken_rows} == {"The row has no usable “id”."}
    assert '"cveId"' in run.broken_rows[0]["sample"]


def test_a_huge_field_is_not_kept_whole(known, sync, tenant):
    tenant.faults.add("huge_field", times=None)
    sync()
    longest = max(len(text) for text in Finding.objects.values_list("evidence", flat=True))
    assert longest < 50_000


def test_a_few_unreadable_rows_do_not_stop_resolving_for_good(sync, tenant):
    """A row with an id but no CVE came, and is no finding that could be missing."""
    fault = tenant.faults.add("row_without_cve", times=None)
    run = sync()
    assert (run.state, run.skipped, run.created) == ("succeeded", 3, run.read - 3)
    tenant.advance()
    run = sync()
    assert (run.state, run.skipped, fault.hits) == ("succeeded", 3, 6)
    assert run.resolved > 0


def test_an_unreadable_row_that_comes_twice_does_not_hide_one_that_is_missing(known, sync, tenant, connection):
    tenant.faults.add("row_without_cve")
    tenant.faults.add("duplicate_row")
    tenant.faults.add("lost_row", nth=2)
    run = sync()
    assert (run.state, run.error_code, run.resolved, closed()) == ("partial", "incomplete", 0, set())
    assert "announced rows came" in run.error


def test_an_import_of_changes_only_survives_the_same(known, sync, tenant: SimulatedTenant, server: TenantServer):
    tenant.faults.add("cut", times=2)
    run = sync("delta")
    assert (run.mode, run.state) == ("delta", "succeeded")
    tenant.faults.clear()
    tenant.advance()
    tenant.faults.add("server_error", times=None)
    run = sync("delta")
    assert (run.state, run.error_code) == ("failed", "unreachable")
