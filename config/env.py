"""Typed readers of environment variables. Nonsense is refused with a sentence that names the variable."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from uuid import uuid4

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """The value without surrounding space; a variable that is set but empty is the empty string."""
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value not in YES | NO:
        raise ImproperlyConfigured(f"{name} is {value!r}; write on or off.")
    return value in YES


def integer(name: str, default: int, *, least: int, most: int) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch(r"-?\d{1,18}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {least} to {most}.")
    return int(value)


def items(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list written with commas; spaces and empty entries are dropped."""
    return [item.strip() for item in text(name).split(",") if item.strip()] or list(default)


def networks(name: str) -> tuple[str, ...]:
    """Networks in CIDR notation; a bare address is the network of that one address."""
    try:
        return tuple(str(ip_network(item)) for item in items(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks as 10.0.0.0/8, separated by commas.") from None


def url(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """An address with one of ``schemes``; empty when it is switched off. The value may hold a password: never shown."""
    value = text(name, default)
    if value and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must start with {' or '.join(f'{s}://' for s in schemes)}.")
    return value


def file(name: str) -> str:
    """The path of a file that can be read; empty when the variable is not set."""
    value = text(name)
    if value and not os.access(value, os.R_OK):
        raise ImproperlyConfigured(f"{name} names {value}, which can't be read.")
    return value


def directory(name: str, default: Path) -> Path:
    """An absolute path of a directory that exists (made when missing, for its owner only) and can be written."""
    path = Path(text(name) or default).expanduser().absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} is {path}, which can't be made: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name} is {path}, where this user may not write.")
    return path


def secret(name: str, made_in: Path, make: Callable[[], str]) -> str:
    """The value of NAME, or of the file named by NAME_FILE, or one generated once into ``made_in``/name (mode 600)."""
    if value := text(name):
        return value
    path = Path(file(f"{name}_FILE") or _generated(made_in / name.lower(), make))
    try:
        value = path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}: {path} can't be read: {error.strerror}.") from None
    if not value:
        raise ImproperlyConfigured(f"{name}: {path} is empty. Put the secret back; a new one would not fit old data.")
    return value


def keys(name: str, made_in: Path) -> list[str]:
    """A secret that is a list of Fernet keys, newest first, separated by commas or lines."""
    found = secret(name, made_in, make=lambda: Fernet.generate_key().decode()).replace(",", " ").split()
    try:
        for key in found:
            Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must hold keys of 32 bytes in URL-safe base64, newest first.") from None
    return found


def _generated(path: Path, make: Callable[[], str]) -> Path:
    """Make the file unless it exists. Of two processes that start at once one wins, and neither reads half a file."""
    if path.exists():
        return path
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        _write_private(draft, make())
        with suppress(FileExistsError):
            os.link(draft, path)  # unlike a rename, it never replaces the secret of the process that was first
    except OSError as error:
        raise ImproperlyConfigured(f"{path} can't be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return path


def _write_private(path: Path, value: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{value}\n")
        out.flush()
        os.fsync(out.fileno())
