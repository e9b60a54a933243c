"""The filter by owner finds what was given to somebody, and the rest of the applications that they own."""

from __future__ import annotations

from itertools import product

import pytest
from django.http import QueryDict

from issues.decisions.owner import assign_owner
from issues.models import Issue
from issues.queue.facets import total
from issues.queue.filters import IssueFilterSet
from issues.queue.listing import list_issues
from tests.factories import make_issue, make_issues

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(tenant, payroll, portal, ada, ben):
    """Payroll is Olga's, but one issue of it is Ben's; Portal is nobody's, but one issue of it is Ada's."""
    theirs = make_issues(4, tenant, payroll, vendor_severity="high")
    nobodys = make_issues(3, tenant, portal, vendor_severity="medium", software_name="Chrome")
    make_issue(tenant, payroll, state="resolved", software_name="Chrome")
    assign_owner(Issue.objects.filter(pk=theirs[0].pk), ben, ada)
    assign_owner(Issue.objects.filter(pk=nobodys[0].pk), ada, ada)


def owner_of(issue: Issue) -> str:
    if issue.owner:
        return issue.owner.username
    return "olga" if issue.application.slug == "payroll" else ""


QUERIES = [
    "",
    "&severity=high",
    "&q=chrome",
    "&state=active&state=resolved",
    "&application=payroll",
    "&sort=application",
]


def test_rows_and_counts_agree_with_the_issues(crowd, ada, subtests):
    for owner, more in product(["ada", "ben", "olga", "ada&owner=olga", "eve"], QUERIES):
        with subtests.test(owner + more):
            rows_and_counts_agree(ada, owner, more)


def rows_and_counts_agree(ada, owner, more):
    listing = list_issues(ada, QueryDict(f"owner={owner}{more}"))
    everything = list_issues(ada, QueryDict(more.lstrip("&")))
    expected = [row for row in everything.rows if owner_of(row) in owner.split("&owner=")]
    assert [row.pk for row in listing.rows] == [row.pk for row in expected]
    assert listing.total == len(expected)
    by_application = {option.value: option.count for option in _facet(listing, "application") if option.count}
    if "application=" not in more:
        slugs = [row.application.slug for row in expected]
        assert by_application == {slug: slugs.count(slug) for slug in slugs}
    by_severity = {option.value: option.count for option in _facet(listing, "severity") if option.count}
    if "severity=" not in more:
        words = [row.get_severity_display().lower() for row in expected]
        assert by_severity == {word: words.count(word) for word in words}
    filters = IssueFilterSet(
        QueryDict(f"owner={owner}{more}".replace("&sort=application", "")), user=ada, default_states=("active",)
    )
    assert total(filters, ada) == len(expected)


def test_the_api_finds_the_same(crowd, ada, api_of):
    for owner, number in (("ada", 1), ("ben", 1), ("olga", 4), ("eve", 0)):
        answer = api_of(ada).get(f"/api/v1/issues/?owner={owner}").json()
        assert (answer["count"], len(answer["results"])) == (number, number)
        assert all(row["owner"] == owner for row in answer["results"])


def _facet(listing, name):
    return next(facet.options for facet in listing.facets if facet.name == name)
