"""Rows written past Django read as if Django had written them, on either database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.db import DataError, IntegrityError

from issues.ingest import bulk
from issues.ingest.dimensions import CVE_FACTS
from issues.models import Endpoint, Finding, Issue, Vulnerability
from tests.factories import make_application, make_connection, make_endpoint, make_issue, make_issues

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 17, 4, 3, 2, 100, UTC)
AWKWARD = 'O\'Neil "100 %" \\ {a,b} %s ? \n {null} Ω 🦉'


def stored(columns: Sequence[str], *keys: int) -> list[tuple[Any, ...]]:
    return list(Finding.objects.filter(pk__in=keys).order_by("pk").values_list(*columns))


def test_updates_every_kind_of_column() -> None:
    issue = make_issue(endpoints=3)
    one, two, other = Finding.objects.order_by("pk")
    untouched = stored(["evidence", "version"], other.pk)
    columns = ["version", "cvss", "vendor_severity", "false_positive", "detected_at", "evidence", "issue"]
    rows = [(AWKWARD, 0.1 + 0.2, 4, True, AT, '{"a":"\\u0000"}', issue.pk), ("", 1e-7, 0, False, AT, "", issue.pk)]

    bulk.update(Finding, columns, [(*row, key) for row, key in zip(rows, (one.pk, two.pk), strict=True)])

    assert stored(columns, one.pk, two.pk) == rows
    assert stored(["evidence", "version"], other.pk) == untouched


def test_updates_a_column_to_nothing_in_every_row() -> None:
    make_issue(endpoints=2)
    keys = Finding.objects.values_list("pk", flat=True).order_by("pk")

    bulk.update(Finding, ["cvss", "last_seen", "resolved_at"], [(None, None, None, key) for key in keys])

    assert stored(["cvss", "last_seen", "resolved_at"], *keys) == [(None, None, None)] * 2


def test_updates_json_given_as_text() -> None:
    issue = make_issue()
    factors = [{"code": "kev", "reason": AWKWARD, "weight": 1.5}, {"code": "\\", "reason": None, "weight": 0}]

    bulk.update(Issue, ["factors", "last_seen"], [(orjson.dumps(factors).decode(), AT, issue.pk)])

    issue.refresh_from_db()
    assert (issue.factors, issue.last_seen) == (factors, AT)
    assert Issue.objects.filter(factors__0__code="kev").exists()


def test_updates_more_rows_than_fit_into_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    issues = make_issues(10, make_connection(), make_application())
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    monkeypatch.setattr(bulk, "PARAMETERS", 8)
    said = [(AT + timedelta(seconds=n), n / 10) for n in range(10)]

    bulk.update(Issue, ["last_seen", "score"], [(*row, i.pk) for row, i in zip(said, issues, strict=True)])

    assert list(Issue.objects.order_by("pk").values_list("last_seen", "score")) == said


def test_a_row_that_is_gone_is_passed_over() -> None:
    issue = make_issue()
    bulk.update(Issue, ["score"], [(1.5, issue.pk), (2.5, issue.pk + 1)])
    assert list(Issue.objects.values_list("score")) == [(1.5,)]


def test_inserts_every_kind_of_column() -> None:
    issue, tenant = make_issue(), make_connection("Other")
    endpoint = make_endpoint(tenant, make_application("Payroll"))
    columns = [
        "external_id", "fingerprint", "version", "cvss", "risk_score", "vendor_severity", "false_positive",
        "evidence", "detected_at", "first_seen", "resolved_at", "state", "endpoint", "issue", "connection",
    ]  # fmt: skip
    same = (endpoint.pk, issue.pk, tenant.pk)
    rows = [
        ("1", AWKWARD[:16], AWKWARD, 0.1 + 0.2, 7, 4, True, '{"a":"\\u0000"}', AT, AT, None, "active", *same),
        ("2", "", "", None, None, 0, False, AWKWARD, None, AT, AT, "resolved", *same),
    ]
    keys = bulk.new_keys(Finding, len(rows))

    bulk.insert(Finding, ["id", *columns, "resolved_reason"], [(k, *r, "") for k, r in zip(keys, rows, strict=True)])

    assert stored(columns, *keys) == rows


def test_keys_are_new_and_there_may_be_none_to_make() -> None:
    make_issue(endpoints=2)
    keys = [*bulk.new_keys(Finding, 2), *bulk.new_keys(Finding, 0)]
    assert len(set(keys) | set(Finding.objects.values_list("pk", flat=True))) == 4


def test_an_update_that_breaks_a_rule_of_the_table_is_an_error() -> None:
    tenant = make_connection()
    one, two = (make_endpoint(tenant, make_application("Payroll"), name) for name in ("one", "two"))
    with pytest.raises(IntegrityError):
        bulk.update(Endpoint, ["external_id"], [(one.external_id, two.pk)])


@pytest.mark.postgres
def test_what_is_too_long_is_never_cut() -> None:
    issue = make_issue()
    with pytest.raises(DataError, match="too long"):
        bulk.update(Issue, ["title"], [("x" * 401, issue.pk)])


def test_an_insert_passes_over_what_is_there_when_told_to() -> None:
    columns = ("cve", *CVE_FACTS)
    Vulnerability.objects.create(cve="CVE-1", cvss=1.0)
    rows = [("CVE-1", AT, 9.0, "", "", "", ""), ("CVE-2", AT, 0.1 + 0.2, AWKWARD[:10], "", "", "")]

    bulk.insert(Vulnerability, columns, rows, ignore_conflicts=True)

    assert list(Vulnerability.objects.values_list("cve", "published_at", "cvss", "cvss_version")) == [
        ("CVE-1", None, 1.0, ""), ("CVE-2", AT, 0.1 + 0.2, AWKWARD[:10])
    ]  # fmt: skip
    with pytest.raises(IntegrityError):
        bulk.insert(Vulnerability, columns, rows)
