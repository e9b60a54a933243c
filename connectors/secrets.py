"""Secrets at rest: a model field encrypted by a rotating set of keys.

``settings.TOKEN_KEYS`` is a list, newest first: the first key writes, every key reads. A value that
no key can read is an error that names the setting; it never comes back as ciphertext.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models


def _box() -> MultiFernet:
    # The keys are long and random, so no slow key derivation is needed.
    digests = (hashlib.sha256(key.encode()).digest() for key in settings.TOKEN_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def encrypt(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """The plain text; ``ImproperlyConfigured`` when no key of ``TOKEN_KEYS`` made it."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ImproperlyConfigured(
            "A stored token can't be read: none of the keys in TOKEN_KEYS made it. Put the old key back at the end."
        ) from None


def reseal(sealed: str) -> str:
    """The same secret under the newest key."""
    return _box().rotate(sealed.encode()).decode()


class Secret:
    """A sealed text on a model instance: it shows nothing until somebody calls ``reveal``."""

    __slots__ = ("sealed",)

    def __init__(self, sealed: str = "") -> None:
        self.sealed = sealed

    @classmethod
    def of(cls, text: str) -> Secret:
        return cls(encrypt(text) if text else "")

    def reveal(self) -> str:
        return decrypt(self.sealed) if self.sealed else ""

    def __bool__(self) -> bool:
        return bool(self.sealed)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.sealed == other.sealed

    def __hash__(self) -> int:
        return hash(self.sealed)

    def __repr__(self) -> str:
        return "<Secret>"

    __str__ = __repr__


class SecretField(models.TextField):  # type: ignore[type-arg]  # Django only subscripts it for type checkers
    """Stores a ``Secret``; looking one up by value is refused."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Secret:
        return Secret(value or "")

    def to_python(self, value: Any) -> Secret:
        return value if isinstance(value, Secret) else Secret.of(value or "")

    def get_prep_value(self, value: Any) -> str:
        return self.to_python(value).sealed

    def value_to_string(self, obj: models.Model) -> str:
        return "<Secret>"

    def get_lookup(self, lookup_name: str) -> Any:
        raise FieldError("An encrypted field can't be compared.")
