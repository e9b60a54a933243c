"""Config names, sources fetch, sync carries, ingest writes, models know, queue asks, views and api show."""

from __future__ import annotations

import sys

import pytest

from tests.architecture.imports import Import, all_imports, inside

PLAIN_SEVERITY = ("django", "connectors", "issues.models", "issues.ingest", "issues.queue", "config")

# Where pages and API ask for work; what a run is made of behind them is none of their business.
DOORS = tuple(
    f"connectors.sync.{door}" for door in ("start", "connect", "clear", "held", "report", "timetable", "tree")
)

# Importer, what it may never import, what it may after all.
FORBIDDEN = [
    ("connectors.sources", ("django", "rest_framework", "connectors", "issues", "config"), ("connectors.sources",)),
    ("connectors", ("issues",), ()),
    ("issues.severity.factors", PLAIN_SEVERITY, ()),
    ("issues.models", ("issues.ingest", "issues.queue", "issues.views", "issues.api", "issues.forms"), ()),
    (
        "issues.models",
        ("connectors",),
        ("connectors.models", "connectors.access", "connectors.sources.records", "connectors.sources.registry"),
    ),
    ("issues.ingest", ("issues.views", "issues.api", "issues.queue", "issues.forms"), ()),
    ("issues.mapping", ("issues.ingest", "issues.queue", "issues.views", "issues.api", "connectors.sync"), ()),
    ("issues.decisions", ("issues.views", "issues.api", "issues.forms"), ()),
    ("issues.editing", ("issues.ingest", "issues.queue", "issues.views", "issues.api", "issues.forms"), ()),
    ("issues.queue", ("issues.ingest", "issues.views", "issues.api"), ()),
    ("issues.views", ("issues.api", "issues.ingest"), ()),
    ("issues.api", ("issues.views", "issues.ingest"), ()),
    ("connectors.views", ("connectors.api", "connectors.sync"), DOORS),
    ("connectors.api", ("connectors.views", "connectors.sync"), DOORS),
]
# What people do has its own packages; beside themselves only these import them.
CALLERS = [
    ("issues.decisions", ("views", "api", "forms", "tasks", "ingest.moves")),
    ("issues.mapping", ("views", "api", "ingest", "bench")),
    ("issues.editing", ("views", "api", "forms", "management")),
]


@pytest.fixture(scope="module")
def every_import() -> list[Import]:
    return all_imports()


def test_the_trees_are_really_read(every_import):
    assert len(every_import) > 200
    assert any(found.importer == "config.urls" and found.imported == "django.urls.path" for found in every_import)


@pytest.mark.parametrize(("importer", "never", "but"), FORBIDDEN, ids=[f"{i}-{n[0]}" for i, n, _ in FORBIDDEN])
def test_nobody_reaches_where_it_may_not(every_import, importer, never, but):
    wrong = [
        f"{found.place} imports {found.imported}"
        for found in every_import
        if inside(found.importer, importer)
        and any(inside(found.imported, package) for package in never)
        and not any(inside(found.imported, package) for package in but)
    ]
    assert wrong == []


@pytest.mark.parametrize(("package", "callers"), CALLERS, ids=[package for package, _ in CALLERS])
def test_nobody_else_does_what_people_do(every_import, package, callers):
    allowed = (package, *(f"issues.{caller}" for caller in callers))
    used = [found for found in every_import if inside(found.imported, package)]
    wrong = [
        f"{found.place} imports {found.imported}"
        for found in used
        if not any(inside(found.importer, caller) for caller in allowed)
    ]
    assert wrong == []
    assert {caller for caller in allowed if any(inside(found.importer, caller) for found in used)} == set(allowed)


def test_sources_need_nothing_but_the_standard_library_and_what_they_name(every_import):
    allowed = {*sys.stdlib_module_names, "connectors", "requests", "urllib3", "orjson", "xxhash"}
    wrong = [
        f"{found.place} imports {found.imported}"
        for found in every_import
        if inside(found.importer, "connectors.sources") and found.imported.partition(".")[0] not in allowed
    ]
    assert wrong == []


def test_no_source_imports_another(every_import):
    def product(name: str) -> str:
        rest = name.removeprefix("connectors.sources").lstrip(".").split(".")
        return rest[0] if rest[0] in ("sentinelone", "simulator") else ""

    wrong = [
        f"{found.place} imports {found.imported}"
        for found in every_import
        if product(found.importer) and product(found.imported) not in ("", product(found.importer))
    ]
    assert wrong == []


def test_config_names_our_packages_as_text_only(every_import):
    wrong = [
        f"{found.place} imports {found.imported}"
        for found in every_import
        if inside(found.importer, "config") and found.imported.partition(".")[0] in ("connectors", "issues")
    ]
    assert wrong == []
