"""Any sequence of changes, imports, faults, kills and selections ends in the state that a plain model says.

The model below is docs/reconciliation.md in twenty lines of Python: it knows sets of ids and nothing of
batches, cursors, claims or databases.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from connectors.models import Connection, Resource, SyncRun
from connectors.selection import select, select_all
from connectors.sources.exceptions import Unreachable
from connectors.sources.records import ResourceRecord, ScopeKind
from connectors.sync.start import start_run
from connectors.sync.work import Next, take_turn
from issues.ingest.counts import true_counts
from issues.models import Finding, Issue, IssueCount
from tests.connectors.sync.hooks import KilledError
from tests.examples import examples
from tests.memory_source import HOST, TENANTS, MemoryTenant, Row, endpoint

SITES = ("s1", "s2")
ENDPOINTS = {"e0": "s1", "e1": "s2", "e2": "s2"}
CVES = [f"CVE-2026-{n:04}" for n in range(4)]
PAGE = 3

identities = st.tuples(st.sampled_from(sorted(ENDPOINTS)), st.sampled_from(CVES))
steps = st.one_of(
    st.tuples(st.just("detect"), identities),
    st.tuples(st.just("repair"), identities),
    st.tuples(st.just("recreate"), identities),
    st.tuples(st.just("mark"), identities),
    st.tuples(st.just("import"), st.none()),
    st.tuples(st.just("import, cut at page"), st.integers(0, 3)),
    st.tuples(st.just("import, killed at page"), st.integers(0, 3)),
    st.tuples(st.just("import, one row short"), st.none()),
    st.tuples(st.just("import, cancelled"), st.none()),
    st.tuples(st.just("select"), st.sampled_from(["s1", "s2", "all"])),
)


@dataclass
class Stored:
    id: str
    identity: tuple[str, str]
    state: str = "active"
    marked: bool = False


@dataclass
class Model:
    """What the product should know after each import."""

    selected: str = "all"
    findings: list[Stored] = field(default_factory=list)

    def sees(self, identity: tuple[str, str]) -> bool:
        return self.selected in ("all", ENDPOINTS[identity[0]])

    def read(self, row: Row) -> None:
        identity = (row.endpoint, row.cve)
        known = [f for f in self.findings if f.id == row.id]
        closed = [f for f in self.findings if f.identity == identity and f.state != "active"]
        stored = (known or closed[-1:] or [Stored(row.id, identity)])[0]
        if stored not in self.findings:
            self.findings.append(stored)
        stored.id, stored.state, stored.marked = row.id, "active", row.false_positive

    def resolve(self, rows: list[Row]) -> None:
        """After a complete read: what it did not meet is resolved, unless it met nothing at all."""
        met = {row.id for row in rows}
        for f in self.active():
            if rows and self.sees(f.identity) and f.id not in met:
                f.state = "resolved"

    def remove_deselected(self) -> None:
        """A person's decision: it needs a walk that ended, not one that agreed with its total."""
        for f in self.active():
            if not self.sees(f.identity):
                f.state = "removed"

    def active(self) -> list[Stored]:
        return [f for f in self.findings if f.state == "active"]

    def issues(self) -> dict[tuple[str, str], str]:
        """State by (site, CVE): the site is the application."""
        groups: dict[tuple[str, str], list[Stored]] = {}
        for f in self.findings:
            groups.setdefault((ENDPOINTS[f.identity[0]], f.identity[1]), []).append(f)
        return {key: self._state(group) for key, group in groups.items()}

    @staticmethod
    def _state(group: list[Stored]) -> str:
        active = [f for f in group if f.state == "active"]
        if active:
            return "excluded" if all(f.marked for f in active) else "active"
        return "removed" if any(f.state == "removed" for f in group) else "resolved"


class World:
    """The tenant, the product and the model, moved together."""

    def __init__(self) -> None:
        self.tenant = TENANTS[HOST]
        self.tenant.page_size = PAGE
        self.tenant.endpoints = {e: endpoint(e, site) for e, site in ENDPOINTS.items()}
        self.tenant.resources = [ResourceRecord(ScopeKind.SITE, s, s, "active") for s in SITES]
        self.connection = Connection(connector="memory", name="Model", host_url=HOST)
        self.connection.set_token("a token of sixteen or more")
        self.connection.save()
        self.model, self.number, self.ran = Model(), 0, False

    def step(self, name: str, value: object) -> None:
        act = name.replace(", ", "_").replace(" ", "_")
        getattr(self, f"do_{act}")(value)

    def rows_of(self, identity: object) -> list[Row]:
        return [r for r in self.tenant.rows.values() if (r.endpoint, r.cve) == identity]

    def do_detect(self, identity: tuple[str, str]) -> None:
        if not self.rows_of(identity):
            self.number += 1
            key = f"{self.number * 7 % 1000:03}"  # a number, as a console's; what is new may come between the others
            self.tenant.add(Row(key, endpoint=identity[0], cve=identity[1]))

    def do_repair(self, identity: tuple[str, str]) -> None:
        self.tenant.drop(*(r.id for r in self.rows_of(identity)))

    def do_recreate(self, identity: tuple[str, str]) -> None:
        if self.rows_of(identity):
            self.do_repair(identity)
            self.do_detect(identity)

    def do_mark(self, identity: tuple[str, str]) -> None:
        for row in self.rows_of(identity):
            self.tenant.change(row.id, false_positive=not row.false_positive)

    def do_select(self, site: str) -> None:
        if self.ran:
            self.connection.refresh_from_db()
            if site == "all":
                select_all(self.connection)
            else:
                select(self.connection, [Resource.objects.get(external_id=site).pk], include_new=False)
            self.model.selected = site

    def do_import(self, _: object, *, cut: int | None = None, agrees: bool = True) -> None:
        rows = [r for r in self.tenant.rows.values() if self.model.sees((r.endpoint, r.cve))]
        rows.sort(key=lambda r: r.id)
        pages = max(1, -(-len(rows) // PAGE))
        read = pages if cut is None else min(cut, pages)
        ended = read == pages
        self.run()
        for row in rows[: read * PAGE]:
            self.model.read(row)
        if ended:
            self.model.remove_deselected()
        if ended and agrees:
            self.model.resolve(rows)
        self.ran = True

    def do_import_cut_at_page(self, page: int) -> None:
        self.tenant.faults = {page: Unreachable("SentinelOne did not answer.")}
        self.do_import(None, cut=page)
        self.tenant.faults = {}

    def do_import_killed_at_page(self, page: int) -> None:
        """The next worker carries on, so that the import ends as if nothing had happened."""
        self.tenant.on_page = self._kill_once_at(page)
        self.do_import(None)
        self.tenant.on_page = None

    def do_import_one_row_short(self, _: object) -> None:
        seen = sum(self.model.sees((r.endpoint, r.cve)) for r in self.tenant.rows.values())
        self.tenant.announced = seen + 1
        self.do_import(None, agrees=False)
        self.tenant.announced = None

    def do_import_cancelled(self, _: object) -> None:
        run = start_run(self.connection, "full", ring=False)
        SyncRun.objects.filter(pk=run.pk).update(cancel_requested=True)
        assert take_turn(run.pk, patient=False) is Next.DONE

    def _kill_once_at(self, page: int):
        def kill(number: int) -> None:
            if number == page:
                self.tenant.on_page = None
                raise KilledError

        return kill

    def run(self) -> None:
        self.connection.refresh_from_db()
        run = start_run(self.connection, "full", ring=False)
        after = Next.AGAIN
        while after is Next.AGAIN:
            try:
                after = take_turn(run.pk, patient=False)
            except KilledError:
                SyncRun.objects.filter(pk=run.pk).update(lease_until=None)

    def check(self) -> None:
        active = {f.id for f in self.model.active()}
        assert set(Finding.objects.active().values_list("external_id", flat=True)) == active
        states = Counter(f.state for f in self.model.findings)
        assert Counter(Finding.objects.values_list("state", flat=True)) == states
        issues = Issue.objects.values_list("application__name", "vulnerability__cve", "state")
        assert {(app.removeprefix("Site "), cve): state for app, cve, state in issues} == self.model.issues()
        counted = IssueCount.objects.exclude(issues=0, findings=0).values_list("state", "issues", "findings")
        assert sorted(counted) == sorted((cell.state, *numbers) for cell, numbers in true_counts().items())


@pytest.mark.django_db
@settings(
    max_examples=examples(50),
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sequence=st.lists(steps, min_size=4, max_size=18))
def test_every_history_ends_where_the_model_says(sequence: list[tuple[str, object]], tenant: MemoryTenant) -> None:
    TENANTS[HOST] = MemoryTenant()
    with transaction.atomic():
        world = World()
        for step in [*sequence, ("import", None)]:
            world.step(*step)
            if step[0].startswith("import"):
                world.check()
        transaction.set_rollback(True)
