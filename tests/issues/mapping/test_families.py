"""How a family of issues is put in order: whatever leaves, every finding ends in the one issue of its application."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from issues.ingest.families import Plan, plan

A, B, C = 1, 2, 3  # applications
parts_of = st.dictionaries(st.integers(1, 5), st.integers(1, 4), max_size=3)
families = st.dictionaries(st.integers(1, 5), parts_of, min_size=1)  # by application: the parts of its issue


def carried_out(homes: dict[int, int], parts: dict[int, dict[int, int]], made: Plan) -> dict[int, dict[int, int]]:
    """What is in each application's issue in the end, by the application that it belongs to."""
    numbers = dict(made.issue_in) | {application: -application for application in made.made}
    content = {issue: dict(parts.get(issue, {homes[issue]: 1})) for issue in homes}
    for issue, application in made.given:
        moved = content[issue].pop(application)
        there = content.setdefault(numbers[application], {})
        there[application] = there.get(application, 0) + moved
    homes = {issue: made.relocated.get(issue, home) for issue, home in homes.items()}
    homes |= {-application: application for application in made.made}
    assert [issue for issue in made.dropped if content.pop(issue)] == []
    return {homes[issue]: found for issue, found in content.items()}


@given(families)
def test_everything_ends_where_it_belongs(family):
    homes = {100 + application: application for application in family}
    parts = {100 + application: found for application, found in family.items() if set(found) - {application}}
    made = plan(homes, parts)

    after = carried_out(homes, parts, made)

    assert {application: set(found) for application, found in after.items() if found} == {
        application: {application} for application, found in after.items() if found
    }
    total = sum(sum(parts.get(issue, {0: 1}).values()) for issue in homes)
    assert sum(sum(found.values()) for found in after.values()) == total
    ends = [made.relocated.get(issue, home) for issue, home in homes.items() if issue not in made.dropped]
    assert len({*ends, *made.made}) == len(ends) + len(made.made)  # one issue for each application


@given(families)
def test_only_an_issue_that_loses_everything_leaves_its_application(family):
    homes = {100 + application: application for application in family}
    parts = {100 + application: found for application, found in family.items() if set(found) - {application}}
    made = plan(homes, parts)
    for issue in (*made.relocated, *made.dropped):
        assert homes[issue] not in parts[issue]
    for issue in made.dropped:  # it keeps its row wherever there is room
        assert set(parts[issue]) <= made.issue_in.keys()


def test_an_issue_that_moves_whole_keeps_its_row():
    made = plan({10: A}, {10: {B: 5}})
    assert (made.relocated, made.given, made.dropped, made.made, made.ways) == ({10: B}, [], [], [], [(10, B)])


def test_where_there_is_one_already_it_is_merged():
    made = plan({10: A, 20: B}, {10: {B: 5}})
    assert (made.relocated, made.given, made.dropped) == ({}, [(10, B)], [10])


def test_a_part_that_leaves_is_split_off():
    made = plan({10: A}, {10: {A: 1, B: 5}})
    assert (made.relocated, made.given, made.dropped, made.made) == ({}, [(10, B)], [], [B])


def test_two_applications_that_change_places_keep_their_issues():
    made = plan({10: A, 20: B}, {10: {B: 5}, 20: {A: 2}})
    assert (made.relocated, made.given, made.dropped, made.made) == ({10: B, 20: A}, [], [], [])


def test_it_goes_where_most_of_it_goes():
    made = plan({10: A}, {10: {B: 1, C: 2}})
    assert (made.relocated, made.given, made.made) == ({10: C}, [(10, B)], [B])


def test_of_two_that_come_to_the_same_place_the_larger_keeps_its_row():
    made = plan({10: A, 20: B}, {10: {C: 1}, 20: {C: 2}})
    assert (made.relocated, made.given, made.dropped) == ({20: C}, [(10, C)], [10])
