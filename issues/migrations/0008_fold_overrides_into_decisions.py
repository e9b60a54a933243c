"""A severity set by hand is a decision like the others, kept with who, when and why also after it ended."""

from django.conf import settings
from django.db import migrations, models

BATCH = 500
WORDS = ("unknown", "info", "low", "medium", "high", "critical")  # by their numbers in issues.severity.levels


def fold(apps, schema_editor):
    decision = apps.get_model("issues", "Decision")
    rows = apps.get_model("issues", "SeverityOverride").objects.order_by("pk").iterator(BATCH)
    decision.objects.bulk_create(
        (
            decision(
                issue_id=row.issue_id,
                kind="severity",
                value=WORDS[row.severity],
                reason=row.reason,
                user_id=row.user_id,
                at=row.at,
            )
            for row in rows
        ),
        batch_size=BATCH,
    )


def unfold(apps, schema_editor):
    override = apps.get_model("issues", "SeverityOverride")
    held = apps.get_model("issues", "Decision").objects.filter(kind="severity", ended_at=None)
    newest = {row.issue_id: row for row in held.order_by("at", "pk").iterator(BATCH)}
    override.objects.bulk_create(
        (
            override(
                issue_id=row.issue_id,
                severity=WORDS.index(row.value),
                reason=row.reason,
                user_id=row.user_id,
                at=row.at,
            )
            for row in newest.values()
        ),
        batch_size=BATCH,
    )
    apps.get_model("issues", "Decision").objects.filter(kind="severity").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0007_endpoints_to_map"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="issueevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("severity", "Severity changed"),
                    ("resolved", "Resolved"),
                    ("reopened", "Reopened"),
                    ("removed", "Removed"),
                    ("excluded", "Excluded"),
                    ("returned", "Back in the queue"),
                    ("owner", "Owner changed"),
                    ("merged", "Merged"),
                    ("moved", "Moved to another application"),
                ],
                max_length=8,
            ),
        ),
        migrations.RunPython(fold, unfold),
        migrations.DeleteModel(name="SeverityOverride"),
    ]
