"""Whose token it is, how far it reaches and when it runs out. Best effort: nothing here may fail a check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connectors.sources.exceptions import SourceError
from connectors.sources.sentinelone.client import Client
from connectors.sources.sentinelone.values import moment, text

SCOPES = frozenset({"tenant", "account", "site"})


@dataclass(frozen=True, slots=True)
class Identity:
    user: str = ""
    scope: str = ""
    expires_at: datetime | None = None


def identity(client: Client) -> Identity:
    """What ``/user`` says; service users and narrow roles may get no answer there."""
    try:
        user = client.user()
    except SourceError:
        return Identity(expires_at=_looked_up_expiry(client))
    scope = text(user.get("scope")).lower()
    return Identity(
        user=text(user.get("fullName")) or text(user.get("email")),
        scope=scope if scope in SCOPES else "",
        expires_at=_expiry(user.get("apiToken")) or _looked_up_expiry(client),
    )


def _looked_up_expiry(client: Client) -> datetime | None:
    try:
        return _expiry(client.token_details())
    except SourceError:
        return None


def _expiry(details: Any) -> datetime | None:
    return moment(details.get("expiresAt")) if isinstance(details, dict) else None
