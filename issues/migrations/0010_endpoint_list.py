from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectors", "0002_answers_to_held_reads"),
        ("issues", "0009_endpoint_surface"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(fields=["last_scan_at", "id"], name="endpoint_by_scan"),
        ),
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(fields=["site_name", "name", "id"], name="endpoint_by_site"),
        ),
        migrations.AddIndex(
            model_name="endpoint",
            index=models.Index(fields=["type", "os", "pinned", "mapped_by"], name="endpoint_kinds"),
        ),
    ]
