"""Print a new token for the REST API, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from issues.models import ApiToken


class Command(BaseCommand):
    help = "Print a new API token of a user, alone on the last line. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", metavar="USER", help="user name")
        parser.add_argument("--expires", metavar="DAYS", type=int, help="days until it runs out; default: never")

    def handle(self, *args: Any, user: str, expires: int | None, **options: Any) -> None:
        found = User.objects.filter(username=user).first()
        if found is None:
            raise CommandError(f"There is no user “{user}”.")
        if not found.is_active:
            raise CommandError(f"The user “{user}” may not sign in.")
        if expires is not None and not 1 <= expires <= 36_500:
            raise CommandError("--expires takes a number of days from 1 to 36500.")
        expires_at = timezone.now() + timedelta(days=expires) if expires is not None else None
        token = ApiToken.objects.issue_to(found, expires_at, name="command line")
        until = f"until {expires_at:%Y-%m-%d}" if expires_at else "until it is deleted"
        self.stderr.write(f"A token of {found.username}, good {until}. Keep it secret; it is not shown again.")
        self.stdout.write(token)
