"""Validate and store a connection: the one way in, for the form, the API and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from connectors.models import Connection, SyncRun
from connectors.sources.base import CheckResult
from connectors.sources.registry import open_source, source_class
from connectors.sync.start import start_run

if TYPE_CHECKING:
    from django.contrib.auth.models import User

LONGEST_TOKEN = 8192  # characters; what is longer is no token
NO_TOKEN = "Paste the API token."  # noqa: S105
NOT_A_TOKEN = "This is too long to be an API token."  # noqa: S105


def check_connection(connector: str, host_url: str, token: str) -> tuple[str, CheckResult]:
    """The bare origin of what a person typed, and each step of trying the token there.

    ``KeyError`` for an unknown connector, ``ValueError`` with a sentence for no address or no token;
    what the tenant does never raises.
    """
    host = clean_host(connector, host_url)
    return host, _check(connector, host, clean_token(token))


def clean_host(connector: str, host_url: str) -> str:
    """``ValueError`` with a sentence when there is no address of a console in it."""
    host = source_class(connector).clean_host(host_url, allow_http=settings.SOURCE_ALLOW_HTTP)
    longest = Connection._meta.get_field("host_url").max_length or 0
    if len(host) > longest:
        raise ValueError(f"The address is too long. At most {longest} characters fit.")
    return host


def clean_token(text: str) -> str:
    """Without the blanks and line breaks of a paste; ``ValueError`` with a sentence when nothing is left."""
    token = "".join(text.split())
    if not token:
        raise ValueError(NO_TOKEN)
    if len(token) > LONGEST_TOKEN:
        raise ValueError(NOT_A_TOKEN)
    return token


def store_connection(
    connector: str,
    name: str,
    host_url: str,
    token: str,
    result: CheckResult,
    user: User | None = None,
    *,
    start: bool = True,
) -> Connection:
    """Keep a connection whose check said ``usable``; its first import starts at once when it can read findings.

    An empty name becomes the host's. ``ValidationError`` with sentences by field when the name is taken.
    """
    connection = Connection(connector=connector, name=name.strip(), host_url=host_url, created_by=user)
    connection.name = connection.name or free_name(connection.host)
    connection.set_token(clean_token(token))
    connection.accept(result)
    connection.plan_next(timezone.now())
    with transaction.atomic():
        save_named(connection)
        if start and result.can_import:
            start_run(connection, SyncRun.Mode.FULL, user)
    return connection


def replace_token(connection: Connection, token: str) -> CheckResult:
    """Try the new token and keep it when the result says ``usable``; otherwise everything stays as it was.

    ``ValueError`` with a sentence for no token. The next scheduled import begins at once where the old
    token held it up.
    """
    token = clean_token(token)
    result = _check(connection.connector, connection.host_url, token)
    if result.usable:
        waited = connection.waits_for_person
        connection.set_token(token)
        connection.accept(result)
        if waited and not connection.paused:
            connection.next_run_at = timezone.now()
        connection.save()
    return result


def save_named(connection: Connection) -> None:
    """Save with the model's own rules; ``ValidationError`` by field when one is broken, such as a taken name."""
    connection.full_clean(exclude=["token", "created_by"], validate_constraints=False)
    try:
        connection.validate_constraints()
        with transaction.atomic():
            connection.save()
    except ValidationError as error:  # of a condition, so it names no field
        raise ValidationError({"name": error.messages}) from None
    except IntegrityError:  # somebody else took the name just now
        raise ValidationError({"name": ["Another connection has this name. Choose another."]}) from None


def free_name(host: str) -> str:
    """The host, with a number behind it when another connection is called so."""
    host = host[:100]
    taken = set(Connection.objects.live().filter(name__startswith=host).values_list("name", flat=True))
    number, name = 1, host
    while name in taken:
        number += 1
        name = f"{host} ({number})"
    return name


def _check(connector: str, host: str, token: str) -> CheckResult:
    tried = Connection(connector=connector, host_url=host)
    tried.set_token(token)
    source = open_source(connector, tried.source_config())
    try:
        return source.check()
    finally:
        source.close()
