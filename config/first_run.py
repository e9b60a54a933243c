"""The first sign-in: no default password, but a link that works once."""

from __future__ import annotations

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


def first_run_path() -> str | None:
    """The path on which the admin chooses a password; ``None`` once anybody has one. It expires after three days."""
    if User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        return None
    admin = User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("admin")
    uid = urlsafe_base64_encode(force_bytes(admin.pk))
    return f"/accounts/first-run/{uid}/{default_token_generator.make_token(admin)}/"
