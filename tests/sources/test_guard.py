"""The host is typed by a person and called by the server, so every address it leads to is judged."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connectors.sources.base import SourceConfig
from connectors.sources.exceptions import NotAllowed, Unreachable
from connectors.sources.guard import HostGuard
from connectors.sources.sentinelone.source import SentinelOneSource
from connectors.sources.waits import Waits
from tests.sources.console import Console
from tests.sources.sentinelone.tenant import TOKEN

INSIDE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.9",
    "192.168.1.1",
    "169.254.169.254",
    "168.63.129.16",
    "100.64.0.1",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.251",
    "239.1.1.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
PUBLIC = ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"]


def resolves_to(monkeypatch: pytest.MonkeyPatch, *rounds: list[str]) -> None:
    """Make the resolver give these addresses, round by round; the last round stays."""
    left = list(rounds)

    def answer(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        if host[0].isdigit():  # urllib3 hands the judged address over as a number
            return real(host, port, *args, **kwargs)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_are_refused(monkeypatch: pytest.MonkeyPatch, address: str):
    resolves_to(monkeypatch, [address])
    with pytest.raises(NotAllowed, match="private network"):
        HostGuard().addresses("console.example", 443, encrypted=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(monkeypatch: pytest.MonkeyPatch, address: str):
    resolves_to(monkeypatch, [address])
    assert HostGuard().addresses("console.example", 443, encrypted=True) == [address]


@pytest.mark.parametrize("disguise", ["localhost", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]"])
def test_disguises_of_loopback_are_refused(disguise: str):
    with pytest.raises(NotAllowed):
        HostGuard().addresses(disguise, 443, encrypted=True)


def test_one_bad_address_among_good_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch):
    resolves_to(monkeypatch, ["93.184.215.14", "10.0.0.5"])
    with pytest.raises(NotAllowed):
        HostGuard().addresses("console.example", 443, encrypted=True)


def test_an_allowed_network_opens_only_itself(monkeypatch: pytest.MonkeyPatch):
    guard = HostGuard(["10.0.0.0/8", "fd00::/8"])
    resolves_to(monkeypatch, ["10.0.0.5", "fd00::5", "::ffff:10.0.0.6"])
    assert len(guard.addresses("console.example", 443, encrypted=True)) == 3
    resolves_to(monkeypatch, ["192.168.0.5"])
    with pytest.raises(NotAllowed):
        guard.addresses("console.example", 443, encrypted=True)


def test_plain_http_goes_only_to_allowed_networks(monkeypatch: pytest.MonkeyPatch):
    guard = HostGuard(["10.0.0.0/8"], allow_http=True)
    resolves_to(monkeypatch, ["10.0.0.5"])
    assert guard.addresses("console.example", 80, encrypted=False) == ["10.0.0.5"]
    resolves_to(monkeypatch, ["93.184.215.14"])
    with pytest.raises(NotAllowed, match="without encryption"):
        guard.addresses("console.example", 80, encrypted=False)


@pytest.mark.parametrize("origin", ["http://a.example", "https://joe:pw@a.example", "ftp://a.example", "a.example"])
def test_origins_that_are_never_called(origin: str):
    with pytest.raises(NotAllowed):
        HostGuard().judge_origin(origin)


def test_a_name_without_address_is_unreachable():
    with pytest.raises(Unreachable, match="could not be resolved"):
        HostGuard().addresses("no-such-name.invalid", 443, encrypted=True)


def source_of(url: str, *networks: str) -> SentinelOneSource:
    config = SourceConfig(url, TOKEN, allowed_networks=networks, allow_http=True)
    return SentinelOneSource(config, waits=Waits(tries=1, connect=1.0))


def test_a_name_that_moves_after_it_was_judged_leads_nowhere(monkeypatch: pytest.MonkeyPatch, console: Console):
    resolves_to(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    source = source_of(console.url.replace("127.0.0.1", "rebind.example"), "127.0.0.1/32")
    assert source.check().usable  # judged and connected to in one look-up: a second one would have led elsewhere
    source.close()
    step = source.check().failed_step
    assert step is not None
    assert step.error_code == "not_allowed"


def test_the_connection_goes_to_the_judged_address_under_the_name(monkeypatch: pytest.MonkeyPatch, console: Console):
    resolves_to(monkeypatch, ["127.0.0.1"])
    source = source_of(console.url.replace("127.0.0.1", "console.example"), "127.0.0.0/8")
    assert source.check().usable
    assert console.asked


def test_loopback_is_refused_before_anything_is_sent(console: Console):
    step = source_of(console.url).check().failed_step
    assert step is not None
    assert (step.code, step.error_code) == ("host", "not_allowed")
    assert console.asked == []


def test_proxies_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, console: Console, source: SentinelOneSource
):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert source.check().can_import
    assert console.asked
