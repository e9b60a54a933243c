"""One configured tenant of a connector: where it is, how to get in, what to read and how it is doing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from connectors.secrets import Secret, SecretField
from connectors.sources.base import CheckResult, SourceConfig
from connectors.sources.exceptions import NotAllowed, TokenRefused
from connectors.sources.registry import PRODUCTS, Product
from connectors.sources.waits import Waits

if TYPE_CHECKING:
    from connectors.models.sync_run import SyncRun

HOLDING = (TokenRefused.code, NotAllowed.code)  # problems that only a person can end
WARN_DAYS = 30  # a token that runs out sooner than this is said on the card


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def live(self) -> ConnectionQuerySet:
        """Those not deleted by a person."""
        return self.filter(deleted_at=None)

    def due(self, now: datetime) -> ConnectionQuerySet:
        """Those whose scheduled import should begin."""
        return self.live().filter(paused=False, next_run_at__lte=now).exclude(problem_code__in=HOLDING)

    def planned_too_far(self, now: datetime) -> list[Connection]:
        """Those whose next import lies further ahead than their interval: the clock was set back."""
        planned = self.live().filter(paused=False, next_run_at__gt=now)
        return [c for c in planned if c.next_run_at and c.next_run_at > now + timedelta(minutes=c.interval_minutes + 1)]


class Connection(models.Model):
    """``host_url`` is a bare origin. A deleted connection stays as a row, without its token, for its issues' sake."""

    class Selection(models.TextChoices):
        ALL = "all", "Everything the token sees"
        PICKED = "picked", "Selected resources"

    connector = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    host_url = models.CharField(max_length=255)
    token = SecretField(default=Secret)
    token_hint = models.CharField(max_length=4, blank=True)  # the last four characters, all that is ever shown
    token_expires_at = models.DateTimeField(null=True, blank=True)
    token_scope = models.CharField(max_length=10, blank=True)
    token_user = models.CharField(max_length=255, blank=True)

    selection = models.CharField(max_length=6, choices=Selection, default=Selection.ALL)
    include_new = models.BooleanField(default=True)

    paused = models.BooleanField(default=False)
    interval_minutes = models.PositiveIntegerField(default=360)
    next_run_at = models.DateTimeField(null=True, blank=True, db_index=True)
    last_full_at = models.DateTimeField(null=True, blank=True)  # start of the last complete full read
    last_read_at = models.DateTimeField(null=True, blank=True)  # start of the last good read, the checkpoint of deltas

    problem_code = models.CharField(max_length=40, blank=True)
    problem = models.TextField(blank=True)  # a sentence; empty when all is well

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)
    deleted_at = models.DateTimeField(null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)  # nothing of a deleted one is left in the queue
    purge = models.BooleanField(default=False)  # a person asked to delete the issues too

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(
                fields=("name",),
                condition=models.Q(deleted_at=None),
                name="connection_name_is_free",
                violation_error_message="Another connection has this name. Choose another.",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def product(self) -> Product:
        return PRODUCTS[self.connector]

    @property
    def source_tool(self) -> str:
        return self.product.source_tool

    @property
    def host(self) -> str:
        return self.host_url.split("://", 1)[-1]

    def source_config(self) -> SourceConfig:
        """What the source needs to talk to this tenant; the only place that reveals the token."""
        return SourceConfig(
            host_url=self.host_url,
            token=self.token.reveal(),
            allowed_networks=tuple(settings.SOURCE_ALLOWED_NETWORKS),
            allow_http=settings.SOURCE_ALLOW_HTTP,
            ca_bundle=settings.SOURCE_CA_BUNDLE,
            waits=Waits(**settings.SOURCE_WAITS),
            page_rows=settings.SOURCE_PAGE_ROWS,
        )

    def set_token(self, token: str) -> None:
        self.token = Secret.of(token)
        self.token_hint = token[-4:] if len(token) >= 16 else ""  # four of eight characters would be half a secret

    def accept(self, result: CheckResult) -> None:
        """Take over what a check found: who the token is, until when, and what needs attention."""
        self.token_expires_at = result.token_expires_at
        self.token_scope = result.scope
        self.token_user = result.user[:255]
        failed = result.failed_step
        if failed is None:
            self.clear_problem()
        else:
            self.set_problem(failed.error_code or failed.code, failed.sentence)

    def set_problem(self, code: str, sentence: str) -> None:
        self.problem_code, self.problem = code[:40], sentence

    def clear_problem(self) -> None:
        self.set_problem("", "")

    @property
    def waits_for_person(self) -> bool:
        """Scheduled imports can't succeed before somebody changes the connection."""
        return self.problem_code in HOLDING

    @property
    def token_days_left(self) -> int | None:
        """Whole days until the token runs out, negative when it has; None when the source does not say."""
        if self.token_expires_at is None:
            return None
        return (self.token_expires_at - timezone.now()).days

    @property
    def token_warning(self) -> bool:
        return self.token_days_left is not None and self.token_days_left < WARN_DAYS

    def mode_now(self, now: datetime) -> str:
        """What a scheduled import reads: everything once a day, only changes between."""
        if self.last_full_at is None or not self.can_read_changes(now):
            return "full"
        return "delta" if timedelta() <= now - self.last_full_at < timedelta(days=1) else "full"

    def can_read_changes(self, now: datetime) -> bool:
        """There is a good read to begin from, and it does not lie in the future of a clock that was set back."""
        return self.last_read_at is not None and self.last_read_at <= now

    def plan_next(self, now: datetime) -> None:
        self.next_run_at = None if self.paused else now + timedelta(minutes=self.interval_minutes)

    @property
    def active_run(self) -> SyncRun | None:
        from connectors.models.sync_run import SyncRun

        return SyncRun.objects.filter(connection=self).unfinished().first()
