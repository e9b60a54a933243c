"""Mapping rules out of data that anybody may have written: everything that is wrong is said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from issues.mapping.rule import KEYED, MATCHES, OPERATORS, PLAIN, Condition, Rule
from issues.models import MappingRule

MOST_RULES, MOST_CONDITIONS, MOST_VALUES = 500, 50, 1_000
LONGEST_NAME, LONGEST_KEY, LONGEST_VALUE = 200, 128, 1_000
RULE_KEYS = ("name", "match", "conditions", "application", "application_per")
CONDITION_KEYS = ("field", "operator", "value")
NOUNS = {"rules": "rule", "conditions": "condition", "value": "value"}
FIELDS = ", ".join([*(f"{field}:KEY" for field in KEYED), *PLAIN])


class BadRules(ValueError):
    """``problems`` is a list of (where, sentence).

    ``where`` is the path of what is wrong, counted from zero, such as ``rules.2.conditions.0.field``, ``rules.2.name``
    or ``rules``.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        self.problems = problems
        super().__init__(" ".join(f"{place(where)}{sentence}" for where, sentence in problems))


def place(where: str) -> str:
    """``rules.2.conditions.0.field`` as people count: "Rule 3, condition 1: "; empty for the whole list."""
    found = [f"{NOUNS[noun]} {int(n) + 1}" for noun, n in pairwise(where.split(".")) if n.isdigit()]
    return f"{', '.join(found).capitalize()}: " if found else ""


def parse(data: object) -> list[Rule]:
    """Rules from ``{"rules": […]}`` or the bare list; ``BadRules`` with every problem otherwise."""
    reader = _Reader()
    rules = reader.rules(data)
    if reader.problems:
        raise BadRules(reader.problems)
    return rules


class _Reader:
    def __init__(self) -> None:
        self.problems: list[tuple[str, str]] = []

    def rules(self, data: object) -> list[Rule]:
        if isinstance(data, Mapping):
            data = data.get("rules")
        if not isinstance(data, list):
            self._say("rules", "Give a list of rules: {“rules”: […]}.")
            return []
        if len(data) > MOST_RULES:
            self._say("rules", f"{len(data):,} rules are too many: at most {MOST_RULES} make a list.")
            return []
        return [self._rule(f"rules.{n}", item) for n, item in enumerate(data)]

    def _rule(self, at: str, data: object) -> Rule:
        if not isinstance(data, Mapping):
            self._say(at, "A rule is an object with a name, conditions and an application.")
            return Rule("")
        self._strangers(at, data, RULE_KEYS)
        match = data.get("match", "all")
        if match not in MATCHES:
            self._say(f"{at}.match", "Say “all” or “any”: whether all conditions must hold, or one is enough.")
        conditions = self._conditions(f"{at}.conditions", data.get("conditions", []))
        application, per = self._target(at, data)
        name = self._text(f"{at}.name", data.get("name", ""), LONGEST_NAME) or _called(str(match), conditions)
        return Rule(name, str(match), conditions, application, per)

    def _conditions(self, at: str, data: object) -> tuple[Condition, ...]:
        if not isinstance(data, list):
            self._say(at, "Conditions are a list, empty for a rule that takes every endpoint.")
            return ()
        if len(data) > MOST_CONDITIONS:
            self._say(at, f"{len(data):,} conditions are too many: at most {MOST_CONDITIONS} make a rule.")
            return ()
        return tuple(self._condition(f"{at}.{n}", item) for n, item in enumerate(data))

    def _condition(self, at: str, data: object) -> Condition:
        if not isinstance(data, Mapping):
            self._say(at, "A condition is an object with field, operator and value.")
            return Condition("", "")
        self._strangers(at, data, CONDITION_KEYS)
        field, operator = self._field(f"{at}.field", data.get("field")), data.get("operator")
        if operator not in OPERATORS:
            self._say(f"{at}.operator", f"{_quoted(operator)} is no operator. Use one of {', '.join(OPERATORS)}.")
            return Condition(field, "")
        return Condition(field, str(operator), self._value(f"{at}.value", str(operator), data.get("value")))

    def _field(self, at: str, data: object) -> str:
        kind, _, key = str(data or "").partition(":")
        kind, key = kind.strip(), " ".join(key.split())
        if kind in KEYED:
            if not key:
                self._say(at, f"Say which {kind.replace('_', ' ')}: {kind}:KEY.")
            elif len(key) > LONGEST_KEY:
                self._say(at, f"The key is longer than {LONGEST_KEY} characters.")
            return f"{kind}:{key}"
        if kind not in PLAIN or key:
            self._say(at, f"{_quoted(data)} is no field. Use one of {FIELDS}.")
        return kind

    def _value(self, at: str, operator: str, data: object) -> str | tuple[str, ...]:
        if operator == "exists":
            if data not in (None, "", []):
                self._say(at, "“exists” takes no value; use “is” to compare with one.")
            return ""
        if operator == "in":
            return self._values(at, data)
        if isinstance(data, list):
            self._say(at, f"“{operator}” takes one value; use “in” for several.")
            return ""
        return self._wanted(at, data)

    def _values(self, at: str, data: object) -> tuple[str, ...]:
        if not isinstance(data, list) or not data:
            self._say(at, "“in” takes a list of values with at least one in it.")
            return ()
        if len(data) > MOST_VALUES:
            self._say(at, f"{len(data):,} values are too many: at most {MOST_VALUES:,} make a list.")
            return ()
        return tuple(self._wanted(f"{at}.{n}", item) for n, item in enumerate(data))

    def _wanted(self, at: str, data: object) -> str:
        text = self._text(at, data, LONGEST_VALUE, one_line=False)
        if not text and (not self.problems or self.problems[-1][0] != at):
            self._say(at, "Say the value to compare with; “exists” asks whether there is any.")
        return text

    def _target(self, at: str, data: Mapping[Any, Any]) -> tuple[str, str]:
        application = self._text(f"{at}.application", data.get("application"), LONGEST_NAME)
        per = self._text(f"{at}.application_per", data.get("application_per"), LONGEST_KEY + 4)
        if application and per:
            self._say(f"{at}.application", "Name an application, or say for what there is one each; not both.")
        elif not application and not per and not self._is_said(at, "application", "application_per"):
            self._say(f"{at}.application", "Name the application that the rule leads to.")
        return application, self._per(f"{at}.application_per", per)

    def _per(self, at: str, per: str) -> str:
        kind, _, key = per.partition(":")
        if not per or per == "site":
            return per
        if kind.strip() != "tag" or not key.strip():
            self._say(at, f"{_quoted(per)} can't make applications. Use “tag:KEY” or “site”.")
        return f"tag:{key.strip()}"

    def _text(self, at: str, data: object, longest: int, *, one_line: bool = True) -> str:
        """Without blanks around it; numbers are taken as they are written."""
        if data is None:
            return ""
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            self._say(at, "This is a text.")
            return ""
        text = " ".join(str(data).split()) if one_line else str(data).strip()
        if "\0" in text:
            self._say(at, "A text has no zero bytes in it.")
        if len(text) > longest:
            self._say(at, f"{len(text):,} characters are too many: at most {longest:,} fit.")
        return text

    def _strangers(self, at: str, data: Mapping[Any, Any], known: Iterable[str]) -> None:
        for name in data.keys() - set(known):
            self._say(at, f"{_quoted(name)} is not known here. Known are {', '.join(known)}.")

    def _is_said(self, at: str, *names: str) -> bool:
        return any(where in {f"{at}.{name}" for name in names} for where, _ in self.problems)

    def _say(self, where: str, sentence: str) -> None:
        self.problems.append((where, sentence))


def _called(match: str, conditions: Iterable[Condition]) -> str:
    """The name of a rule that was given none: its conditions in words."""
    if any(not condition.operator or not condition.field for condition in conditions):
        return ""
    words = MappingRule(match=match, conditions=[condition.as_data() for condition in conditions]).in_words
    return (words[:1].upper() + words[1:])[:LONGEST_NAME]


def _quoted(data: object) -> str:
    return f"“{str(data)[:60]}”" if data not in (None, "") else "Nothing"
