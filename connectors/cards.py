"""What the connectors page shows: products by family, and of each connection how it is doing.

The number of queries does not depend on how many connections or runs there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q

from connectors import sink
from connectors.models import Connection, Resource, SyncRun
from connectors.models.connection import ConnectionQuerySet
from connectors.models.sync_run import SyncRunQuerySet
from connectors.progress import Progress, progress_of
from connectors.sink import Totals
from connectors.sources.exceptions import TokenRefused
from connectors.sources.registry import PRODUCTS, Product

NEEDS_LOOK = ("held", "incomplete", "broken_rows", "worker_died")  # problems that the page of the run explains
LAST_DAYS = 1  # a token that runs out as soon as this is as bad as one that has run out

CONNECTED = ("ok", "Connected")
STATES = {
    "deleting": ("off", "Deleting"),
    "importing": ("run", "Importing"),
    "attention": ("warn", "Needs attention"),
    "paused": ("paused", "Paused"),
}


@dataclass(frozen=True, slots=True)
class ConnectionCard:
    connection: Connection
    run: SyncRun | None  # the unfinished one
    last: SyncRun | None  # the last finished one
    totals: Totals
    resources: int  # known accounts, sites and groups
    picked: int

    @property
    def state(self) -> str:
        if self.connection.deleted_at:
            return "deleting"
        if self.run:
            return "importing"
        if self.connection.problem:
            return "attention"
        return "paused" if self.connection.paused else "connected"

    @property
    def kind(self) -> str:
        """The look of the state."""
        return STATES.get(self.state, CONNECTED)[0]

    @property
    def word(self) -> str:
        return STATES.get(self.state, CONNECTED)[1]

    @property
    def is_moving(self) -> bool:
        """Worth asking again in a moment."""
        return self.state in ("importing", "deleting")

    @property
    def progress(self) -> Progress | None:
        return progress_of(self.run) if self.run else None

    @property
    def needs_token(self) -> bool:
        return self.connection.problem_code == TokenRefused.code

    @property
    def explaining_run(self) -> SyncRun | None:
        """The run whose page says more about the problem."""
        return self.last if self.connection.problem_code in NEEDS_LOOK else None

    @property
    def token_notice(self) -> str:
        """``""``, ``warn`` or ``bad``: how urgent a new token is. A refused one has its own sentence."""
        left = self.connection.token_days_left
        if left is None or self.needs_token or not self.connection.token_warning:
            return ""
        return "bad" if left <= LAST_DAYS else "warn"

    @property
    def dialog_id(self) -> str:
        return f"delete-{self.connection.pk}"

    @property
    def delete_title(self) -> str:
        return f"Delete “{self.connection}”?"

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.connection.interval_minutes)


@dataclass(frozen=True, slots=True)
class ProductCard:
    product: Product
    connections: Sequence[ConnectionCard]


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    cards: Sequence[ProductCard]


def families(text: str = "") -> list[Family]:
    """Products whose name or words hold the text, or that have a connection of such a name."""
    wanted = text.casefold().strip()
    connections = cards(shown())
    found: dict[str, list[ProductCard]] = {}
    for product in PRODUCTS.values():
        own = [card for card in connections if card.connection.connector == product.key]
        if not _is_called(product, wanted):
            own = [c for c in own if wanted in c.connection.name.casefold() or wanted in c.connection.host]
            if not own:
                continue
        found.setdefault(product.family, []).append(ProductCard(product, own))
    return [Family(name, products) for name, products in found.items()]


def shown() -> ConnectionQuerySet:
    """Live connections, and deleted ones as long as they are being cleared."""
    return Connection.objects.filter(Q(deleted_at=None) | Q(cleared_at=None)).filter(connector__in=PRODUCTS)


def card(connection: Connection) -> ConnectionCard:
    return cards([connection])[0]


def cards(connections: Iterable[Connection]) -> list[ConnectionCard]:
    chosen = list(connections)
    running = {
        r.connection_id: r for r in _of(chosen).unfinished().select_related("started_by").prefetch_related("resources")
    }
    newest = _of(chosen).finished().order_by().values("connection").annotate(newest=Max("pk")).values("newest")
    last = {r.connection_id: r for r in SyncRun.objects.filter(pk__in=newest)}
    totals = sink.get().totals(chosen)
    counted = (
        Resource.objects.filter(connection__in=chosen)
        .exclude(state=Resource.State.DELETED)
        .order_by()
        .values_list("connection")
        .annotate(known=Count("pk"), picked=Count("pk", filter=Q(selected=True)))
    )
    known = {pk: (count, picked) for pk, count, picked in counted}
    return [
        ConnectionCard(c, running.get(c.pk), last.get(c.pk), totals.get(c.pk, Totals()), *known.get(c.pk, (0, 0)))
        for c in chosen
    ]


def _of(connections: list[Connection]) -> SyncRunQuerySet:
    return SyncRun.objects.filter(connection__in=connections)


def _is_called(product: Product, wanted: str) -> bool:
    names = (product.title, product.source_tool, product.family, *product.search_words)
    return any(wanted in name.casefold() for name in names)
