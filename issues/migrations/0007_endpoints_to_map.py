from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0006_fixes_by_severity"),
    ]

    operations = [
        migrations.AddField(
            model_name="mappingrevision",
            name="expected_issues",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
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
                    ("comment", "Commented"),
                    ("merged", "Merged"),
                    ("moved", "Moved to another application"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(fields=["mapped_version", "id"], name="endpoint_to_map"),
        ),
    ]
