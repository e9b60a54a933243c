"""Severity factors: versions of the weights, the feeds they look at, overrides, and what issues keep of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("connectors", "0001_initial"),
        ("issues", "0002_roles_and_first_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rules_version", models.PositiveIntegerField(default=0)),
                ("aged_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="EpssScore",
            fields=[
                ("cve", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("score", models.FloatField()),
                ("percentile", models.FloatField()),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "name",
                    models.CharField(
                        choices=[("epss", "EPSS scores"), ("kev", "KEV catalogue")],
                        max_length=4,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("loaded_at", models.DateTimeField(blank=True, null=True)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("version", models.CharField(blank=True, max_length=40)),
                ("source", models.CharField(blank=True, max_length=500)),
                ("tried_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="KevEntry",
            fields=[
                ("cve", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("ransomware", models.BooleanField(default=False)),
                ("added", models.DateField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "KEV entries",
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(unique=True)),
                ("weights", models.JSONField()),
                ("comment", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("-version",),
            },
        ),
        migrations.CreateModel(
            name="SeverityOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Unknown"), (1, "Info"), (2, "Low"), (3, "Medium"), (4, "High"), (5, "Critical")]
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="application",
            name="assessed",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="application",
            name="sensitive_data",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="endpoint",
            name="public_address",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="issue",
            name="factor_bits",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="issue",
            name="rules_version",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="vulnerability",
            name="enriched",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="vulnerability",
            name="epss",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vulnerability",
            name="epss_percentile",
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vulnerability",
            name="kev",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="vulnerability",
            name="ransomware",
            field=models.BooleanField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["state", "factor_bits"], name="issue_by_factors"),
        ),
        migrations.AddIndex(
            model_name="vulnerability",
            index=models.Index(fields=["epss"], name="vulnerability_epss"),
        ),
        migrations.AddIndex(
            model_name="vulnerability",
            index=models.Index(fields=["kev"], name="vulnerability_kev"),
        ),
        migrations.AddField(
            model_name="ruleset",
            name="author",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="severityoverride",
            name="issue",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="override", to="issues.issue"
            ),
        ),
        migrations.AddField(
            model_name="severityoverride",
            name="user",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
