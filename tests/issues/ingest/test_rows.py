"""Rows read past the ORM say the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from issues.ingest.bulk import ANY
from issues.ingest.rows import moment, read
from issues.models import Endpoint
from tests.factories import make_application, make_connection, make_endpoint

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, 30, 0, 1, tzinfo=UTC)


class Host(NamedTuple):
    name: str
    order: int
    gone: bool
    scanned: Any


SQL = (
    'SELECT name, id AS "order", decommissioned AS gone, last_scan_at AS scanned'
    f' FROM "{Endpoint._meta.db_table}" WHERE last_scan_at > %s AND id {ANY}'
)


def test_rows_of_some_keys_with_every_kind_of_value():
    connection, application = make_connection(), make_application()
    hosts = [make_endpoint(connection, application, f"Zoë's “{n}”", last_scan_at=AT) for n in range(3)]
    asked = [host.pk for host in hosts[:2]]
    found = sorted(read(Host, SQL, AT.replace(microsecond=0), asked), key=lambda host: host.order)
    assert [(host.name, host.order) for host in found] == [(host.name, host.pk) for host in hosts[:2]]
    assert not found[0].gone
    assert moment(found[0].scanned) == AT
    assert read(Host, SQL, AT, asked) == read(Host, SQL, AT.replace(microsecond=0), []) == []


def test_no_date_stays_none():
    assert moment(None) is None
