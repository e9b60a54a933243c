"""A token for the REST API: stored as a hash, shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import User

PREFIX = "sl_"  # lets secret scanners recognise one


def digest(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def issue_to(self, user: User, expires_at: datetime | None = None, name: str = "") -> str:
        """Make a token and return its plain text, the only time that it exists."""
        token = PREFIX + secrets.token_urlsafe(32)
        self.create(user=user, digest=digest(token), hint=token[-4:], expires_at=expires_at, name=name)
        return token

    def valid(self, token: str) -> ApiToken | None:
        """The token of that text, unless it has run out or its user may not sign in."""
        found = self.select_related("user").filter(digest=digest(token), user__is_active=True).first()
        return found if found is not None and not found.has_run_out else None


class ApiToken(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=4)
    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"…{self.hint} of {self.user}"

    @property
    def has_run_out(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()
