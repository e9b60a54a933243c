"""What a demo remembers from one start to the next, in its data directory."""

from __future__ import annotations

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from connectors.sources.simulator.tenant import DEFAULT_ENDPOINTS

FILE = "demo.json"
LONGEST_LIFE = 60  # days that the tenant lives on between two starts, at most


class OtherTenant(ValueError):
    """The directory holds a demo of another tenant; the sentence says what to do."""


@dataclass(frozen=True)
class Kept:
    """Equal seed, endpoints and epoch make equal tenants; the password is that of the user ``demo``."""

    seed: int
    endpoints: int
    epoch: str  # ISO 8601, the hour of the first start
    port: int
    password: str

    @property
    def tenant_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def days(self) -> int:
        """How many days the tenant has lived on since the first start."""
        return max(0, min(LONGEST_LIFE, (datetime.now(UTC) - datetime.fromisoformat(self.epoch)).days))

    def simulator(self) -> list[str]:
        """The command line of the tenant."""
        return [
            "manage.py", "simulate_tenant", "--verbosity", "0", "--port", str(self.port), "--seed", str(self.seed),
            "--endpoints", str(self.endpoints), "--epoch", self.epoch, "--revision", str(self.days),
        ]  # fmt: skip


def open_kept(folder: Path, *, endpoints: int | None, seed: int | None) -> Kept:
    """What the folder remembers, or a new demo. ``OtherTenant`` when it remembers another one than asked for."""
    path = folder / FILE
    if not path.exists():
        epoch = datetime.now(UTC).replace(minute=0, second=0, microsecond=0).isoformat()
        made = Kept(7 if seed is None else seed, endpoints or DEFAULT_ENDPOINTS, epoch, 0, secrets.token_urlsafe(12))
        keep(folder, made)
        return made
    found = Kept(**json.loads(path.read_text()))
    if (endpoints or found.endpoints, found.seed if seed is None else seed) != (found.endpoints, found.seed):
        raise OtherTenant(
            f"{folder} holds a demo of {found.endpoints} endpoints with seed {found.seed}. Leave the options out to go "
            "on with it, choose another --data-dir, or delete the directory."
        )
    return found


def keep(folder: Path, kept: Kept) -> None:
    """Readable by its owner only, and never half written."""
    draft = folder / f"{FILE}.new"
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(kept), out)
    draft.replace(folder / FILE)


def with_free_port(kept: Kept) -> Kept:
    """The port of the last start when nobody else has it, else another one."""
    for port in (kept.port, 0):
        try:
            with socket.create_server(("127.0.0.1", port)) as listener:
                return replace(kept, port=listener.getsockname()[1])
        except OSError:
            continue
    raise OSError("No port is free on 127.0.0.1.")
