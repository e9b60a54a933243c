"""The four roles, the Unassigned application, and a first set of mapping rules: by tag, then by site."""

from __future__ import annotations

from typing import Any

from django.db import migrations

ROLES = ("Admin", "Analyst", "Application owner", "Viewer")
RULES = (
    {"name": "Tag “app”", "per": "tag:app"},
    {"name": "Tag “application”", "per": "tag:application"},
    {"name": "Site", "per": "site"},
)


def fill(apps: Any, schema_editor: Any) -> None:
    group, application, rule = (
        apps.get_model("auth", "Group"),
        apps.get_model("issues", "Application"),
        apps.get_model("issues", "MappingRule"),
    )
    for name in ROLES:
        group.objects.get_or_create(name=name)
    application.objects.get_or_create(slug="unassigned", defaults={"name": "Unassigned"})
    for position, values in enumerate(RULES, 1):
        condition = {"field": values["per"], "operator": "exists", "value": ""}
        rule.objects.create(
            position=position, name=values["name"], conditions=[condition], application_per=values["per"]
        )


class Migration(migrations.Migration):
    dependencies = [("issues", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
