"""Measure imports and pages on this machine, beside the floor of the machine, and print tables with ratios."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand

from issues.bench import applications, pages, remapping, severities
from issues.bench.installation import Installation
from issues.bench.report import report
from issues.bench.scenario import Measured, measure
from issues.bench.table import table

SCRATCH = "sightline_bench"
APPLICATIONS = 500


class Command(BaseCommand):
    help = (
        "Imports simulated tenants of growing size with the product's own commands. The figures are this machine's: "
        "compare ratios, not seconds. With DATABASE_URL set it works in a database of its own on that server."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--findings", type=int, nargs="+", default=[10_000, 100_000], help="sizes to measure")
        parser.add_argument("--pages", action="store_true", help="only the pages of this installation, as it is")
        parser.add_argument(
            "--applications", type=int, nargs="?", const=APPLICATIONS, metavar="N",
            help=f"only lists of N applications ({APPLICATIONS}) over {applications.FINDINGS:,} findings",
        )  # fmt: skip
        # These change what they measure.
        parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
        parser.add_argument("--severities", action="store_true", help=argparse.SUPPRESS)
        parser.add_argument("--remapping", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["pages"]:
            self._print_pages(pages.PAGES)
            return
        if options["fill"]:
            applications.fill(options["fill"])
            self._print_pages(pages.OF_APPLICATIONS)
            return
        if options["severities"]:
            self._print_severities()
            return
        if options["remapping"]:
            self._print_remapping()
            return
        folder = Path(tempfile.mkdtemp(prefix="sightline-bench-"))
        sizes = [] if options["applications"] else sorted(options["findings"])
        try:
            results = [self._measure(n, folder) for n in sizes]
            lists = self._measure_applications(options["applications"] or APPLICATIONS, folder)
        finally:
            shutil.rmtree(folder)
        if results:
            self.stdout.write(report(results, "PostgreSQL" if settings.DATABASE_URL else "SQLite"))
        for result, text in zip(results, self._pages, strict=True):
            self.stdout.write(f"\nPages, severities and mapping over {result.findings:,} findings\n\n{text}")
        self.stdout.write(lists)

    def _measure(self, findings: int, folder: Path) -> Measured:
        url = _scratch_database() if settings.DATABASE_URL else ""
        home = folder / str(findings)
        result = measure(findings, home, url, lambda text: self.stderr.write(text))
        installation = Installation(home, url)
        filled = () if self._pages else ("--severities",)  # fills up to one size, whatever the number of findings
        parts = ("--pages", "--remapping", *filled)
        self._pages.append("\n".join(installation.command("bench", part)[0] for part in parts))
        return result

    def _measure_applications(self, number: int, folder: Path) -> str:
        """In an installation of its own, whose tables are filled without any import."""
        url = _scratch_database() if settings.DATABASE_URL else ""
        printed, _ = Installation(folder / "applications", url).command("bench", "--fill", str(number))
        return f"\n{number:,} applications over {applications.FINDINGS:,} findings\n\n{printed}"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pages: list[str] = []

    def _print_pages(self, names: Iterable[str]) -> None:
        rows = [
            (p.name, str(p.queries), f"{p.kilobytes:.0f}", f"{p.milliseconds:.0f}", f"{p.least:.0f}")
            for p in pages.measure(names)
        ]
        self.stdout.write(table(("Page", "Queries", "kB", "ms (median)", "least"), rows))

    def _print_severities(self) -> None:
        rows = [(w.name, f"{w.issues:,}", f"{w.seconds:.1f}") for w in severities.measure()]
        self.stdout.write(table(("Severities", "Active issues", "Seconds"), rows))

    def _print_remapping(self) -> None:
        rows = [
            (r.name, f"{r.findings:,}", f"{r.issues:,}", f"{r.seconds:.1f}", "" if r.wait is None else f"{r.wait:.0f}")
            for r in remapping.measure()
        ]
        heads = ("Other mapping rules", "Findings", "Issues that move", "Seconds", "Longest wait of a writer, ms")
        self.stdout.write(table(heads, rows))


def _scratch_database() -> str:
    """A fresh database beside the one of DATABASE_URL."""
    server, _, _ = settings.DATABASE_URL.rpartition("/")
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as database:
        database.execute(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)")
        database.execute(f"CREATE DATABASE {SCRATCH}")
    return f"{server}/{SCRATCH}"
