"""From what a person pasted to a bare origin such as ``https://usea1-acme.sentinelone.net``."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
DEFAULT_PORTS = {"https": 443, "http": 80}
EXAMPLE = "https://usea1-example.sentinelone.net"


def clean_origin(text: str, *, allow_http: bool = False) -> str:
    """Scheme, host and unusual port in lower case; ``ValueError`` with a sentence when there is none."""
    text = text.strip()
    if not text:
        raise ValueError(f"Enter the address of the console, such as {EXAMPLE}.")
    parts = _split(text if "://" in text else f"https://{text.lstrip('/')}")
    if "@" in parts.netloc:
        raise ValueError("Leave out the user name and password: the API token has a field of its own.")
    if parts.scheme == "http" and not allow_http:
        raise ValueError("Use https:// instead of http://, so that the token travels encrypted.")
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError(f"Only https:// addresses work here, such as {EXAMPLE}.")
    host, port = _host(parts), parts.port
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != DEFAULT_PORTS[parts.scheme] else "")


def origin_of(url: str) -> str:
    """Scheme, host and port of any URL, for naming it in a sentence; "another address" when it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "another address"
    place = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{place}" if parts.scheme and place else "another address"


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  read for its ValueError
    except ValueError:
        raise ValueError(f"This is not an address of a console. Enter one such as {EXAMPLE}.") from None
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        if ":" in host:
            return f"[{ipaddress.IPv6Address(host)}]"
        host = host.encode("idna").decode("ascii").lower()
    except ValueError:
        host = ""
    if not host or len(host) > 253 or not all(LABEL.fullmatch(label) for label in host.split(".")):
        raise ValueError(f"This is not an address of a console. Enter one such as {EXAMPLE}.")
    return host
