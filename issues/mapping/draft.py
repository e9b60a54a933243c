"""Mapping rules while somebody edits them: whatever the form holds, right or wrong, in order.

A draft lives in the form alone. It becomes rules by ``as_data``, in the shape of the API, which ``rules.parse`` judges.
"""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from issues.mapping.rule import KEYED
from issues.models import MappingRule

APPLICATION, TAG, SITE = "application", "tag", "site"  # where a rule may lead


@dataclass(slots=True)
class DraftCondition:
    """``value`` as it is typed: where several are asked for, with commas between. ``number`` is unique in its rule."""

    number: int = 0
    field: str = "tag"
    key: str = ""
    operator: str = "is"
    value: str = ""
    problems: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # by field of the form

    @classmethod
    def of(cls, data: Mapping[str, Any], number: int = 0) -> DraftCondition:
        kind, _, key = str(data["field"]).partition(":")
        value = data.get("value") or ""
        typed = _joined(value) if isinstance(value, list) else str(value)
        return cls(number, kind, key, str(data["operator"]), typed)

    @property
    def is_keyed(self) -> bool:
        return self.field in KEYED

    def tell(self, part: str, sentence: str) -> None:
        """What is missing is said in the words of the form."""
        if part == "field" and self.is_keyed and not self.key.strip():
            sentence = "Write the key of the tag."
        elif part == "value" and not self.value.strip():
            sentence = "Write a value to compare with, or choose “is set”."
        told = self.problems.setdefault(part, [])
        told += [sentence] if sentence not in told else []

    def as_data(self) -> dict[str, Any]:
        name = f"{self.field}:{' '.join(self.key.split())}" if self.is_keyed else self.field
        value: Any = self.value.strip()
        if self.operator == "in":
            value = _split(value)
        return {"field": name, "operator": self.operator, "value": "" if self.operator == "exists" else value}


@dataclass(slots=True)
class DraftRule:
    """``target`` says which of ``application`` and ``key`` (of a tag) counts; ``number`` is unique in the form."""

    number: int = 0
    name: str = ""
    match: str = "all"
    conditions: list[DraftCondition] = dataclasses.field(default_factory=list)
    target: str = APPLICATION
    application: str = ""
    key: str = ""
    is_open: bool = False
    problems: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # by field of the form
    endpoints: int | None = None  # it takes now, or would take after a preview

    @classmethod
    def of(cls, data: Mapping[str, Any], number: int = 0) -> DraftRule:
        per = str(data.get("application_per") or "")
        kind, _, key = per.partition(":")
        conditions = [DraftCondition.of(each, n) for n, each in enumerate(data.get("conditions", ()))]
        return cls(
            number, str(data.get("name", "")), str(data.get("match", "all")), conditions,
            kind if per else APPLICATION, str(data.get("application") or ""), key,
        )  # fmt: skip

    @property
    def has_problems(self) -> bool:
        return bool(self.problems) or any(condition.problems for condition in self.conditions)

    @property
    def stored(self) -> MappingRule:
        """As a row that nobody saves: it knows how to say itself in words."""
        data = [condition.as_data() for condition in self.conditions]
        per = "" if self.target == APPLICATION else self._per
        return MappingRule(name=self.name, match=self.match, conditions=data, application_per=per)

    @property
    def in_words(self) -> str:
        return self.stored.in_words

    @property
    def target_in_words(self) -> str:
        if self.target == APPLICATION:
            return " ".join(self.application.split()) or "no application yet"
        return self.stored.target_in_words

    @property
    def _per(self) -> str:
        return f"tag:{' '.join(self.key.split())}" if self.target == TAG else SITE

    @property
    def shown_name(self) -> str:
        """A rule without a name is called by its conditions, as it will be when it is saved."""
        words = self.in_words
        return self.name.strip() or words[:1].upper() + words[1:]

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "name": " ".join(self.name.split()),
            "match": self.match,
            "conditions": [condition.as_data() for condition in self.conditions],
        }
        if self.target == APPLICATION:
            return {**data, "application": " ".join(self.application.split())}
        return {**data, "application_per": self._per}


@dataclass(slots=True)
class Draft:
    """``based_on`` is the version it began with; ``focus`` the id of the control that was used last."""

    rules: list[DraftRule]
    based_on: int = 0
    comment: str = ""
    seen: str = ""  # fingerprint of the preview that was shown
    focus: str = ""
    problems: list[str] = dataclasses.field(default_factory=list)  # with the list as a whole

    @classmethod
    def of(cls, rules: Iterable[Mapping[str, Any]], based_on: int, comment: str = "") -> Draft:
        return cls([DraftRule.of(each, number) for number, each in enumerate(rules, 1)], based_on, comment)

    @property
    def has_problems(self) -> bool:
        return bool(self.problems) or any(rule.has_problems for rule in self.rules)

    def as_data(self) -> dict[str, Any]:
        return {"rules": [rule.as_data() for rule in self.rules]}

    def rule(self, number: int) -> DraftRule | None:
        return next((rule for rule in self.rules if rule.number == number), None)

    def add(self, rule: DraftRule) -> None:
        """At the end, where it takes nothing from the others, and open."""
        rule.number = max((each.number for each in self.rules), default=0) + 1
        rule.is_open = True
        self.rules.append(rule)
        self.focus = f"name-{rule.number}"

    def show(self, problems: Iterable[tuple[str, str]]) -> None:
        """Put (where, sentence) of ``BadRules`` beside the fields: ``rules.2.conditions.0.value`` and the like."""
        for where, sentence in problems:
            _, place, part, number, field, *_ = [*where.split("."), "", "", "", ""]
            if not place:
                self.problems.append(sentence)
                continue
            rule = self.rules[int(place)]
            self.focus = self.focus or f"name-{rule.number}"
            if part == "conditions" and number:
                rule.conditions[int(number)].tell(field, sentence)
            else:
                rule.problems.setdefault(part.removesuffix("_per") or "rule", []).append(sentence)


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(_quoted(str(value)) for value in values)


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if set(value) & set(',"') else value


def _split(typed: str) -> list[str]:
    """``Berlin, "Paris, France"`` are two values."""
    rows = csv.reader([" ".join(typed.splitlines())], skipinitialspace=True)
    return [value.strip() for row in rows for value in row if value.strip()]
