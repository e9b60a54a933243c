"""The bytes of a feed, from a file or an address, within bounds of time and size."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import requests

MOST_BYTES = 200_000_000  # sent or unpacked; all of EPSS is 12 MB unpacked in 2026
TIMEOUTS = (10, 30)
DEADLINE = 120.0
GZIP = b"\x1f\x8b"


class FeedError(Exception):
    """The feed can't be used; the text is a sentence for people. Data already loaded stays."""


def fetch(place: str) -> bytes:
    """What a file, ``file://`` or ``http(s)://`` address holds, unpacked when it is gzip. Raises ``FeedError``."""
    address = urlsplit(place)
    if address.scheme in ("http", "https"):
        data = _download(place)
    else:
        data = _read(Path(unquote(address.path)) if address.scheme == "file" else Path(place))
    return _unpack(data) if data.startswith(GZIP) else data


def shown(place: str) -> str:
    """The place without a user, a password or a query that may hold a key."""
    address = urlsplit(place)
    if address.scheme not in ("http", "https"):
        return place[:500]
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}{address.path}"[:500]


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise _too_large(str(path))
        return path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path} can't be read: {error.strerror}.") from None


def _download(url: str) -> bytes:
    problem = ""
    with requests.Session() as session:
        session.trust_env = False
        try:
            with session.get(url, timeout=TIMEOUTS, stream=True, allow_redirects=False) as response:
                _judge(response, url)
                return b"".join(_pieces(response, url))
        except requests.RequestException as error:
            problem = type(error).__name__
    raise FeedError(f"{shown(url)} can't be downloaded ({problem}). Sites without internet can load it from a file.")


def _judge(response: requests.Response, url: str) -> None:
    if 300 <= response.status_code < 400:
        target = shown(response.headers.get("Location", "another address"))
        raise FeedError(f"{shown(url)} has moved to {target}. Name the new address.")
    if response.status_code != 200:
        raise FeedError(f"{shown(url)} answered with status {response.status_code}.")


def _pieces(response: requests.Response, url: str) -> Iterator[bytes]:
    until, size = time.monotonic() + DEADLINE, 0
    for piece in response.iter_content(1 << 16):
        size += len(piece)
        if size > MOST_BYTES:
            raise _too_large(shown(url))
        if time.monotonic() > until:
            raise FeedError(f"{shown(url)} did not finish within {DEADLINE:.0f} seconds.")
        yield piece


def _unpack(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MOST_BYTES)
    except zlib.error:
        raise FeedError("The gzip file is damaged.") from None
    if unpacker.unconsumed_tail:
        raise _too_large("The unpacked file")
    if not unpacker.eof:
        raise FeedError("The gzip file is cut short.")
    return plain


def _too_large(what: str) -> FeedError:
    return FeedError(f"{what} is larger than {MOST_BYTES // 1_000_000} MB, so it was not read.")
