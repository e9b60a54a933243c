from __future__ import annotations

from django.apps import AppConfig


class IssuesConfig(AppConfig):
    name = "issues"

    def ready(self) -> None:
        from connectors import sink
        from issues.ingest.sink import IngestSink

        sink.register(IngestSink())
