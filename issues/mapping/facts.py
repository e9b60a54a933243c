"""Endpoints as rules see them: a row of each, without building a model for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from issues.models.endpoint import EndpointQuerySet


class Facts(NamedTuple):
    """What rules ask of an endpoint, and where it stands."""

    pk: int
    account_name: str
    site_name: str
    group_name: str
    name: str
    domain: str
    ou: str
    cloud_provider: str
    cloud_account: str
    os: str
    type: str
    customer_id: str
    tags: list[list[str]]  # [[key, value], …]
    cloud_tags: list[list[str]]
    application_id: int
    mapped_by_id: int | None
    mapped_version: int
    pinned: bool


def facts_of(endpoints: EndpointQuerySet) -> Iterator[Facts]:
    """One at a time, in the order of the queryset."""
    for row in endpoints.values_list(*Facts._fields).iterator(chunk_size=2_000):
        yield Facts._make(row)
