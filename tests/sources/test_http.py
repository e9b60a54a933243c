"""The session against a real server: what it tries again, what it gives up, and what it never sends."""

from __future__ import annotations

import gzip
import threading
import time
from dataclasses import replace

import pytest

from connectors.sources.exceptions import BadAnswer, RateLimited, SourceError, Unreachable, WrongHost
from connectors.sources.guard import HostGuard
from connectors.sources.http import JsonSession, TokenAuth
from connectors.sources.waits import Waits
from tests.sources.console import HTML_429, Console, Reply

FINE = Reply({"data": {"fine": True}})
INTERNAL = Reply({"timestamp": "2026-04-28T04:06:32.776+00:00", "status": 500, "error": "Internal Server Error"}, 500)
GATEWAY = Reply(b"Bad Gateway", 502)


@pytest.fixture
def session(console: Console, waits: Waits):
    guard = HostGuard(["127.0.0.0/8"], allow_http=True)
    session = JsonSession(console.url, guard, auth=TokenAuth("ApiToken", "secret-token"), waits=waits)
    yield session
    session.close()


@pytest.mark.parametrize(
    "trouble",
    [
        Reply(HTML_429, 429),
        INTERNAL,
        GATEWAY,
        Reply(b"<html>maintenance</html>", 503),
        Reply(b'{"data": [1, 2, 3', 200),
        Reply({"data": "x" * 5000}, cut_after=100),
        Reply(b"", cut_after=0, headers={"Content-Length": "10"}),
        Reply({"data": 1}, silent_for=0.8),
    ],
    ids=["429", "500 JSON", "502 text", "503 HTML", "cut JSON", "cut body", "cut head", "silence"],
)
def test_what_passes_by_itself_is_tried_again(
    console: Console, session: JsonSession, naps: list[float], trouble: Reply
):
    console.answer("/x", trouble, trouble, FINE)
    answer = session.get("/web/api/v2.1/x")
    assert answer.data == {"data": {"fine": True}}
    assert session.requests_made == len(console.asked) == 3
    assert len([n for n in naps if n >= 0.7]) == 2


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (Reply(HTML_429, 429), RateLimited),
        (INTERNAL, Unreachable),
        (GATEWAY, Unreachable),
        (Reply(b'{"data": [', 200), BadAnswer),
        (Reply(b"<html>welcome</html>", 200, {"Content-Type": "text/html"}), BadAnswer),
        (Reply(b"x" * 50, cut_after=10), Unreachable),
    ],
)
def test_what_does_not_pass_ends_after_five_tries(
    console: Console, session: JsonSession, naps: list[float], trouble: Reply, kind: type[SourceError]
):
    console.answer("/x", trouble)
    with pytest.raises(kind) as caught:
        session.get("/web/api/v2.1/x")
    assert not caught.value.permanent
    assert len(console.asked) == 5


@pytest.mark.parametrize("status", [400, 401, 403, 404, 501])
def test_a_refusal_is_an_answer_and_not_tried_again(console: Console, session: JsonSession, status: int):
    console.answer("/x", Reply({"errors": []}, status))
    assert session.get("/web/api/v2.1/x").status == status
    assert len(console.asked) == 1


def test_retry_after_is_obeyed(console: Console, session: JsonSession, naps: list[float]):
    console.answer("/x", Reply(HTML_429, 429, {"Retry-After": "42"}), FINE)
    session.get("/web/api/v2.1/x")
    assert naps[0] == 42


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_longer_than_a_step_is_handed_on(console: Console, session: JsonSession, naps: list[float], status: int):
    console.answer("/x", Reply(HTML_429, status, {"Retry-After": "3600"}))
    with pytest.raises(RateLimited, match="3600 seconds") as caught:
        session.get("/web/api/v2.1/x")
    assert caught.value.retry_after == 3600
    assert len(console.asked) == 1
    assert naps == []


def test_after_a_429_requests_keep_a_gap(console: Console, session: JsonSession, naps: list[float]):
    console.answer("/x", FINE)
    for _ in range(3):
        session.get("/web/api/v2.1/x")
    assert naps == []
    console.answer("/x", Reply(HTML_429, 429), FINE)
    session.get("/web/api/v2.1/x")
    naps.clear()
    session.get("/web/api/v2.1/x")
    assert len(naps) == 1
    assert 0.1 < naps[0] <= 0.25


def test_a_redirect_is_not_followed_and_the_token_stays_here(console: Console, session: JsonSession):
    other = Console()
    console.answer("/x", Reply(b"", 302, {"Location": f"{other.url}/login?next=secret"}))
    with pytest.raises(WrongHost) as caught:
        session.get("/web/api/v2.1/x")
    assert other.url in caught.value.sentence
    assert "next=" not in caught.value.sentence
    assert other.asked == []
    assert len(console.asked) == 1
    other.close()


def test_the_token_travels_in_the_authorization_header_alone(
    console: Console, session: JsonSession, monkeypatch: pytest.MonkeyPatch, tmp_path
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login joe password pw\n")
    monkeypatch.setenv("NETRC", str(netrc))
    console.answer("/x", FINE)
    session.get("/web/api/v2.1/x", {"limit": "1"})
    session.get("/web/api/v2.1/x", auth=False)
    with_token, without = console.asked
    assert with_token.token == "ApiToken secret-token"
    assert with_token.query == {"limit": "1"}
    assert without.token is None


def test_a_token_pasted_with_line_breaks_still_makes_a_header(console: Console, waits: Waits):
    guard = HostGuard(["127.0.0.0/8"], allow_http=True)
    session = JsonSession(console.url, guard, auth=TokenAuth("ApiToken", " abc\r\ndef\u2026 "), waits=waits)
    console.answer("/x", FINE)
    session.get("/web/api/v2.1/x")
    assert console.asked[0].token == "ApiToken abcdef?"


def test_one_connection_serves_many_requests(console: Console, session: JsonSession):
    console.answer("/x", FINE, Reply({"errors": []}, 404), GATEWAY, FINE)
    for _ in range(4):
        session.get("/web/api/v2.1/x")
    assert len(console.asked) == 5
    assert len({a.client_port for a in console.asked}) == 1


def test_an_answer_that_drips_is_cut_at_the_deadline(console: Console, session: JsonSession):
    session.waits = replace(session.waits, deadline=0.5, tries=1)
    console.answer("/x", Reply({"data": "a long story, told slowly"}, drip=0.1))
    began = time.monotonic()
    with pytest.raises(Unreachable, match="within"):
        session.get("/web/api/v2.1/x")
    assert time.monotonic() - began < 1.5


def test_an_answer_without_end_is_not_read_to_the_end(console: Console, session: JsonSession):
    session.waits = replace(session.waits, page_bytes=2 * 2**20)
    bomb = gzip.compress(b'{"data": "' + b"x" * 20 * 2**20 + b'"}')
    console.answer("/x", Reply(bomb, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(BadAnswer, match="larger than 2 MB"):
        session.get("/web/api/v2.1/x")
    assert len(console.asked) == 1


def test_a_field_of_five_megabytes_is_read(console: Console, session: JsonSession):
    console.answer("/x", Reply({"data": [{"applicationName": "x" * 5 * 2**20}]}))
    assert len(session.get("/web/api/v2.1/x").data["data"][0]["applicationName"]) == 5 * 2**20


def test_a_post_is_sent_once(console: Console, session: JsonSession):
    console.answer("/x", GATEWAY)
    with pytest.raises(Unreachable):
        session.post("/web/api/v2.1/x", {"data": {}})
    assert len(console.asked) == 1


def test_nobody_there(waits: Waits):
    gone = Console()
    url = gone.url
    gone.close()
    session = JsonSession(
        url, HostGuard(["127.0.0.0/8"], allow_http=True), auth=TokenAuth("ApiToken", "t"), waits=waits
    )
    with pytest.raises(Unreachable, match="failed or was cut off"):
        session.get("/x")
    assert session.requests_made == 5


def test_within_a_hurry_nothing_waits_long(console: Console, session: JsonSession, naps: list[float]):
    console.answer("/x", Reply(HTML_429, 429, {"Retry-After": "42"}))
    with session.hurried(), pytest.raises(RateLimited):
        session.get("/web/api/v2.1/x")
    assert naps == []
    console.answer("/x", GATEWAY)
    with session.hurried(), pytest.raises(Unreachable):
        session.get("/web/api/v2.1/x")
    assert len(console.asked) == 3


def test_the_watch_over_the_deadline_ends_with_the_session(console: Console, session: JsonSession):
    before = set(threading.enumerate())
    console.answer("/x", FINE)
    session.get("/web/api/v2.1/x")
    session.get("/web/api/v2.1/x")
    (watch,) = [t for t in set(threading.enumerate()) - before if t.name == "deadline"]
    session.close()
    watch.join(2)
    assert not watch.is_alive()
