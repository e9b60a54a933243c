from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ConnectorsConfig(AppConfig):
    name = "connectors"

    def ready(self) -> None:
        # After django-q's own migrations, whose table the schedules live in.
        from django.apps import apps

        from connectors import schedules

        post_migrate.connect(schedules.install, sender=apps.get_app_config("django_q"))
