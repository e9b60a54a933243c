"""Whatever is merged, in whatever order and in however many batches: the same is in force at the end."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issues.decisions.merge import carry_over
from issues.models import Issue
from tests.examples import examples
from tests.factories import make_connection
from tests.issues.decisions.merging import decide, in_force, issue_of, made_by_a_move

pytestmark = pytest.mark.django_db
SEVERITIES = ("critical", "high", "medium", "low", "info")
KINDS = ("", "false_positive", "accepted_risk", "snooze")

people = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["active", "resolved"]),
        "severity": st.sampled_from(SEVERITIES),
        "exclusion": st.sampled_from(KINDS),
        "days": st.integers(1, 3),
        "hand": st.sampled_from([None, *SEVERITIES]),
        "owner": st.sampled_from([None, "ben", "olga"]),
    }
)


def make(tenant, name, said) -> Issue:
    issue = issue_of(tenant, name, said["state"], said["severity"])
    if said["exclusion"]:
        decide(issue, said["exclusion"], days=None if said["exclusion"] == "false_positive" else said["days"])
    if said["hand"]:
        decide(issue, "severity", said["hand"])
    if said["owner"]:
        decide(issue, "owner", said["owner"])
    return issue


class _Undone(Exception):
    pass


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(data=st.data(), olds=st.lists(people, min_size=2, max_size=4), target=st.none() | people)
def test_order_and_batches_do_not_matter(db, ben, olga, data, olds, target):
    """``target`` None: it is made by the move."""
    assert User.objects.count() == 2
    try:
        with transaction.atomic():
            tenant = make_connection("Tenant")
            sources = [make(tenant, f"Old {n}", said).pk for n, said in enumerate(olds)]
            new = (make(tenant, "New", target) if target else made_by_a_move(tenant, "New")).pk
            at_once = outcome(new, [sources])
            order = data.draw(st.permutations(sources))
            cut = data.draw(st.integers(0, len(order)))
            assert outcome(new, [order[:cut], order[cut:]]) == at_once
            assert outcome(new, [[one] for one in order]) == at_once
            assert outcome(new, [[one] for one in order * 2]) == at_once
            raise _Undone
    except _Undone:
        pass


def outcome(new: int, batches: list[list[int]]) -> tuple:
    """What is in force after these batches, which are undone again."""
    try:
        with transaction.atomic():
            for batch in batches:
                carry_over([(old, new) for old in batch])
            issue = Issue.objects.get(pk=new)
            found = (in_force(issue), issue.decision, issue.overridden, issue.owner_id)
            kinds = [kind for kind, *_ in found[0]]
            assert issue.decision in (*kinds, "")
            assert issue.overridden == ("severity" in kinds)
            raise _Undone
    except _Undone:
        return found
