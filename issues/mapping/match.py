"""Whether a rule matches an endpoint, and which one decides: pure, compiled once, then asked for every endpoint."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fnmatch import translate
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from issues.mapping.rule import Condition, Rule

Values = Callable[[Any], list[str]]  # what an endpoint says for a field; empty when it is silent
Test = Callable[["Said"], bool]
Installed = Mapping[Condition, Collection[int]]  # by condition on software: endpoints where it holds

COLUMNS = {
    "account": "account_name",
    "site": "site_name",
    "group": "group_name",
    "name": "name",
    "domain": "domain",
    "ou": "ou",
    "cloud_provider": "cloud_provider",
    "cloud_account": "cloud_account",
    "os": "os",
    "type": "type",
    "external_id": "customer_id",
}
TAGS = {"tag": "tags", "cloud_tag": "cloud_tags"}


class Endpoint(Protocol):
    """Has ``pk`` and what ``COLUMNS`` and ``TAGS`` name: an ``issues.models.Endpoint``, or ``Facts`` in its place."""

    @property
    def pk(self) -> int: ...


class Decision(NamedTuple):
    """``rule`` is its place in the list. ``value`` is what the application is called after, where a rule makes many."""

    rule: int
    value: str = ""


class Matcher:
    """Rules ready to be asked. ``installed`` has to answer every condition on software.

    A rule that can only match where a field has one of some values is asked where it has, so that five hundred rules
    "tag app is …" cost about as much as one.
    """

    def __init__(self, rules: Sequence[Rule], installed: Installed) -> None:
        self._rules = [
            (_test_of(rule, installed), _values_of(rule.application_per) if rule.application_per else None)
            for rule in rules
        ]
        self._always: list[int] = []  # places of rules that may match whatever is said
        self._where: dict[Values, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for place, rule in enumerate(rules):
            gates = _gates_of(rule)
            if not gates:
                self._always.append(place)
            for condition in gates:
                for value in {fold(value) for value in condition.values}:
                    self._where[_values_of(condition.field)][value].append(place)

    def decide(self, endpoint: Endpoint) -> Decision | None:
        """The first rule that matches; None when none does."""
        said = Said(endpoint)
        for place in self._worth_asking(said):
            test, values = self._rules[place]
            if test(said):
                if values is None:
                    return Decision(place)
                if value := next(iter(values(endpoint)), ""):
                    return Decision(place, value)
        return None

    def would_decide(self, place: int, endpoint: Endpoint) -> bool:
        """Whether a rule would take the endpoint if no other stood before it."""
        test, values = self._rules[place]
        return test(Said(endpoint)) and (values is None or bool(values(endpoint)))

    def _worth_asking(self, said: Said) -> Collection[int]:
        """Places, in order."""
        found = {
            place for values, where in self._where.items() for value in said(values) for place in where.get(value, ())
        }
        return sorted(found.union(self._always)) if found else self._always


def _gates_of(rule: Rule) -> Sequence[Condition]:
    """Conditions of which one has to hold where the rule matches, each by values alone; none when there are no such."""
    by_values = [c for c in rule.conditions if c.operator in ("is", "in") and c.field != "software"]
    if rule.match == "any":
        return by_values if len(by_values) == len(rule.conditions) else ()
    return by_values[:1]


class Said:
    """What one endpoint says, in small letters; worked out once for each field that is asked for."""

    __slots__ = ("_folded", "endpoint")

    def __init__(self, endpoint: Any) -> None:
        self.endpoint = endpoint
        self._folded: dict[Values, list[str]] = {}

    def __call__(self, values: Values) -> list[str]:
        folded = self._folded.get(values)
        if folded is None:
            folded = self._folded[values] = [fold(value) for value in values(self.endpoint)]
        return folded


def fold(text: str) -> str:
    return text.strip().casefold()


def holds(condition: Condition) -> Callable[[Iterable[str]], bool]:
    """The condition as a question about folded values."""
    wanted = frozenset(fold(value) for value in condition.values)
    match condition.operator:
        case "exists":
            return lambda values: bool(values)
        case "is" | "in":
            return lambda values: not wanted.isdisjoint(values)
        case "glob":
            fits = re.compile("|".join(translate(value) for value in wanted)).match
            return lambda values: any(map(fits, values))
    raise ValueError(f"unknown operator {condition.operator!r}")


def _test_of(rule: Rule, installed: Installed) -> Test:
    tests = [_asked(condition, installed) for condition in rule.conditions]
    if not tests:
        return lambda said: True
    if len(tests) == 1:
        return tests[0]
    wanted = rule.match == "any"

    def test(said: Said) -> bool:
        for one in tests:
            if one(said) is wanted:
                return wanted
        return not wanted

    return test


def _asked(condition: Condition, installed: Installed) -> Test:
    if condition.field == "software":
        there = installed[condition]
        return lambda said: said.endpoint.pk in there
    values, held = _values_of(condition.field), holds(condition)
    return lambda said: held(said(values))


_known: dict[str, Values] = {}


def _values_of(field: str) -> Values:
    """One and the same function for a field each time, so that what it says is worked out once."""
    if field not in _known:
        if len(_known) > 10_000:
            _known.clear()
        _known[field] = _reader(field)
    return _known[field]


def _reader(field: str) -> Values:
    kind, _, key = field.partition(":")
    if kind in TAGS:
        tags, wanted = attrgetter(TAGS[kind]), fold(key)
        return lambda endpoint: [value for name, value in tags(endpoint) if fold(name) == wanted and value.strip()]
    column = attrgetter(COLUMNS[kind])
    return lambda endpoint: [value] if (value := column(endpoint)) else []
