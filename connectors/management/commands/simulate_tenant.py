"""``manage.py simulate_tenant``: the simulated SentinelOne tenant as a process of its own."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from datetime import UTC, datetime
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.sources.simulator import SimulatedTenant, TenantServer


class Command(BaseCommand):
    help = "Run a simulated SentinelOne tenant on loopback until Ctrl-C; prints its URL and token."
    requires_system_checks: list[str] = []  # it needs neither database nor settings of the project

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
        parser.add_argument("--endpoints", type=int)
        parser.add_argument("--findings", type=int, help="exactly so many, instead of --endpoints")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument(
            "--sku", choices=("none", "vm"), default="vm", help="with the paid module's fields or without"
        )
        parser.add_argument("--token", help="the token to accept; made from the seed when left out")
        parser.add_argument(
            "--epoch", type=datetime.fromisoformat, help="the tenant's time (ISO 8601), default this hour"
        )
        parser.add_argument("--revision", type=int, default=0, help="how many days the tenant has lived on")
        parser.add_argument("--latency", type=float, default=0.0, help="seconds per request")
        parser.add_argument(
            "--scope", choices=("tenant", "account", "site"), default="tenant", help="what the token sees"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        server = self._server(options)
        stopped = Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda *_: stopped.set())
        with server:
            if options["verbosity"]:
                self.stdout.write(f"URL {server.url}")
                self.stdout.write(f"Token {server.token}")
                self.stdout.flush()
            stopped.wait()

    def _server(self, options: dict[str, Any]) -> TenantServer:
        epoch = options["epoch"]
        try:
            tenant = SimulatedTenant(
                options["seed"],
                options["endpoints"],
                findings=options["findings"],
                epoch=epoch if epoch is None or epoch.tzinfo else epoch.replace(tzinfo=UTC),
                sku=options["sku"],
                token=options["token"],
                token_scope=options["scope"],
                latency=options["latency"],
            )
            for _ in range(options["revision"]):
                tenant.advance()
            return TenantServer(tenant, port=options["port"])
        except (ValueError, OSError) as reason:
            raise CommandError(str(reason)) from reason
