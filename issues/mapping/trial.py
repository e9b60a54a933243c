"""A draft put to the test: its problems beside the fields, or what it would move."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from issues.mapping.draft import Draft
from issues.mapping.preview import Preview, preview
from issues.mapping.rules import BadRules, Rule, as_data, current, parse


@dataclass(frozen=True, slots=True)
class Trial:
    """``was_seen`` says that the author saw this very preview before; ``changes`` that it differs from what counts."""

    rules: list[Rule]
    preview: Preview
    was_seen: bool
    changes: bool


def try_out(draft: Draft) -> Trial | None:
    """None when the draft can't become rules: then it knows its problems. Otherwise it knows what each rule takes."""
    try:
        rules = parse(draft.as_data())
    except BadRules as error:
        draft.show(error.problems)
        return None
    found = preview(rules)
    for rule, endpoints in zip(draft.rules, found.per_rule, strict=True):
        rule.endpoints = endpoints
    print_ = _fingerprint(rules, draft.based_on)
    seen, draft.seen = draft.seen, print_
    return Trial(rules, found, seen == print_, as_data(rules) != as_data(current()))


def _fingerprint(rules: list[Rule], version: int) -> str:
    """Of a preview that somebody looked at. It guards against haste, not against anybody."""
    return sha256(json.dumps([version, as_data(rules)]).encode()).hexdigest()[:32]
