"""What names of one team's endpoints have in common: how they begin, and where the directory keeps them."""

from __future__ import annotations

import re

WILD = frozenset("*?[")
# What installers and clouds call a computer that nobody named.
NOBODYS = frozenset(
    {"desktop-", "laptop-", "win-", "ec2amaz-", "ip-", "vm-", "pc-", "host-", "srv-", "macbook-", "mac-"}
)


def prefix_of(beginning: str) -> str:
    """``pay-`` of ``PAY-``, what a name is up to its first hyphen; empty where it tells nothing."""
    prefix = beginning.casefold()
    return (
        prefix if len(prefix) > 2 and prefix[0].isalpha() and prefix not in NOBODYS and not WILD & set(prefix) else ""
    )


def unit_of(parent: str) -> str:
    """``ou=finance,dc=corp``, the distinguished name around a computer; empty when that is no organisational unit."""
    unit = parent.strip().casefold()
    return unit if unit.startswith("ou=") and not WILD & set(unit) else ""


def application_name(text: str) -> str:
    """How an application of that prefix or unit could be called: ``Pay``, ``Finance``."""
    if text.startswith("ou="):
        text = text.removeprefix("ou=").partition(",")[0]
    name = " ".join(re.split(r"[-_.\s]+", text)).strip()
    return name[:1].upper() + name[1:200]
