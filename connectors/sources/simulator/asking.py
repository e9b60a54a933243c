"""Reads the query of a request as strictly as the console does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import orjson

from connectors.sources.simulator import clock
from connectors.sources.simulator.answers import bad_request
from connectors.sources.simulator.parameters import MOMENTS, PAGING, Accepts

FOREVER = 1 << 62
Check = Callable[[Any], bool]


@dataclass(slots=True)
class Asked:
    """A request in our words. ``spans`` are inclusive ranges of Unix milliseconds by field."""

    limit: int = 10
    skip: int = 0
    cursor: str = ""
    skip_count: bool = False
    count_only: bool = False
    sort_by: str = ""
    descending: bool = False
    checks: list[tuple[str, Check]] = field(default_factory=list)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    names: frozenset[str] = frozenset()
    mark: str = ""  # equal for equal filters and order; a cursor holds for one mark

    def matches(self, row: Mapping[str, Any]) -> bool:
        return all(check(row) for name, check in self.checks) and all(
            low <= clock.read(row[name]) <= high for name, (low, high) in self.spans.items()
        )


def read_query(pairs: list[tuple[str, str]], accepts: Accepts, now_ms: int) -> Asked:
    """``Refused`` with the console's 400 for what it would not take."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given[name] = f"{given[name]},{value}" if name in given else value
    _refuse_unknown(given, accepts)
    asked = _paging(given, accepts)
    filters = {name: value for name, value in given.items() if name in accepts.rules}
    for name, value in filters.items():
        _apply(asked, name, value, accepts, now_ms)
    asked.names = frozenset(filters)
    words = orjson.dumps([sorted(filters.items()), asked.sort_by, asked.descending])
    asked.mark = blake2b(words, digest_size=6).hexdigest()
    return asked


def _refuse_unknown(given: Mapping[str, str], accepts: Accepts) -> None:
    unknown = [name for name in given if name not in PAGING and name not in accepts.rules]
    unfelt = [name for name in unknown if name in accepts.unfelt]
    if unfelt:
        raise bad_request(f"dict_values({unfelt!r}): Not simulated")
    if unknown:
        raise bad_request(f"dict_values({unknown!r}): Unknown field")


def _paging(given: Mapping[str, str], accepts: Accepts) -> Asked:
    sort_by, order = given.get("sortBy", ""), given.get("sortOrder", "asc")
    if sort_by and sort_by not in accepts.sortable:
        raise bad_request("sortBy: Not a valid choice.")
    if order not in ("asc", "desc"):
        raise bad_request("sortOrder: Not a valid choice.")
    return Asked(
        limit=_whole("limit", given.get("limit", "10"), 1, accepts.limit),
        skip=_whole("skip", given.get("skip", "0"), 0, 1000),
        cursor=given.get("cursor", ""),
        skip_count=_flag("skipCount", given.get("skipCount", "false")),
        count_only=_flag("countOnly", given.get("countOnly", "false")),
        sort_by=sort_by,
        descending=order == "desc",
    )


def _whole(name: str, value: str, lowest: int, highest: int) -> int:
    if not re.fullmatch(r"\d{1,9}", value):
        raise bad_request(f"{name}: Not a valid integer.")
    if not lowest <= int(value) <= highest:
        raise bad_request(f"{name}: Must be between {lowest} and {highest}.")
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value.lower() not in ("true", "false"):
        raise bad_request(f"{name}: Not a valid boolean.")
    return value.lower() == "true"


def _moment(name: str, value: str) -> int:
    try:
        return clock.read(value)
    except ValueError:
        raise bad_request(f"{name}: Not a valid datetime.") from None


def _apply(asked: Asked, name: str, value: str, accepts: Accepts, now_ms: int) -> None:
    how, _, target = accepts.rules[name].partition(" ")
    if how in MOMENTS:
        _narrow(asked, target, _span(name, how, value))
    elif how == "days":
        _narrow(asked, target, (now_ms - _whole(name, value, 0, 28) * clock.DAY_MS, FOREVER))
    elif how == "option":
        if _flag(name, value):
            asked.options.add(target)
    elif how == "search":
        asked.checks.append(("", lambda row: any(value.lower() in str(row[n]).lower() for n in accepts.search)))
    else:
        asked.checks.append((target, _check(name, how, target, value)))


def _span(name: str, how: str, value: str) -> tuple[int, int]:
    if how == "between":
        if not (found := re.fullmatch(r"(\d+)-(\d+)", value)):
            raise bad_request(f"{name}: Not a valid range.")
        return int(found[1]), int(found[2])
    moment = _moment(name, value)
    return {"lt": (0, moment - 1), "lte": (0, moment), "gt": (moment + 1, FOREVER), "gte": (moment, FOREVER)}[how]


def _narrow(asked: Asked, target: str, span: tuple[int, int]) -> None:
    low, high = asked.spans.get(target, (0, FOREVER))
    asked.spans[target] = max(low, span[0]), min(high, span[1])


def _check(name: str, how: str, target: str, value: str) -> Check:
    wanted = [part.strip() for part in value.split(",") if part.strip()]
    lower = [part.lower() for part in wanted]
    upper = [part.upper() for part in wanted]
    compared: dict[str, Check] = {
        "in": lambda row: row[target] in wanted,
        "nin": lambda row: row[target] not in wanted,
        "contains": lambda row: any(part in str(row[target]).lower() for part in lower),
        # NOT_MITIGATED asks for "Not mitigated"; without the paid module nothing has the field
        "coded": lambda row: str(row.get(target)).upper().replace(" ", "_") in upper,
        "keys": lambda row: any(key.lower() in lower for key in row[target]),
        "verdict": lambda row: verdict(row[target]) in wanted,
    }
    return compared[how] if how in compared else _checked(name, how, target, value)


def _checked(name: str, how: str, target: str, value: str) -> Check:
    """Checks of values that may be malformed."""
    if how == "flags":
        flags = [_flag(name, part) for part in value.split(",")]
        return lambda row: row.get(target, False) in flags
    if how == "range":
        return _score_range(name, target, value)
    if how == "tagged":
        has = _flag(name, value)
        return lambda row: bool(row[target]["sentinelone"]) == has
    return _tag_data(name, target, value)


def verdict(mark: Any) -> str:
    """The analyst's verdict behind a ``markType``: Default, False Positive or Added CVE."""
    word = mark.get("description", "") if isinstance(mark, dict) else mark
    return word or "Default"


def _score_range(name: str, target: str, value: str) -> Check:
    if not (found := re.fullmatch(r"([\d.]+)-([\d.]+)", value)):
        raise bad_request(f"{name}: Not a valid range.")
    low, high = float(found[1]), float(found[2])
    return lambda row: row.get(target) is not None and low <= float(row[target]) <= high


def _tag_data(name: str, target: str, value: str) -> Check:
    try:
        wanted = orjson.loads(value)
        pairs = [(key, {str(v) for v in values}) for key, values in wanted.items()]
    except (ValueError, AttributeError, TypeError):
        raise bad_request(f"{name}: Not a valid mapping.") from None

    def check(row: Mapping[str, Any]) -> bool:
        own = {(tag["key"], tag["value"]) for tag in row[target]["sentinelone"]}
        return all(_has(own, key, values) for key, values in pairs)

    return check


def _has(own: set[tuple[str, str]], key: str, values: set[str]) -> bool:
    bare = key.removesuffix("__nin")
    found = any((bare, value) in own for value in values)
    return not found if key.endswith("__nin") else found
