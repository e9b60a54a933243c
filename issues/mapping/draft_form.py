"""Reading a draft out of the posted form, and what each of its buttons does to it. No button changes what is stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import QueryDict

from issues.mapping.draft import APPLICATION, SITE, TAG, Draft, DraftCondition, DraftRule
from issues.mapping.reading import MOST_CONDITIONS, MOST_RULES
from issues.models import MappingRule
from issues.models.mapping_rule import OPERATORS as WORDS

FIELDS: Mapping[str, str] = {
    "tag": "Tag",
    "cloud_tag": "Cloud tag",
    "account": "Account",
    "site": "Site",
    "group": "Group",
    "name": "Name",
    "domain": "Domain",
    "ou": "Organisational unit",
    "cloud_provider": "Cloud provider",
    "cloud_account": "Cloud account",
    "os": "Operating system",
    "type": "Endpoint type",
    "external_id": "External id",
    "software": "Installed software",
}
OPERATORS = {name: WORDS[name] for name in ("is", "in", "glob", "exists")}
TARGETS = {
    APPLICATION: "the application",
    TAG: "one application per value of the tag",
    SITE: "one application per site",
}
LONGEST = 20_000  # letters of a field: the rules tell what is too long, nobody cuts it


def read(form: QueryDict) -> Draft:
    """What the form holds. Choices that it never offered become the first it offers; the rest is kept as typed."""
    draft = Draft([], _number(form.get("based_on", "")), form.get("comment", "")[:300], form.get("seen", "")[:64])
    opened = set(form.getlist("open"))
    for number in _numbers(form.getlist("rule"), MOST_RULES):
        rule = _rule(form, number)
        rule.is_open = str(number) in opened
        draft.rules.append(rule)
    return draft


def asked(query: QueryDict) -> DraftRule | None:
    """The rule that an address suggests: ``field, operator, value`` and ``application`` or ``application_per``."""
    if not query.get("field"):
        return None
    condition = DraftCondition.of({name: query.get(name, "")[:LONGEST] for name in ("field", "operator", "value")})
    condition.field = _choice(condition.field, FIELDS)
    condition.operator = _choice(condition.operator, OPERATORS)
    rule = DraftRule.of({name: query.get(name, "")[:LONGEST] for name in ("application", "application_per")})
    rule.target = _choice(rule.target, TARGETS)
    rule.conditions = [condition]
    return rule


def press(draft: Draft, button: str) -> None:
    """``add``, ``up.3``, ``remove-condition.3.1`` and so on; a button that the form never had does nothing."""
    deed, *numbers = button.split(".")
    rule = draft.rule(_number(numbers[0])) if numbers else None
    condition = _number(numbers[1]) if len(numbers) > 1 else 0
    if deed == "add" and len(draft.rules) < MOST_RULES:
        draft.add(DraftRule(conditions=[DraftCondition()]))
    elif rule is not None and deed in DEEDS:
        DEEDS[deed](draft, rule, condition)


def _up(draft: Draft, rule: DraftRule, _: int) -> None:
    _move(draft, rule, -1)


def _down(draft: Draft, rule: DraftRule, _: int) -> None:
    _move(draft, rule, 1)


def _move(draft: Draft, rule: DraftRule, by: int) -> None:
    """One place; the focus stays on the button, or goes to the other one at the end."""
    here, last = draft.rules.index(rule), len(draft.rules) - 1
    there = min(max(here + by, 0), last)
    draft.rules.insert(there, draft.rules.pop(here))
    way = "down" if there == 0 else "up" if there == last else "up" if by < 0 else "down"
    draft.focus = f"{way}-{rule.number}"


def _remove(draft: Draft, rule: DraftRule, _: int) -> None:
    here = draft.rules.index(rule)
    draft.rules.remove(rule)
    after = draft.rules[here : here + 1] or draft.rules[-1:]
    draft.focus = f"remove-{after[0].number}" if after else "add"


def _add_condition(draft: Draft, rule: DraftRule, _: int) -> None:
    if len(rule.conditions) < MOST_CONDITIONS:
        number = max((each.number for each in rule.conditions), default=-1) + 1
        rule.conditions.append(DraftCondition(number))
        rule.is_open, draft.focus = True, f"field-{rule.number}-{number}"


def _remove_condition(draft: Draft, rule: DraftRule, number: int) -> None:
    rule.conditions = [each for each in rule.conditions if each.number != number]
    rule.is_open, draft.focus = True, f"add-condition-{rule.number}"


DEEDS: dict[str, Callable[[Draft, DraftRule, int], None]] = {
    "up": _up,
    "down": _down,
    "remove": _remove,
    "add-condition": _add_condition,
    "remove-condition": _remove_condition,
}


def _rule(form: QueryDict, number: int) -> DraftRule:
    def text(name: str) -> str:
        return form.get(f"{number}.{name}", "")[:LONGEST]

    conditions = [
        DraftCondition(
            each,
            _choice(text(f"{each}.field"), FIELDS),
            text(f"{each}.key"),
            _choice(text(f"{each}.operator"), OPERATORS),
            text(f"{each}.value"),
        )
        for each in _numbers(form.getlist(f"{number}.condition"), MOST_CONDITIONS)
    ]
    return DraftRule(
        number, text("name"), _choice(text("match"), MappingRule.Match.values), conditions,
        _choice(text("target"), TARGETS), text("application"), text("key"),
    )  # fmt: skip


def _choice(text: str, offered: Mapping[str, str] | list[str]) -> str:
    return text if text in offered else next(iter(offered))


def _numbers(texts: list[str], most: int) -> list[int]:
    """Each once, in the order of the form."""
    return list(dict.fromkeys(_number(text) for text in texts))[:most]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
