"""The written list of products Sightline can read: key, what people see, where its code is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import cast

from connectors.sources.base import Source, SourceConfig


@dataclass(frozen=True, slots=True)
class Product:
    """One connector of the catalogue."""

    key: str
    title: str  # on the card
    source_tool: str  # in filters and on issues
    family: str
    summary: str
    search_words: tuple[str, ...]
    path: str  # dotted path of the Source class


PRODUCTS: dict[str, Product] = {
    "sentinelone": Product(
        key="sentinelone",
        title="Sentinel One",
        source_tool="SentinelOne",
        family="Endpoint security",
        summary="Endpoint vulnerabilities of laptops, servers and workloads",
        search_words=("sentinelone", "sentinel one", "s1", "singularity", "endpoint", "vulnerability"),
        path="connectors.sources.sentinelone.source.SentinelOneSource",
    ),
}


def source_class(key: str) -> type[Source]:
    """The class behind a key; ``KeyError`` for an unknown one."""
    module, name = PRODUCTS[key].path.rsplit(".", 1)
    return cast(type[Source], getattr(import_module(module), name))


def open_source(key: str, config: SourceConfig) -> Source:
    return source_class(key)(config)  # type: ignore[call-arg]
