"""``/severity/``: the rules in the open."""

from __future__ import annotations

import pytest

from issues.models import RuleSet
from issues.severity.factors import DEFAULTS, FACTORS

pytestmark = pytest.mark.django_db
URL = "/severity/"


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_every_factor_is_published_with_its_weight_and_reach(seed, vic_client):
    page = text(vic_client.get(URL))
    for factor in FACTORS.values():
        assert factor.name in page
    assert '<a href="/issues/?factor=workstation">1</a>' in page
    assert '<form class="card"' in page
    assert "Save as version" not in page


def test_a_preview_shows_the_matrix_and_saves_nothing(seed, portal, ada_client):
    page = text(ada_client.post(URL, {"w-workstation": "−3,0", "do": "preview", "based_on": "1"}))
    assert "<b>0</b> of the active issues would go up, <b>1</b> down, <b>1</b> would stay." in page
    assert "Biggest movers" in page
    assert "Build laptops" in page
    assert 'value="−3,0"' in page
    assert RuleSet.objects.count() == 1


def test_saving_makes_a_version_with_author_and_comment(seed, ada, ada_client):
    values = {"w-workstation": "-3", "do": "save", "based_on": "1", "comment": "Laptops can wait"}
    answer = ada_client.post(URL, values, follow=True)
    assert "Rule set version 2 counts now." in text(answer)
    saved = RuleSet.objects.get(version=2)
    assert (saved.author, saved.comment, saved.all_weights["workstation"]) == (ada, "Laptops can wait", -3.0)


def test_one_goes_back_to_a_version_by_saving_it_again(seed, ada, ada_client):
    RuleSet.add(DEFAULTS | {"workstation": -3.0}, "", ada)
    page = text(ada_client.get(f"{URL}?version=1"))
    assert "These are the weights of version 1" in page
    assert 'value="Back to version 1"' in page
    values = {f"w-{code}": weight for code, weight in DEFAULTS.items()}
    ada_client.post(URL, values | {"do": "save", "based_on": "2", "comment": "Back to version 1"})
    assert RuleSet.objects.current().version == 3
    assert RuleSet.objects.current().all_weights == DEFAULTS


def test_nobody_overwrites_what_somebody_else_saved_meanwhile(seed, ada, ada_client):
    RuleSet.add(DEFAULTS | {"workstation": -3.0}, "", ada)
    page = text(ada_client.post(URL, {"w-kev": "3", "do": "save", "based_on": "1"}))
    assert "Version 2 was saved meanwhile" in page
    assert RuleSet.objects.count() == 2


def test_a_wrong_weight_is_told_and_kept_in_the_form(seed, ada_client):
    page = text(ada_client.post(URL, {"w-kev": "plenty", "do": "save", "based_on": "1"}))
    assert "write a number from −5 to 5" in page
    assert 'value="plenty"' in page
    assert 'aria-invalid="true"' in page
    assert RuleSet.objects.count() == 1


def test_weights_that_change_nothing_make_no_version(seed, ada_client):
    ada_client.post(URL, {"w-kev": "1.0", "do": "save", "based_on": "1"})
    assert RuleSet.objects.count() == 1


@pytest.mark.parametrize("who", ["ben", "olga", "vic"])
def test_only_admins_change_weights(who, seed, request, client_of):
    client = client_of(request.getfixturevalue(who))
    assert client.post(URL, {"w-kev": "3", "do": "save", "based_on": "1"}).status_code == 403
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("version", ["7", "x", "²", "99999999999999999999"])
def test_a_version_that_never_was(version, seed, vic_client):
    assert vic_client.get(f"{URL}?version={version}").status_code == 404


def test_feeds_tell_their_age_or_that_they_are_not_known(seed, vic_client, epss_file):
    from issues.intel.load import load
    from issues.models import Feed

    assert "not known" in text(vic_client.get(URL))
    load(Feed.Name.EPSS, epss_file("CVE-2026-28817,0.0004,0.12"))
    assert "EPSS scores" in text(vic_client.get(URL))
