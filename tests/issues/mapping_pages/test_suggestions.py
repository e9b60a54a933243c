"""Rules that would help: from what unassigned endpoints share, and every number is what the rule would move."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from issues.mapping.draft import Draft
from issues.mapping.draft_form import asked
from issues.mapping.preview import preview
from issues.mapping.rules import parse
from issues.models import Application, Endpoint
from issues.queue.common_parts import application_name, prefix_of, unit_of
from issues.queue.suggestions import Suggestion, suggestions
from tests.factories import DETECTED, make_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def unassigned() -> Application:
    return Application.objects.unassigned()


@pytest.fixture
def loose(tenant, unassigned, rules):
    """``loose(4, tags=[["app", "x"]])``: endpoints that no rule claims."""

    def make(number: int, application: Application | None = None, **values) -> None:
        start = Endpoint.objects.count()
        names = values.pop("names", "h{}")
        Endpoint.objects.bulk_create(
            Endpoint(
                connection=tenant, external_id=f"e{n}", application=application or unassigned,
                first_seen=DETECTED, **{"name": names.format(n), **values},
            )
            for n in range(start, start + number)
        )  # fmt: skip

    return make


def said(found: list[Suggestion]) -> list[tuple[int, str, str]]:
    return [(each.endpoints, each.shared, each.target) for each in found]


def moved_by(suggestion: Suggestion) -> int:
    """What the editor would preview for it."""
    rule = asked(QueryDict(suggestion.url.partition("?")[2]))
    assert rule is not None
    draft = Draft([])
    draft.add(rule)
    return preview(parse(draft.as_data())).per_rule[0]


def test_a_tag_with_one_value_is_one_application(loose, ben):
    loose(42, tags=[["app", "payments"], ["env", "production"]])
    found = suggestions(ben)
    assert said(found) == [(42, "carry the tag app=payments", "payments")]
    assert found[0].url == "/applications/mapping/?field=tag%3Aapp&operator=is&value=payments&application=payments"


def test_a_tag_with_several_values_is_an_application_for_each(loose, ben):
    loose(4, tags=[["team", "red"]])
    loose(3, tags=[["Team", "blue"], ["Team", "green"]])
    assert said(suggestions(ben)) == [(7, "carry the tag team, with 3 values", "one application per value of team")]


def test_a_tag_that_differs_on_every_endpoint_tells_nothing(loose, ben):
    for number in range(6):
        loose(1, tags=[["serial", f"S{number}"]])
    assert suggestions(ben) == []


def test_names_groups_sites_and_units(loose, ben):
    loose(5, names="PAY-{}", site_name="Berlin", group_name="Default Group")
    loose(3, group_name="Tills", site_name="Berlin")
    loose(2, ou="CN=PC,OU=Finance,DC=corp")
    assert set(said(suggestions(ben))) == {
        (5, "have a name that begins with pay-", "Pay"),
        (8, "stand in the site Berlin", "Berlin"),
        (3, "are in the group Tills", "Tills"),
        (2, "are in the organisational unit Finance", "Finance"),
    }


def test_several_sites_are_one_rule(loose, ben):
    loose(2, site_name="Berlin")
    loose(2, site_name="Paris")
    assert said(suggestions(ben)) == [(4, "stand in 2 sites", "one application per site")]


def test_only_what_is_unassigned_and_not_pinned_counts(loose, ben):
    loose(2, tags=[["app", "shop"]], pinned=True)
    loose(2, make_application("Elsewhere"), tags=[["app", "shop"]])
    loose(3, tags=[["app", "shop"]])
    assert said(suggestions(ben)) == [(3, "carry the tag app=shop", "shop")]


@pytest.mark.parametrize("who", ["vic", "olga"])
def test_nothing_is_suggested_to_those_who_can_not_do_it(who, loose, request):
    loose(3, tags=[["app", "shop"]])
    assert suggestions(request.getfixturevalue(who)) == []


def test_every_number_is_what_its_rule_would_move(loose, ben):
    loose(5, names="PAY-{}", site_name="Berlin", tags=[["App", "Pay"], ["app", "pay"]])
    loose(4, names="pay-x-{}", group_name="Tills", cloud_tags=[["project", "Mars"]], ou="CN=A,OU=Fin,OU=EU,DC=c")
    loose(3, site_name="berlin", tags=[["service", "x"]], cloud_tags=[["project", "mars"]], ou="CN=B,ou=fin,OU=EU,DC=c")
    found = suggestions(ben)
    assert 3 < len(found) <= 6
    assert [(each.shared, moved_by(each)) for each in found] == [(each.shared, each.endpoints) for each in found]


def test_they_cost_six_queries_then_one(loose, ben):
    counts = []
    for more in (5, 60):
        loose(more, tags=[["app", f"a{more}"]], site_name=f"S{more}", names="web-{}")
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                assert suggestions(ben)
            counts.append(len([q for q in queries.captured_queries if "endpoint" in q["sql"]]))
    assert counts == [6, 1, 6, 1]


def test_the_page_shows_them_with_a_way_to_draft_each(loose, ben_client, vic_client):
    loose(3, tags=[["app", "shop"]])
    page = " ".join(ben_client.get("/applications/mapping/").content.decode().split())
    assert "<b>3 endpoints</b> carry the tag app=shop" in page
    assert "Draft a rule" in page
    assert "Draft a rule" not in vic_client.get("/applications/mapping/").content.decode()


@pytest.mark.parametrize(
    ("beginning", "prefix"), [("PAY-", "pay-"), ("DESKTOP-", ""), ("a-", ""), ("7zip-", ""), ("x*y-", ""), ("", "")]
)
def test_prefixes_that_tell_something(beginning, prefix):
    assert prefix_of(beginning) == prefix


def test_units_and_names():
    assert unit_of("OU=Finance,DC=corp") == "ou=finance,dc=corp"
    assert unit_of("CN=Computers,DC=corp") == ""
    assert application_name("ou=finance,dc=corp") == "Finance"
    assert application_name("pay-web-") == "Pay web"
