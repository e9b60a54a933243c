"""The project as an app: what has to happen once in every process, whoever started it."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "config"
    verbose_name = "Sightline"

    def ready(self) -> None:
        import_module("config.heartbeat").listen()
        import_module("config.write_queue").listen()
