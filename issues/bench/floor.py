"""What nobody can beat on this machine: the same pages fetched and parsed, the same rows put into a bare table."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
import requests

from issues.bench.tenant import TOKEN, Tenant

RISKS = "/web/api/v2.1/application-management/risks"
BATCH = 20_000  # rows in one merge: the best of the sizes tried for plain inserts


def fetch_and_parse(tenant: Tenant) -> float:
    """Seconds to read every page with requests and the standard library's json, one after the other."""
    begun, rows, cursor = time.perf_counter(), 0, None
    with requests.Session() as session:
        session.headers["Authorization"] = f"ApiToken {TOKEN}"
        while True:
            query = {"limit": "1000", "sortBy": "id", "sortOrder": "asc"} | ({"cursor": cursor} if cursor else {})
            answer = json.loads(session.get(tenant.url + RISKS, params=query, timeout=60).content)
            rows += len(answer["data"])
            cursor = answer["pagination"]["nextCursor"]
            if not cursor:
                break
    if rows != tenant.findings:
        raise RuntimeError(f"The tenant gave {rows:,} rows, not {tenant.findings:,}.")
    return time.perf_counter() - begun


def put_sqlite(imported: Path, scratch: Path) -> float:
    """Seconds to put the imported findings into a bare table with the same columns and indexes: temp table, merge."""
    source = sqlite3.connect(imported)
    statements = source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'issues_finding' AND sql IS NOT NULL ORDER BY type DESC"
    ).fetchall()
    target = sqlite3.connect(scratch, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "temp_store=MEMORY", "cache_size=-16384"):
        target.execute(f"PRAGMA {pragma}")
    target.execute("PRAGMA foreign_keys=OFF")
    for (sql,) in statements:
        target.execute(sql)
    target.execute("CREATE TEMP TABLE batch AS SELECT * FROM issues_finding WHERE 0")
    rows = source.execute("SELECT * FROM issues_finding ORDER BY id")
    marks, spent = ", ".join("?" * len(rows.description)), 0.0
    while batch := rows.fetchmany(BATCH):
        begun = time.perf_counter()
        target.execute("BEGIN IMMEDIATE")
        target.executemany(f"INSERT INTO batch VALUES ({marks})", batch)  # noqa: S608
        target.execute("INSERT INTO issues_finding SELECT * FROM batch WHERE true ON CONFLICT DO NOTHING")
        target.execute("DELETE FROM batch")
        target.execute("COMMIT")
        spent += time.perf_counter() - begun
    source.close()
    target.close()
    return spent


def put_postgres(parameters: dict[str, Any]) -> float:
    """The same on PostgreSQL: ``COPY`` into a temporary table, merge."""
    spent = 0.0
    with psycopg.connect(**parameters, autocommit=True) as target, psycopg.connect(**parameters) as source:
        target.execute("CREATE TABLE floor (LIKE issues_finding INCLUDING INDEXES)")
        target.execute("CREATE TEMP TABLE batch (LIKE issues_finding)")
        with source.cursor("imported") as rows:
            rows.execute("SELECT * FROM issues_finding ORDER BY id")
            while batch := rows.fetchmany(BATCH):
                begun = time.perf_counter()
                with target.transaction(), target.cursor() as cursor:
                    with cursor.copy("COPY batch FROM STDIN") as copy:
                        for row in batch:
                            copy.write_row(row)
                    cursor.execute("INSERT INTO floor SELECT * FROM batch ON CONFLICT DO NOTHING")
                    cursor.execute("TRUNCATE batch")
                spent += time.perf_counter() - begun
        target.execute("DROP TABLE floor")  # it is not the product's
    return spent
