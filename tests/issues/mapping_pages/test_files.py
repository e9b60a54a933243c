"""Rules leave as a file and come back from one; a bad one changes nothing and says why."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from issues.mapping.rules import as_data, current
from issues.mapping.save import current_revision
from tests.issues.mapping_pages.forms import URL, Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(ben_client, hosts):
    def send(content: bytes | str, name: str = "rules.json") -> Form:
        data = content if isinstance(content, bytes) else content.encode()
        return Form.of(ben_client.post(f"{URL}import/", {"file": SimpleUploadedFile(name, data)}))

    return send


def test_what_was_exported_comes_back_as_it_was(vic_client, ben_client, bring):
    answer = vic_client.get(f"{URL}export/")
    assert answer["Content-Disposition"] == 'attachment; filename="sightline-mapping-rules-1.json"'
    assert json.loads(answer.content) == {"version": 1, "rules": as_data(current())}
    form = bring(answer.content)
    assert "These are the 2 rules of “rules.json”. Nothing is saved yet." in form.page
    assert form.value("comment") == "From rules.json"
    shown = Form.of(ben_client.post(URL, form.posted("preview")))
    assert "these are the rules that count already" in shown.page


def test_an_imported_file_counts_only_after_preview_and_save(ben_client, bring):
    rules = [{"name": "Paris", "conditions": [{"field": "site", "operator": "is", "value": "Paris"}],
              "application": "Shop"}]  # fmt: skip
    form = bring("\ufeff" + json.dumps(rules))  # a bare list, with the mark that Windows puts before it
    assert form.order == ["Paris"]
    assert [rule.name for rule in current()] == ["Berlin", "Tags"]
    form = Form.of(ben_client.post(URL, form.posted("preview")))
    assert "<b>3 endpoints</b>" in form.page
    ben_client.post(URL, form.posted("save"))
    assert [rule.name for rule in current()] == ["Paris"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "It is not JSON"),
        ("{rules: []}", "It is not JSON: line 1, column 2"),
        (b"\xff\xfe\x00", "It is not JSON in UTF-8."),
        ("[" * 100_000, "It is not JSON"),
        ('{"factors": []}', "There is no list called “rules” in it."),
        ('{"rules": {}}', "Give a list of rules"),
        ('[{"name": "A", "application": "B", "conditions": [{"field": "colour", "operator": "is", "value": "x"}]}]',
         "Rule 1, condition 1: “colour” is no field."),
        ('[{"name": "A"}]', "Rule 1: Name the application that the rule leads to."),
        (" " * 1_100_000, "It is larger than 1 MB."),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reasons(content, says, bring):
    version = current_revision().version
    form = bring(content)
    assert "“rules.json” can’t be read." in form.page
    assert "Nothing was changed." in form.page
    assert says in form.page
    assert form.order == ["Berlin", "Tags"]  # the editor shows what counts
    assert (current_revision().version, len(current())) == (version, 2)


def test_a_file_with_many_mistakes_tells_some_and_how_many_more(bring):
    form = bring(json.dumps([{"name": "A"}] * 30))
    assert form.page.count("Name the application that the rule leads to.") == 20
    assert "and 10 more." in form.page


def test_no_file_at_all(ben_client, hosts):
    assert "No file was sent." in Form.of(ben_client.post(f"{URL}import/")).page
