"""The queue by severity factor, with counts."""

from __future__ import annotations

import pytest

from issues.queue.factor_facet import factor_options
from issues.queue.filters import IssueFilterSet
from tests.factories import make_issues

pytestmark = pytest.mark.django_db


def options(user, query: dict) -> dict[str, int]:
    filters = IssueFilterSet(query, user=user, default_states=("active",))
    return {option["value"]: option["count"] for option in factor_options(filters, user)}


@pytest.fixture
def three(seed, portal, laptops):
    make_issues(2, seed.connection, laptops, cvss=9.9, vendor_severity="critical")


def test_each_factor_counts_its_issues(three, ben):
    found = options(ben, {})
    assert (found["workstation"], found["development"], found["server"], found["internet_facing"]) == (3, 3, 1, 1)
    assert "kev" not in found


def test_other_filters_narrow_the_counts_and_its_own_does_not(three, ben):
    assert options(ben, {"vendor_severity": ["critical"]})["workstation"] == 2
    assert "server" not in options(ben, {"vendor_severity": ["critical"]})
    assert options(ben, {"factor": ["server"]})["workstation"] == 3
    assert options(ben, {"factor": ["kev"], "q": "28817"}) == {
        "kev": 0, "exploit_unproven": 1, "workstation": 1, "development": 1, "priority_4": 1,
    }  # fmt: skip


def test_an_owner_counts_only_what_they_see(three, olga):
    assert options(olga, {}) == {}


def test_the_page_offers_the_factors_and_filters_by_them(three, ben_client):
    page = ben_client.get("/issues/?factor=server").content.decode()
    assert 'id="factor-workstation" name="factor" value="workstation"' in page
    assert 'id="factor-server" name="factor" value="server" checked' in page
    assert "CVE-2026-1<" in page
    assert "CVE-2026-28817" not in page
    assert "Servers affected" in page


def test_factors_are_listed_on_request(three, ben_client):
    assert "?severity=high&amp;show=factor" in ben_client.get("/issues/?severity=high").content.decode()
    assert 'id="factor-workstation"' in ben_client.get("/issues/?show=factor").content.decode()
