"""The environment of a demo: its own data and keys, and loopback as the only network a source may reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from connectors.demo.feeds import EPSS, KEV

MARK = "SIGHTLINE_DEMO"
# What belongs to the real installation: the demo must not touch its database, nor need its keys.
REAL = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "TOKEN_KEYS", "TOKEN_KEYS_FILE", "SOURCE_CA_BUNDLE",
)  # fmt: skip


def surroundings(folder: Path, outer: Mapping[str, str]) -> dict[str, str]:
    """``outer`` turned into the environment of a demo in ``folder``; feeds that the user names stay."""
    kept = {name: value for name, value in outer.items() if name not in REAL and (value or not name.endswith("_URL"))}
    feeds = {"EPSS_URL": (folder / EPSS).as_uri(), "KEV_URL": (folder / KEV).as_uri()}
    return {
        **feeds,
        **kept,
        "DATA_DIR": str(folder),
        "SOURCE_ALLOW_HTTP": "on",
        "SOURCE_ALLOWED_NETWORKS": "127.0.0.0/8",
        MARK: str(folder),
    }
