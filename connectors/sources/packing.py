"""What a walk brings, on its way from the process that reads to the one that stores."""

from __future__ import annotations

import pickle
from dataclasses import fields
from operator import attrgetter

from connectors.sources.exceptions import SourceError
from connectors.sources.records import FindingPage, FindingRecord

Said = FindingPage | SourceError
_values = attrgetter(*(f.name for f in fields(FindingRecord) if f.name != "said"))


def pack(said: Said, requests: int) -> bytes:
    """``requests``: how many were made for it. Records go by columns: half of the time that one by one they take."""
    if isinstance(said, SourceError):
        return pickle.dumps((None, said.with_traceback(None), requests))  # a traceback leads to where the token is
    columns = tuple(zip(*map(_values, said.rows), strict=True))
    return pickle.dumps((columns, (said.next_cursor, said.total, said.broken), requests), pickle.HIGHEST_PROTOCOL)


def unpack(packed: bytes) -> tuple[Said, int]:
    columns, rest, requests = pickle.loads(packed)  # noqa: S301 - from a process of ours, by a pipe of ours
    if columns is None:
        return rest, requests
    return FindingPage(list(map(FindingRecord, *columns)) if columns else [], *rest), requests
