"""An issue can be somebody's, else it is its application's owners'."""

from __future__ import annotations

import pytest

from issues.decisions.owner import assign_owner, possible_owners
from issues.decisions.rules import Refused
from issues.models import Issue
from tests.factories import make_issue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("counts_are_true")]
EVERY = Issue.objects.all


def test_an_owner_is_assigned_replaced_and_taken_away(three, ada, ben, olga):
    assign_owner(EVERY(), olga, ben, "Knows it best")
    assert set(EVERY().values_list("owner__username", flat=True)) == {"olga"}
    assign_owner(EVERY(), ada, ben)
    assert assign_owner(EVERY(), None, ben).issues == 3
    assert assign_owner(EVERY(), None, ben).issues == 0
    issue = EVERY()[0]
    assert issue.owner is None
    assert list(issue.decisions.values_list("value", "ended_reason")) == [("ada", "Taken back"), ("olga", "Replaced")]
    told = issue.events.values_list("kind", "before", "after", "note")
    assert list(told) == [
        ("owner", "ada", "", ""),
        ("owner", "olga", "ada", ""),
        ("owner", "", "olga", "Knows it best"),
    ]


def test_who_does_not_see_an_issue_or_only_looks_can_not_own_it(three, tenant, portal, ben, olga, vic):
    make_issue(tenant, portal)
    with pytest.raises(Refused) as refused:
        assign_owner(EVERY(), olga, ben)
    assert refused.value.problems == {
        "value": "olga sees only some applications, and 1 of these issues is not in them."
    }
    with pytest.raises(Refused):
        assign_owner(EVERY(), vic, ben)
    assert not EVERY().exclude(owner=None).exists()


def test_who_may_decide_can_be_chosen(ada, ben, olga, vic, person):
    gone = person("gone", "Analyst")
    gone.is_active = False
    gone.save()
    person("root", "")
    from django.contrib.auth.models import User

    User.objects.filter(username="root").update(is_superuser=True)
    assert [user.username for user in possible_owners()] == ["ada", "ben", "olga", "root"]
