"""``/applications/mapping/``: who reads it, who edits it, and that it works without a script."""

from __future__ import annotations

import pytest

from issues.models import MappingRevision
from tests.issues.mapping_pages.forms import URL, Form

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "reads", "edits"), [
    ("ada", True, True), ("ben", True, True), ("vic", True, False), ("olga", False, False),
])  # fmt: skip
def test_who_reads_and_who_edits(who, reads, edits, rules, request, client_of):
    client = client_of(request.getfixturevalue(who))
    answer = client.get(URL)
    assert answer.status_code == (200 if reads else 403)
    assert ("Save as version" in answer.content.decode()) == edits
    assert client.get(f"{URL}export/").status_code == (200 if reads else 403)
    assert client.get(f"{URL}work/").status_code == (200 if reads else 403)
    assert client.post(URL, {"do": "add"}).status_code == (200 if edits else 403)
    assert client.post(f"{URL}import/").status_code == (200 if edits else 403)


def test_somebody_without_a_role_sees_nothing_of_it(person, client_of, rules):
    assert client_of(person("nobody", "")).get(URL).status_code == 403


def test_rules_are_shown_in_words_and_with_what_they_took(vic_client, hosts):
    page = Form.of(vic_client.get(URL)).page
    assert "Site is Berlin" in page
    assert "→ Payroll" in page
    assert "→ one application per tag app" in page
    assert "<b>3</b> endpoints" in page  # in Unassigned
    assert 'popovertarget="import"' not in page


def test_a_rule_is_written_button_by_button(ben_press):
    form = ben_press("add")
    assert (form.order, form.focused) == (["Berlin", "Tags", ""], "name-3")
    form = ben_press("add-condition.3", form, _3_name="Paris", _3_application="Shop")
    form = ben_press("remove-condition.3.0", form, _3_1_field="site", _3_1_value="Paris")
    assert form.order == ["Berlin", "Tags", "Paris"]
    assert form.value("3.1.value") == "Paris"
    assert 'Site is Paris <span class="rule-to">→ Shop</span>' in form.page
    assert MappingRevision.objects.count() <= 1  # nothing was saved


def test_buttons_change_the_order(ben_press):
    form = ben_press("down.1")
    assert (form.order, form.focused) == (["Tags", "Berlin"], "up-1")
    assert "disabled" in form.buttons["up.2"]
    form = ben_press("up.1", form)
    assert (form.order, form.focused) == (["Berlin", "Tags"], "down-1")
    form = ben_press("remove.1", form)
    assert form.order == ["Tags"]


def test_the_first_button_of_the_form_is_the_one_that_enter_presses(ben_press):
    assert next(iter(ben_press("").buttons)) == "preview"


def test_mistakes_stand_beside_their_fields_and_nothing_is_lost(ben_press):
    form = ben_press("add")
    form = ben_press("save", form, _3_name="Nowhere", _3_0_key="app", _3_0_value="")
    assert "Nothing was saved." in form.page
    assert "Name the application that the rule leads to." in form.page
    assert "Write a value to compare with" in form.page
    assert form.focused == "name-3"
    assert form.order == ["Berlin", "Tags", "Nowhere"]
    assert form.page.count('aria-invalid="true"') >= 2
    assert "What would move" not in form.page


def test_what_somebody_types_is_never_markup(ben_press):
    form = ben_press("add-condition.1", _1_name="<script>alert(1)</script>", _1_application='"><b>')
    assert "<script>alert" not in form.page
    assert form.value("1.name") == "<script>alert(1)</script>"
    assert form.value("1.application") == '"><b>'


@pytest.mark.parametrize("address", ["?version=7", "?version=x", "?version=²", "?version=99999999999999999999"])
def test_a_version_that_never_was(address, rules, vic_client):
    assert vic_client.get(URL + address).status_code == 404


def test_a_suggested_rule_stands_at_the_end_and_is_not_saved(ben_client, rules):
    form = Form.of(ben_client.get(f"{URL}?field=name&operator=glob&value=pay-*&application=Payroll"))
    assert len(form.order) == 3
    assert (form.value("3.0.field"), form.value("3.0.operator"), form.value("3.0.value")) == ("name", "glob", "pay-*")
    assert "The last rule is a suggestion" in form.page
    assert form.focused == "name-3"
