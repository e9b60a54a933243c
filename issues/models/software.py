"""Vendor and product name, without version; versions are on the findings."""

from __future__ import annotations

from hashlib import blake2b

from django.db import models


def software_key(vendor: str, name: str) -> str:
    """One short key for a pair of names of any length: a database can't index a name of 5 MB."""
    return blake2b(f"{vendor}\0{name}".encode(), digest_size=12).hexdigest()


class Software(models.Model):
    key = models.CharField(max_length=24, unique=True)
    vendor = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=1000)

    class Meta:
        ordering = ("name",)
        indexes = (models.Index(fields=("name",), name="software_name"),)

    def __str__(self) -> str:
        return self.name
