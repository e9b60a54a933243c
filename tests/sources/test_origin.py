from __future__ import annotations

import pytest

from connectors.sources.origin import clean_origin, origin_of


@pytest.mark.parametrize(
    ("pasted", "origin"),
    [
        ("https://usea1-acme.sentinelone.net", "https://usea1-acme.sentinelone.net"),
        ("  https://USEA1-Acme.SentinelOne.net/ \n", "https://usea1-acme.sentinelone.net"),
        ("usea1-acme.sentinelone.net", "https://usea1-acme.sentinelone.net"),
        ("https://usea1-acme.sentinelone.net/dashboard", "https://usea1-acme.sentinelone.net"),
        ("https://usea1-acme.sentinelone.net/web/api/v2.1/", "https://usea1-acme.sentinelone.net"),
        ("https://a.example/incidents/threats?page=1#top", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("a.example:8443/dashboard", "https://a.example:8443"),
        ("https://a.example.", "https://a.example"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443"),
        ("console-on-premises", "https://console-on-premises"),
    ],
)
def test_what_people_paste_becomes_an_origin(pasted: str, origin: str):
    assert clean_origin(pasted) == origin
    assert clean_origin(clean_origin(pasted)) == origin


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "   ",
        "https://",
        "https:///dashboard",
        "not a host",
        "ftp://a.example",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://a.example",
        "https://joe:pw@a.example",
        "https://a.example@evil.example",
        "https://a.example:port",
        "https://a.example:99999",
        "https://-a.example",
        "https://a..example",
        "https://[::1",
        "https://[nonsense]",
        "https://a.example\\@evil.example/",
        "https://" + "a" * 70 + ".example",
        "http://a.example",
    ],
)
def test_nonsense_and_danger_are_refused_with_a_sentence(pasted: str):
    with pytest.raises(ValueError, match=r"^[A-Z].*\.$"):
        clean_origin(pasted)


def test_plain_http_needs_permission():
    assert clean_origin("http://127.0.0.1:8000/x", allow_http=True) == "http://127.0.0.1:8000"
    assert clean_origin("http://a.example:80", allow_http=True) == "http://a.example"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://joe:pw@b.example:8443/login?token=x", "https://b.example:8443"),
        ("/login", "another address"),
        ("", "another address"),
        ("https://[", "another address"),
    ],
)
def test_a_redirects_target_is_named_without_its_secrets(url: str, named: str):
    assert origin_of(url) == named
