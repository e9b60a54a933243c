"""A walk ends only where the console says so, and every refusal has its own meaning."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.sources.exceptions import (
    BadAnswer,
    BadRequest,
    CursorExpired,
    ModuleMissing,
    PermissionMissing,
    SourceError,
    TokenRefused,
    Unreachable,
)
from connectors.sources.records import TENANT, FindingPage
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import Console, Reply, error, page
from tests.sources.sentinelone.tenant import agent, risk

RISKS = "/application-management/risks"


def walk(source: SentinelOneSource, cursor: str | None = None) -> list[FindingPage]:
    return list(source.finding_pages(TENANT, cursor=cursor))


def test_every_page_is_read_in_order(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1), risk(2)], "b", 5), page([risk(3)], "c"), page([risk(4), risk(5)]))
    pages = walk(source)
    assert [[r.external_id[-1] for r in p.rows] for p in pages] == [["1", "2"], ["3"], ["4", "5"]]
    assert [p.next_cursor for p in pages] == ["b", "c", None]
    assert [p.total for p in pages] == [5, 5, 5]


def test_an_empty_cursor_ends_the_walk_like_null(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], ""))
    assert [p.next_cursor for p in walk(source)] == [None]


def test_an_empty_page_in_the_middle_does_not_end_it(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "b"), page([], "c"), page([risk(2)]))
    assert [len(p.rows) for p in walk(source)] == [1, 0, 1]


def test_an_empty_last_page_is_fine(console: Console, source: SentinelOneSource):
    console.answer("/agents", page([agent(1)], "b", 1), page([], None, 1))
    assert [len(p.rows) for p in source.endpoint_pages()] == [1, 0]


@pytest.mark.parametrize("cursors", [["b", "b"], ["b", "c", "b"]])
def test_a_cursor_that_comes_again_breaks_the_walk_off(console: Console, source: SentinelOneSource, cursors: list[str]):
    console.answer(RISKS, *[page([risk(n)], c) for n, c in enumerate(cursors)])
    with pytest.raises(BadAnswer, match="read before"):
        walk(source)


def test_the_cursor_a_walk_began_with_counts_as_well(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "halfway"))
    with pytest.raises(BadAnswer, match="read before"):
        walk(source, cursor="halfway")


@pytest.mark.parametrize(
    "body",
    [
        {"data": [risk()]},
        {"data": [risk()], "pagination": None},
        {"data": [risk()], "pagination": []},
        {"data": [risk()], "pagination": {"totalItems": 1}},
        {"data": [risk()], "pagination": {"nextCursor": 7}},
        {"data": {"rows": []}, "pagination": {"nextCursor": None}},
        {"data": None, "pagination": {"nextCursor": None}},
        {"pagination": {"nextCursor": None}},
        {"errors": None},
        [],
        "hello",
        None,
    ],
)
def test_an_answer_of_another_shape_breaks_the_walk_off(console: Console, source: SentinelOneSource, body: Any):
    console.answer(RISKS, Reply(body))
    with pytest.raises(BadAnswer):
        walk(source)


def test_html_in_the_middle_of_a_run_is_a_bad_answer(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "b"), Reply(b"<html>welcome</html>"))
    with pytest.raises(BadAnswer):
        walk(source)


def test_what_came_before_a_failure_is_kept(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "b"), Reply(b"", 500))
    pages = source.finding_pages(TENANT)
    assert len(next(pages).rows) == 1
    with pytest.raises(Unreachable):
        next(pages)


def test_an_old_cursor_has_expired(console: Console, source: SentinelOneSource):
    console.answer(RISKS, error(400, "Invalid cursor"))
    with pytest.raises(CursorExpired):
        walk(source, cursor="from-last-week")


def test_a_refused_question_without_cursor_is_our_fault(console: Console, source: SentinelOneSource):
    console.answer(RISKS, error(400, "dict_values(['sortBy']): Unknown field"))
    with pytest.raises(BadRequest, match="Unknown field"):
        walk(source)


def test_a_401_in_the_middle_with_a_dead_token(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "b"), error(401, title="Authentication Failed"))
    console.answer("/system/info", error(401, title="Authentication Failed"))
    with pytest.raises(TokenRefused, match="Generate a new one"):
        walk(source)


def test_a_401_in_the_middle_with_a_good_token_is_about_that_path(console: Console, source: SentinelOneSource):
    console.answer(RISKS, page([risk(1)], "b"), error(401, title="Authentication Failed"))
    with pytest.raises(PermissionMissing, match=r"vulnerabilities.*viewRisks"):
        walk(source)


def test_a_401_while_the_console_stumbles_blames_nobody(console: Console, source: SentinelOneSource):
    console.answer(RISKS, error(401, title="Authentication Failed"))
    console.answer("/system/info", Reply(b"Bad Gateway", 502))
    with pytest.raises(Unreachable):
        walk(source)


@pytest.mark.parametrize(
    ("refused", "kind", "words"),
    [
        (error(403, title="Insufficient permissions"), PermissionMissing, "viewRisks.*licence"),
        (error(403, "User does not have required permissions"), PermissionMissing, "viewRisks"),
        (error(403, "Feature vulnerabilities is not available for the scope"), ModuleMissing, "module"),
        (error(403, "No valid license for this account"), ModuleMissing, "module"),
        (error(403, "Action is not allowed to site users"), PermissionMissing, "scope"),
        (
            error(403, "User scope level is account. Please provide a valid account ID or site ID."),
            PermissionMissing,
            "scope",
        ),
        (Reply(b"<html>Forbidden</html>", 403), PermissionMissing, "viewRisks"),
        (error(404, "", "Requested resource was not found"), ModuleMissing, "404"),
        (Reply(b"404 page not found\n", 404), ModuleMissing, "module"),
        (error(501, "Not supported"), ModuleMissing, "501"),
    ],
)
def test_why_vulnerabilities_are_refused(
    console: Console, source: SentinelOneSource, refused: Reply, kind: type[SourceError], words: str
):
    console.answer(RISKS, refused)
    with pytest.raises(kind, match=f"(?s).*{words}") as caught:
        walk(source)
    assert caught.value.permanent
    assert len(console.asked) == 1


def test_params_of_an_error_are_never_shown(console: Console, source: SentinelOneSource):
    entry = {"code": 400010, "detail": "Bad parameter", "title": "x", "params": {"token": "echoed-in-params"}}
    console.answer(RISKS, Reply({"errors": [entry]}, 400))
    with pytest.raises(BadRequest) as caught:
        walk(source)
    assert "Bad parameter" in caught.value.sentence
    assert "echoed-in-params" not in caught.value.sentence


@pytest.mark.parametrize("errors", [None, "no", [], [None], [{"detail": 5}], {"a": 1}])
def test_an_envelope_of_any_shape_still_makes_a_sentence(console: Console, source: SentinelOneSource, errors: Any):
    console.answer(RISKS, Reply({"errors": errors}, 400))
    with pytest.raises(BadRequest, match=r"\(400\)\."):
        walk(source)
