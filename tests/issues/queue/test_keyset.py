"""Walking a list sees every row once, whichever way it is sorted and whatever is equal."""

from __future__ import annotations

import base64
import json

import pytest

from issues.models import Issue
from issues.queue.keyset import BadCursor, page_of
from issues.queue.ordering import COLUMNS, Sort
from tests.factories import make_issue, make_issues

SORTS = [sign + name for name in COLUMNS for sign in ("", "-")]


@pytest.fixture
def many(tenant, payroll, shop):
    """47 issues, most of them equal in everything but their id."""
    make_issues(30, tenant, payroll, vendor_severity="high")
    make_issues(10, tenant, shop, vendor_severity="low", cvss=2.5)
    make_issues(7, tenant, shop, vendor_severity="critical", cvss=9.9)


def walk(sort: Sort, size: int = 4, **values) -> list[int]:
    page, seen = page_of(Issue.objects.all(), sort, size, **values), []
    while True:
        seen += [row.pk for row in page.rows]
        if not page.next:
            return seen
        page = page_of(Issue.objects.all(), sort, size, page.next, **values)


def test_a_walk_sees_every_row_once_and_in_order(many, subtests):
    for name in SORTS:
        with subtests.test(name):
            sort = Sort.of(name)
            seen = walk(sort)
            assert seen == list(Issue.objects.order_by(*sort.order()).values_list("pk", flat=True))
            assert len(set(seen)) == 47


def test_a_walk_goes_back_the_way_it_came(many, subtests):
    issues = Issue.objects.all()
    for name in SORTS:
        with subtests.test(name):
            sort = Sort.of(name)
            first = page_of(issues, sort, 20)
            second = page_of(issues, sort, 20, first.next)
            third = page_of(issues, sort, 20, second.next)
            assert (first.previous, third.next, len(third.rows)) == ("", "", 7)
            assert page_of(issues, sort, 20, third.previous).rows == second.rows
            assert page_of(issues, sort, 20, second.previous).rows == first.rows
            assert page_of(issues, sort, 20, second.previous).previous == ""


def test_states_are_walked_side_by_side(tenant, payroll, subtests):
    make_issues(9, tenant, payroll)
    for state in ("resolved", "excluded", "removed"):
        for _ in range(3):
            make_issue(tenant, payroll, state=state)
    legs = [Issue.objects.filter(state=state) for state in ("active", "resolved", "excluded", "removed")]
    for name in ("-severity", "severity", "title", "-first_seen"):
        with subtests.test(name):
            sort = Sort.of(name)
            assert walk(sort, legs=legs) == walk(sort)
            assert len(walk(sort, legs=legs)) == 18


def test_rows_that_come_and_go_shift_nothing(many):
    sort, issues = Sort.of("-severity"), Issue.objects.all()
    first = page_of(issues, sort, 10)
    expected = page_of(issues, sort, 10, first.next).rows

    Issue.objects.filter(pk__in=[row.pk for row in first.rows[:5]]).update(severity=0)

    assert page_of(issues, sort, 10, first.next).rows == expected


def sealed(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x", "ä", "====", "W10", "A" * 5000, sealed(), sealed(0, "-severity"), sealed(2, "-severity", 4, 7.5, 1),
        sealed(0, "-score", 7.5, 1), sealed(0, "-severity", "4", 7.5, 1), sealed(0, "-severity", 4, None, 1),
        sealed(0, "-severity", 4, 7.5, 2**70), sealed(0, "-severity", 4, float("inf"), 1),
        sealed(0, "-severity", 4, 7.5, True), sealed(0, "-severity", 4, 7.5, 1, 1),
        sealed(*[[]] * 3), "WwpbWwpb" * 400,
    ],
)  # fmt: skip
def test_a_changed_cursor_is_refused(cursor):
    with pytest.raises(BadCursor):
        page_of(Issue.objects.all(), Sort.of("-severity"), 10, cursor)


@pytest.mark.parametrize("value", ["yesterday", "0001-01-01T00:00:00+00:00", "2026-01-01T00:00:00", 4])
def test_a_changed_date_is_refused(value):
    with pytest.raises(BadCursor):
        page_of(Issue.objects.all(), Sort.of("-first_seen"), 10, sealed(0, "-first_seen", value, 1))


def test_a_changed_text_is_refused():
    for text in ("a\0b", "\ud800", 7):
        with pytest.raises(BadCursor):
            page_of(Issue.objects.all(), Sort.of("title"), 10, sealed(0, "title", text, 1))


def test_every_sort_has_an_index_that_begins_with_the_state():
    indexed = [tuple(name.lstrip("-") for name in index.fields) for index in Issue._meta.indexes]

    for name, columns in COLUMNS.items():
        if name != "application":
            assert ("state", *columns) in indexed, name


@pytest.mark.sqlite
def test_a_page_is_read_from_an_index_without_sorting(many, subtests):
    issues = Issue.objects.filter(state="active")
    for name in SORTS:
        if "application" not in name:
            with subtests.test(name):
                sort = Sort.of(name)
                last = page_of(issues, sort, 10).rows[-1]
                beyond = page_of.__globals__["_beyond"](issues, sort, [getattr(last, c) for c in sort.columns], False)
                plan = beyond.order_by(*sort.order())[:11].explain()
                assert "USING INDEX" in plan or "USING COVERING INDEX" in plan
                assert "TEMP B-TREE" not in plan, plan
