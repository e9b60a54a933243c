"""A page shows a part of the tree; saving it must do to the rest what a person means."""

from __future__ import annotations

import pytest

from connectors.picker.draft import redraft
from connectors.picker.forest import Forest, Leaf

ACCOUNT, BERLIN, LISBON, AUSTIN, LAB, BUILD, OTHER = range(1, 8)


@pytest.fixture
def forest() -> Forest:
    """An account with three sites, of which Berlin has two groups, and a second account."""
    above = {ACCOUNT: None, BERLIN: ACCOUNT, LISBON: ACCOUNT, AUSTIN: ACCOUNT, LAB: BERLIN, BUILD: BERLIN, OTHER: None}
    kinds = {None: "account", ACCOUNT: "site", BERLIN: "group"}
    return Forest(Leaf(one, up, kinds[up], f"r{one}", "active", 1, False) for one, up in above.items())


TOP = {ACCOUNT, BERLIN, LISBON, AUSTIN, OTHER}  # groups are shown only under an opened site


def saved(forest: Forest, base: set[int], shown: set[int], ticked: set[int], filtered: bool = False) -> set[int]:
    return redraft(forest, base, shown, ticked, filtered=filtered)


def test_boxes_that_were_ticked_are_chosen(forest):
    assert saved(forest, set(), TOP, {BERLIN, OTHER}) == {BERLIN, OTHER}


def test_a_page_that_comes_back_untouched_changes_nothing(forest):
    for base in ({LAB}, {ACCOUNT}, {BERLIN, OTHER}, set()):
        ticked = {one for one in TOP if forest.covers(base, one)}
        assert saved(forest, base, TOP, ticked) == base


def test_a_group_in_a_closed_site_stays_chosen_while_another_site_is_added(forest):
    assert saved(forest, {LAB}, TOP, {LISBON}) == {LAB, LISBON}


def test_choices_behind_a_search_stay(forest):
    assert saved(forest, {LISBON, OTHER}, {ACCOUNT, BERLIN}, {BERLIN}, filtered=True) == {BERLIN, LISBON, OTHER}


def test_taking_one_site_out_of_a_chosen_account_keeps_the_others_one_by_one(forest):
    ticked = {LISBON, AUSTIN}  # a script lets go of the account's box too
    assert saved(forest, {ACCOUNT}, TOP, ticked) == {LISBON, AUSTIN}


def test_without_a_script_the_account_stays_ticked_and_is_let_go_all_the_same(forest):
    assert saved(forest, {ACCOUNT}, TOP, {ACCOUNT, LISBON, AUSTIN}) == {LISBON, AUSTIN}


def test_taking_a_group_out_of_a_chosen_account_lets_go_of_site_and_account(forest):
    shown = TOP | {LAB, BUILD}
    assert saved(forest, {ACCOUNT}, shown, {LISBON, AUSTIN, BUILD}) == {LISBON, AUSTIN, BUILD}


def test_a_site_that_a_search_found_is_taken_out_and_its_unseen_neighbours_stay(forest):
    assert saved(forest, {ACCOUNT}, {ACCOUNT, BERLIN}, set(), filtered=True) == {LISBON, AUSTIN}


def test_an_account_emptied_with_all_that_is_shown_goes_as_a_whole(forest):
    """Also its sites beyond the first rows of the branch."""
    assert saved(forest, {ACCOUNT}, {ACCOUNT, BERLIN, LISBON, OTHER}, set()) == set()


def test_sites_beyond_the_first_rows_stay_when_only_one_shown_site_is_taken_out(forest):
    assert saved(forest, {ACCOUNT}, {ACCOUNT, BERLIN, LISBON}, {LISBON}) == {LISBON, AUSTIN}


def test_a_site_taken_out_takes_its_unseen_groups_with_it(forest):
    assert saved(forest, {BERLIN}, TOP, set()) == set()


def test_an_account_that_is_ticked_stands_for_its_sites(forest):
    assert saved(forest, {LISBON, LAB}, TOP, {ACCOUNT, LISBON}) == {ACCOUNT}


def test_an_id_of_no_tree_is_handed_on_so_that_it_can_be_refused(forest):
    assert saved(forest, set(), TOP | {99}, {BERLIN, 99}) == {BERLIN, 99}
