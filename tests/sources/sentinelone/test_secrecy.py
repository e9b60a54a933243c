"""The token shows nowhere: not in an error, its causes or its frames, not in a repr, not in a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator

import pytest

from connectors.sources.exceptions import SourceError
from connectors.sources.records import TENANT
from connectors.sources.sentinelone.source import SentinelOneSource
from tests.sources.console import HTML_429, Console, Reply, error
from tests.sources.sentinelone.tenant import TOKEN

RISKS = "/application-management/risks"
TROUBLES = {
    "echo in detail": error(400, f"ApiToken {TOKEN} is not allowed"),
    "echo alone": error(403, f"token {TOKEN[5:]} lacks a permission, as {TOKEN}"),
    "429": Reply(HTML_429, 429),
    "long wait": Reply(HTML_429, 429, {"Retry-After": "9999"}),
    "500": Reply(b"", 500),
    "cut": Reply(b"x" * 100, cut_after=5),
    "silence": Reply({"data": 1}, silent_for=0.6),
    "html": Reply(f"<p>{TOKEN}</p>".encode()),
    "redirect": Reply(b"", 302, {"Location": f"https://joe:{TOKEN}@b.example/?t={TOKEN}"}),
    "odd status line": Reply(f"{TOKEN}".encode(), 418),
    "bad length": Reply(b"{}", headers={"Content-Length": TOKEN}),
    "unreadable encoding": Reply(b"{}", headers={"Content-Encoding": "gzip"}),
}


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_token_is_in_no_error_and_no_log(
    console: Console, source: SentinelOneSource, caplog: pytest.LogCaptureFixture, trouble: str
):
    caplog.set_level(logging.DEBUG)
    console.answer(RISKS, TROUBLES[trouble])
    with pytest.raises(SourceError) as caught:
        list(source.finding_pages(TENANT))
    shown = [repr(e) + str(e) + "".join(map(str, e.args)) for e in chain(caught.value)]
    shown += ["".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())]
    shown += [r.getMessage() for r in caplog.records] + [caplog.text]
    assert TOKEN not in "".join(shown)
    assert "eyJhbGci" not in "".join(shown)
    assert all(isinstance(e, SourceError) for e in chain(caught.value))


def test_a_check_says_nothing_about_the_token(
    console: Console, source: SentinelOneSource, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    for path in ("/system/info", "/accounts", RISKS):
        console.answer(path, error(403, f"Bearer {TOKEN} may not"))
        assert TOKEN not in repr(source.check())
    assert TOKEN not in caplog.text


def test_the_token_of_the_expiry_look_up_travels_in_the_body_only(
    console: Console, source: SentinelOneSource, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    console.answer("/user", error(403))
    console.answer("/users/api-token-details", error(400, "bad"))
    source.check()
    (asked,) = [a for a in console.asked if a.method == "POST"]
    assert TOKEN in asked.body.decode()
    assert asked.query == {}
    assert TOKEN not in caplog.text


def test_no_repr_shows_the_token(source: SentinelOneSource):
    parts = [source, source._client, source._session, source._session._auth]
    assert TOKEN not in "".join(map(repr, parts))
