from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from django.apps import apps

        from connectors import sink
        from issues import schedules
        from issues.ingest.sink import IngestSink

        # After django-q's own migrations, whose table the schedules live in.
        post_migrate.connect(schedules.install, sender=apps.get_app_config("django_q"))

        sink.register(IngestSink)
