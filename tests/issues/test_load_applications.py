"""``manage.py load_applications``: a file is stored whole or not at all."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from connectors.demo.applications import write_applications
from issues.models import Application, ApplicationEvent
from tests.factories import make_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def from_file(*rows):
        file = tmp_path / "applications.json"
        file.write_text(json.dumps(rows))
        call_command("load_applications", str(file))

    return from_file


def test_applications_are_created_and_those_of_the_name_changed(load, ada):
    old = make_application("Payments", business_priority=3, environment="staging")
    load(
        {"name": "Payments", "business_priority": 1, "tags": ["PCI"], "owners": ["ada"]},
        {"name": "Portal", "internet_facing": True},
    )
    old.refresh_from_db()
    assert (old.business_priority, old.environment, old.members.get().user) == (1, "staging", ada)
    assert [tag.name for tag in old.tags.all()] == ["pci"]
    assert Application.objects.get(name="Portal").internet_facing
    assert "Business priority 3 → 1" in {event.text for event in ApplicationEvent.objects.filter(application=old)}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"name": "Portal", "business_priority": 9}, "Row 2: business_priority"),
        ({"business_priority": 1}, "Row 2: name"),
        ({"name": "Portal", "owners": ["nobody"]}, "There is no user “nobody”"),
        ("Portal", "Row 2: non_field_errors"),
        ({"name": "Unassigned", "business_priority": 1}, "“Unassigned” keeps its business priority"),
    ],
)
def test_one_bad_row_stores_nothing(load, row, said):
    Application.objects.unassigned()
    with pytest.raises(CommandError, match=said):
        load({"name": "Shop"}, row)
    assert not Application.objects.filter(name="Shop").exists()


def test_what_is_no_list_is_refused(tmp_path):
    (tmp_path / "no.json").write_text("{}")
    with pytest.raises(CommandError, match="holds no list"):
        call_command("load_applications", str(tmp_path / "no.json"))
    with pytest.raises(CommandError, match="could not be read"):
        call_command("load_applications", str(tmp_path / "absent.json"))


def test_the_demo_knows_its_applications(tmp_path, ada):
    call_command("load_applications", str(write_applications(tmp_path, "ada")))
    known = Application.objects.exclude(slug="unassigned")
    assert known.filter(environment="production", internet_facing=True, business_priority=1).exists()
    assert known.filter(environment="development").exists()
