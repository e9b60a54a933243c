"""Controls counted over the issues of one application, and named for one issue."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from issues.models import Issue, Vulnerability
from issues.queue.compliance import compliance_of, controls_of, worst_of
from tests.factories import make_application, make_issue


def aged(payroll, days: int, **values) -> Issue:
    issue = make_issue(application=payroll, **values)
    Issue.objects.filter(pk=issue.pk).update(first_seen=timezone.now() - timedelta(days=days))
    return Issue.objects.select_related("vulnerability").get(pk=issue.pk)


def of(summaries, name: str):
    return next(each for each in summaries if each.name == name)


def test_controls_count_the_active_issues_of_one_application(payroll, django_assert_num_queries):
    for days in (1, 31, 45):
        aged(payroll, days, vendor_severity="critical")
    aged(payroll, 45, vendor_severity="high")
    aged(payroll, 45, vendor_severity="critical", state="resolved")
    aged(payroll, 45, vendor_severity="critical", state="excluded")
    aged(make_application("Web shop"), 45, vendor_severity="critical")
    with django_assert_num_queries(1):
        found = compliance_of(payroll)
    pci = of(found, "PCI DSS 4.0.1 6.3.3")
    assert (pci.issues, pci.late, pci.in_time) == (4, 2, 2)
    assert pci.sentences == ["2 critical issues older than 30 days"]
    assert of(found, "NIST CSF 2.0 ID.RA-01").sentences == ["4 issues"]
    assert of(found, "CIS Controls v8.1 7.7").late == 3


def test_what_is_exploited_is_late_sooner(payroll):
    issue = aged(payroll, 20, vendor_severity="low", cve="CVE-2026-10001")
    assert of(compliance_of(payroll), "ISO/IEC 27001:2022 A.8.8").late == 0
    Vulnerability.objects.filter(pk=issue.vulnerability_id).update(kev=True)
    assert of(compliance_of(payroll), "ISO/IEC 27001:2022 A.8.8").sentences == ["1 exploited issue older than 14 days"]


def test_a_card_shows_one_control_of_each_standard(payroll):
    aged(payroll, 45, vendor_severity="high")
    shown = worst_of(compliance_of(payroll), 3)
    assert len({each.standard.key for each in shown}) == 3
    assert [each.name for each in shown] == ["PCI DSS 4.0.1 6.3.3", "NIST SP 800-53 r5 SI-2", "NIST CSF 2.0 PR.PS-02"]
    assert (
        of(shown, "NIST SP 800-53 r5 SI-2").query
        == "severity=critical&severity=high&severity=medium&severity=low&sort=first_seen"
    )


def test_one_issue_names_its_controls(payroll):
    names = {touch.name: touch.late for touch in controls_of(aged(payroll, 45, vendor_severity="high"))}
    assert names["PCI DSS 4.0.1 6.3.3"] is False
    assert names["CIS Controls v8.1 7.7"] is True
    low = {touch.name for touch in controls_of(aged(payroll, 45, vendor_severity="low"))}
    assert "PCI DSS 4.0.1 6.3.3" not in low


def test_an_issue_that_is_over_was_in_time_or_not(payroll):
    issue = aged(payroll, 45, vendor_severity="critical", state="resolved")
    issue.resolved_at = issue.first_seen + timedelta(days=29)
    assert {touch.name: touch.late for touch in controls_of(issue)}["CIS Controls v8.1 7.7"] is False
    issue.resolved_at = issue.first_seen + timedelta(days=31)
    assert {touch.name: touch.late for touch in controls_of(issue)}["CIS Controls v8.1 7.7"] is True


def test_the_page_of_an_issue_names_them_too(ada_client, payroll):
    page = ada_client.get(aged(payroll, 45, vendor_severity="critical").get_absolute_url()).content.decode()
    assert "evidence, not certification" in page
    assert "within 30 days of the first detection. Set by the standard:" in page
