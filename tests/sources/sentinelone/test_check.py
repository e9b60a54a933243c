"""Validating a connection: five steps, each failure with its own way out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.sources.base import CheckResult, StepState
from connectors.sources.records import TENANT
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import HTML_429, Console, Reply, error, page
from tests.sources.sentinelone.tenant import account, risk, site, sites_page

RISKS = "/application-management/risks"
SETTINGS = "/application-management/settings"
CODES = ["host", "token", "scope", "findings", "scanning"]
REFUSED = error(401, title="Authentication Failed")
NO_ACCOUNTS = error(403, "Action is not allowed to site users")


def states(result: CheckResult) -> dict[str, str]:
    return {s.code: str(s.state) for s in result.steps}


def all_until(failed: str) -> dict[str, str]:
    at = CODES.index(failed)
    return {c: "ok" if i < at else "failed" if i == at else "skipped" for i, c in enumerate(CODES)}


def test_a_healthy_tenant(source: SentinelOneSource):
    result = source.check()
    assert [s.code for s in result.steps] == CODES
    assert {s.state for s in result.steps} == {StepState.OK}
    assert result.steps[0].title == "Host is a SentinelOne console"
    assert result.steps[2].sentence == "The token sees 1 account and 1 site."
    assert (result.usable, result.can_import) == (True, True)
    assert (result.scope, result.user) == ("account", "Import Bot")
    assert result.token_expires_at == datetime(2027, 3, 1, 10, 0, 0, 500000, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(b"<html>Welcome to nginx</html>", 200, {"Content-Type": "text/html"}),
        Reply(b"", 302, {"Location": "https://login.example/"}),
        Reply({"status": "up"}),
        Reply({"data": "ok"}),
        Reply([1]),
        Reply(b"404 page not found\n", 404),
        Reply({"message": "no"}, 401),
        Reply(b"Forbidden", 403),
    ],
    ids=["HTML", "redirect", "no data", "data is text", "a list", "404", "other 401", "403"],
)
def test_a_wrong_host_never_sees_the_token(console: Console, source: SentinelOneSource, answer: Reply):
    console.answer("/system/status", answer)
    result = source.check()
    assert states(result) == all_until("host")
    assert result.steps[0].error_code == "wrong_host"
    assert "console" in result.steps[0].sentence or "login.example" in result.steps[0].sentence
    assert not result.usable
    assert {a.token for a in console.asked} == {None}


def test_a_host_that_is_down_is_not_called_wrong(console: Console, source: SentinelOneSource):
    console.answer("/system/status", Reply(b"Bad Gateway", 502))
    result = source.check()
    assert result.steps[0].error_code == "unreachable"
    assert not result.usable


def test_a_wrong_token(console: Console, source: SentinelOneSource):
    console.answer("/system/info", REFUSED)
    result = source.check()
    assert states(result) == all_until("token")
    assert result.steps[1].error_code == "token_refused"
    assert "Generate a new one" in result.steps[1].sentence
    assert (result.usable, result.can_import) == (False, False)
    assert result.token_expires_at is None
    assert RISKS not in console.paths()


def test_a_token_of_one_site_is_fine(console: Console, source: SentinelOneSource):
    console.answer("/user", Reply({"data": {"email": "bot@example.com", "scope": "site"}}))
    console.answer("/accounts", NO_ACCOUNTS)
    result = source.check()
    assert {s.state for s in result.steps} == {StepState.OK}
    assert (result.scope, result.can_import) == ("site", True)
    asked = [a.query for a in console.asked if a.path == RISKS]
    assert asked == [{"siteIds": site()["id"], "limit": "1", "skipCount": "true"}]


def test_findings_are_tried_in_an_active_account(console: Console, source: SentinelOneSource):
    console.answer("/accounts", page([account(id="1", state="expired"), account(id="2")], total=2))
    result = source.check()
    assert [a.query["accountIds"] for a in console.asked if a.path == RISKS] == ["2"]
    assert result.can_import


def test_the_scope_is_worked_out_when_the_user_may_not_be_read(console: Console, source: SentinelOneSource):
    console.answer("/user", error(403))
    console.answer("/accounts", page([account(id="1"), account(id="2")], total=2))
    assert source.check().scope == "tenant"
    console.answer("/accounts", NO_ACCOUNTS)
    assert source.check().scope == "site"


def test_a_token_that_sees_nothing(console: Console, source: SentinelOneSource):
    console.answer("/accounts", page([], total=0))
    console.answer("/sites", sites_page())
    result = source.check()
    assert states(result) == all_until("scope")
    assert result.steps[2].error_code == "permission_missing"
    assert (result.usable, result.can_import) == (True, False)


def test_a_role_that_may_read_neither_accounts_nor_sites(console: Console, source: SentinelOneSource):
    console.answer("/accounts", error(403))
    console.answer("/sites", error(403))
    result = source.check()
    assert states(result) == all_until("scope")
    assert "Sites: view" in result.steps[2].sentence


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(403, title="Insufficient permissions"), "permission_missing"),
        (error(403, "Feature is not available for the scope"), "module_missing"),
        (error(404, title="Requested resource was not found"), "module_missing"),
        (REFUSED, "permission_missing"),
    ],
)
def test_a_missing_licence_or_role_can_be_stored_but_not_imported(
    console: Console, source: SentinelOneSource, answer: Reply, code: str
):
    console.answer(RISKS, answer)
    result = source.check()
    assert states(result) == all_until("findings")
    assert result.failed_step is not None
    assert result.failed_step.error_code == code
    assert (result.usable, result.can_import) == (True, False)
    assert result.token_expires_at is not None


def test_scanning_switched_off_is_a_warning(console: Console, source: SentinelOneSource):
    console.answer(SETTINGS, Reply({"data": {"vulnerabilitiesScanEnabled": False}}))
    result = source.check()
    assert result.steps[4].state is StepState.WARNING
    assert "switched off" in result.steps[4].sentence
    assert result.can_import


@pytest.mark.parametrize("answer", [error(403), error(404), Reply({"data": {}}), Reply({"data": []}), Reply(b"x", 500)])
def test_settings_that_cannot_be_read_are_no_obstacle(console: Console, source: SentinelOneSource, answer: Reply):
    console.answer(SETTINGS, answer)
    result = source.check()
    assert result.steps[4].state is StepState.OK
    assert "could not be read" in result.steps[4].sentence
    assert result.can_import


def test_an_empty_tenant_with_unreadable_settings_says_what_to_look_at(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([]))
    console.answer(SETTINGS, error(403))
    result = source.check()
    assert result.steps[3].sentence == "No vulnerability is reported there now."
    assert "scanning is switched on" in result.steps[4].sentence


def test_an_expired_site_is_named(console: Console, source: SentinelOneSource):
    console.answer("/sites", sites_page(site(), site(id="9", name="Old branch", state="expired")))
    result = source.check()
    assert result.steps[2].state is StepState.WARNING
    assert "site Old branch" in result.steps[2].sentence
    assert result.can_import


def test_many_expired_sites_make_one_short_sentence(console: Console, source: SentinelOneSource):
    rows = [site(id=str(n), name=f"Branch {n}", state="expired") for n in range(50)]
    console.answer("/sites", sites_page(*rows))
    sentence = source.check().steps[2].sentence
    assert "and 47 more" in sentence
    assert len(sentence) < 200


@pytest.mark.parametrize("path", ["/system/status", "/system/info", "/accounts", RISKS])
def test_a_busy_console_fails_its_step_quickly(
    console: Console, source: SentinelOneSource, naps: list[float], path: str
):
    console.answer(path, Reply(HTML_429, 429, {"Retry-After": "50"}))
    result = source.check()
    failed = result.failed_step
    assert failed is not None
    assert failed.error_code == "rate_limited"
    assert "50 seconds" in failed.sentence
    assert max(naps, default=0) <= 5


@pytest.mark.parametrize("date", ["2027-03-01T10:00:00Z", "2027-03-01T10:00:00.000001Z", "2027-03-01T12:00:00+02:00"])
def test_expiry_is_looked_up_where_the_user_does_not_tell(console: Console, source: SentinelOneSource, date: str):
    console.answer("/user", error(403))
    console.answer("/users/api-token-details", Reply({"data": {"createdAt": None, "expiresAt": date}}))
    expires = source.check().token_expires_at
    assert expires is not None
    assert expires.replace(microsecond=0) == datetime(2027, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "answer", [error(400), error(401), Reply(b"x", 500), Reply({"data": {"expiresAt": "soon"}}), Reply({"data": 5})]
)
def test_an_unknown_expiry_blocks_nothing(console: Console, source: SentinelOneSource, answer: Reply):
    console.answer("/user", Reply(b"x", 500))
    console.answer("/users/api-token-details", answer)
    result = source.check()
    assert result.can_import
    assert result.token_expires_at is None


def test_a_check_never_raises_for_nonsense(console: Console, source: SentinelOneSource):
    paged: dict[str, Any] = {"data": {}, "pagination": {"nextCursor": None}}
    bodies: list[Any] = [None, [], {"data": None}, {"data": [5, None]}, paged]
    for path in ("/user", "/accounts", "/sites", RISKS, SETTINGS):
        for body in bodies:
            console.answer(path, Reply(body))
            assert len(source.check().steps) == 5


def test_a_check_leaves_the_patience_of_an_import_as_it_was(console: Console, source: SentinelOneSource):
    source.check()
    console.answer(RISKS, Reply(b"", 500), Reply(b"", 500), Reply(b"", 500), page([risk()]))
    assert [len(p.rows) for p in source.finding_pages(TENANT)] == [1]
