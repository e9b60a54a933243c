"""What about a list of rules is probably not meant: rules that can never decide, and rules that take everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from issues.mapping.facts import Facts
from issues.mapping.match import TAGS, Decision, Matcher, fold
from issues.mapping.rule import Condition, Rule

NAMED = 3  # earlier rules that a sentence names


class Takings:
    """Which rule takes which endpoints, and from whom; gathered while endpoints are looked at."""

    def __init__(self, rules: Sequence[Rule], matcher: Matcher) -> None:
        self.rules, self._matcher = rules, matcher
        self.per_rule = [0] * len(rules)
        self.looked_at = 0
        self.lost: list[Counter[int]] = [Counter() for _ in rules]  # of a rule that decides nothing: to which rules
        self._idle = list(range(len(rules)))

    def add(self, facts: Facts, decision: Decision | None) -> None:
        self.looked_at += 1
        if decision is None:
            return
        if not self.per_rule[decision.rule]:
            self._idle.remove(decision.rule)
        self.per_rule[decision.rule] += 1
        for place in self._idle:
            if place > decision.rule and self._matcher.would_decide(place, facts):
                self.lost[place][decision.rule] += 1


def warnings(takings: Takings) -> list[str]:
    """Sentences, in the order of the rules."""
    greedy = _greedy(takings)
    if greedy is None:
        return [sentence for place in range(len(takings.rules)) for sentence in _about(place, takings)]
    after = len(takings.rules) - greedy - 1
    rest = "the rule after it never decides" if after == 1 else f"the {after} rules after it never decide"
    endpoints = "every endpoint" if _takes_all(takings.rules[greedy]) else "every endpoint there is now"
    before = [sentence for place in range(greedy) for sentence in _about(place, takings)]
    return [*before, f"{_named(greedy, takings)} takes {endpoints}: {rest}."]


def _greedy(takings: Takings) -> int | None:
    """The first rule that leaves nothing to those after it."""
    for place, rule in enumerate(takings.rules[:-1]):
        if _takes_all(rule) or (takings.looked_at and takings.per_rule[place] == takings.looked_at):
            return place
    return None


def _about(place: int, takings: Takings) -> Iterator[str]:
    rule, name = takings.rules[place], _named(place, takings)
    earlier = next((n for n in range(place) if _covers(takings.rules[n], rule)), None)
    if contradiction := _contradiction(rule):
        yield f"{name} can never match: {contradiction}."
    elif earlier is not None:
        yield f"{name} can never decide: “{takings.rules[earlier].name}” before it takes all that it matches."
    elif takings.looked_at and not takings.per_rule[place]:
        yield f"{name} {_idle(takings.lost[place], takings.rules)}"


def _idle(lost: Counter[int], rules: Sequence[Rule]) -> str:
    if not lost:
        return "matches no endpoint now."
    takers = [f"“{rules[n].name}”" for n, _ in lost.most_common(NAMED)]
    more = len(lost) - len(takers)
    names = " and ".join([*takers, *([f"{more} more"] if more else [])])
    if lost.total() == 1:
        return f"decides nothing now: the endpoint it matches is taken by {names} before it."
    return f"decides nothing now: the {lost.total():,} endpoints it matches are taken by {names} before it."


def _named(place: int, takings: Takings) -> str:
    return f"Rule {place + 1} “{takings.rules[place].name}”"


def _takes_all(rule: Rule) -> bool:
    return not rule.conditions and not rule.application_per


def _covers(earlier: Rule, rule: Rule) -> bool:
    """Whether every endpoint that ``rule`` matches is matched by ``earlier``, as far as their words tell."""
    if earlier.application_per:
        return False  # where it finds no value, it leaves the endpoint to the next
    ours, theirs = set(rule.conditions), set(earlier.conditions)
    if not theirs:
        return True
    if earlier.match == "all" and len(theirs) > 1:
        return bool(ours) and rule.match == "all" and theirs <= ours
    return bool(ours) and (ours <= theirs if rule.match == "any" else bool(ours & theirs))


def _contradiction(rule: Rule) -> str:
    """Two conditions that no endpoint fulfils together, in words."""
    if rule.match != "all":
        return ""
    wanted: dict[str, Condition] = {}
    for condition in rule.conditions:
        if condition.operator not in ("is", "in") or condition.field.partition(":")[0] in (*TAGS, "software"):
            continue
        other = wanted.setdefault(condition.field, condition)
        if not {fold(v) for v in other.values} & {fold(v) for v in condition.values}:
            return f"an endpoint has one {condition.field.replace('_', ' ')} only"
    return ""
