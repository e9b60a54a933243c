"""What every source promises. A second product is one folder that fulfils this, and one line in the registry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from connectors.sources.records import EndpointPage, FindingPage, FindingRecord, ResourceRecord, Scope
from connectors.sources.waits import Waits


class StepState(StrEnum):
    OK = "ok"
    WARNING = "warning"  # connected, but needs attention
    FAILED = "failed"
    SKIPPED = "skipped"  # an earlier step failed


@dataclass(frozen=True, slots=True)
class CheckStep:
    """One step of validating a connection, with a sentence that says what to do when it failed."""

    code: str  # "host", "token", "scope", "findings", "scanning"
    title: str
    state: StepState
    sentence: str = ""
    error_code: str = ""  # SourceError.code when it failed


@dataclass(frozen=True, slots=True)
class CheckResult:
    """``usable``: the token works, so the connection may be stored. Only then are scope and expiry known."""

    steps: tuple[CheckStep, ...]
    token_expires_at: datetime | None = None
    scope: str = ""  # "tenant", "account" or "site": how far the token sees
    user: str = ""  # who the token belongs to
    can_import: bool = False  # False: store it, but say "needs attention"

    @property
    def usable(self) -> bool:
        return all(s.state is not StepState.FAILED for s in self.steps if s.code in ("host", "token"))

    @property
    def failed_step(self) -> CheckStep | None:
        return next((s for s in self.steps if s.state is StepState.FAILED), None)


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """Everything a source needs to talk to one tenant. The token never shows in a repr."""

    host_url: str  # a bare origin, as ``Source.clean_host`` returns it
    token: str = field(repr=False)
    allowed_networks: tuple[str, ...] = ()  # CIDR
    allow_http: bool = False
    ca_bundle: str = ""
    waits: Waits = field(default_factory=Waits, repr=False)
    page_rows: int = 1000  # asked for at once, where the source does not allow fewer


class Source(Protocol):
    """One tenant of one product, read only. Every method may raise a ``SourceError``."""

    @property
    def requests_made(self) -> int:
        """Tries sent so far, for the run's record."""
        ...

    @staticmethod
    def clean_host(text: str, *, allow_http: bool = False) -> str:
        """The bare origin of what a person pasted; ``ValueError`` with a sentence when there is none."""
        ...

    def check(self) -> CheckResult:
        """Validate host, token, scope, findings and scanning. Never raises for what the tenant does."""
        ...

    def resources(self) -> Iterator[list[ResourceRecord]]:
        """Every account, site and group that the token may see, parents before children, page by page."""
        ...

    def endpoint_pages(self, since: datetime | None = None, cursor: str | None = None) -> Iterator[EndpointPage]:
        """Endpoints the token sees; with ``since`` only those updated from then on."""
        ...

    def finding_pages(
        self, scope: Scope, since: datetime | None = None, cursor: str | None = None
    ) -> Iterator[FindingPage]:
        """Findings of one scope in a stable order, from ``cursor`` on.

        Without ``since`` all that are detected now; with it those changed from then on, removed
        ones marked. Ends only after a page whose ``next_cursor`` is ``None``; a cursor that
        repeats or an answer without paging raises ``BadAnswer``.
        """
        ...

    def read(self, record: FindingRecord) -> None:
        """Fill in what the evidence says, or what it lacks. Needs nothing but the record."""
        ...

    def close(self) -> None: ...
