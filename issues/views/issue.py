"""``/issues/<id>/``: one issue, why its severity is what it is, and where it was found."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from connectors.access import Action, may
from issues.forms.decide import DecideForm
from issues.models import Decision, Finding, Issue
from issues.queue.activity import activity_of
from issues.queue.compliance import controls_of
from issues.queue.decisions import held_on
from issues.queue.findings import counts_of, findings_of, newest_findings
from issues.queue.reasons import headline, ledger_of
from issues.queue.rows import visible_issues
from issues.queue.waterfall import sentence, waterfall
from issues.views.people import user_of

FINDINGS = 10  # shown on the page itself
ELSEWHERE = 5  # applications with the same CVE that are named


@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    shown = get_object_or_404(visible_issues(user).defer(None).select_related("created_run"), pk=pk)
    findings = newest_findings(shown, user, FINDINGS)
    same_cve = Issue.objects.visible_to(user).filter(vulnerability=shown.vulnerability, state=Issue.State.ACTIVE)
    elsewhere = same_cve.exclude(pk=pk).select_related("application", "software").order_by("-severity", "-score", "-pk")
    counts, held = counts_of(shown), held_on(shown)
    activity = activity_of(shown, link_runs=may(user, Action.SEE_CONNECTIONS))
    context = {
        "issue": shown,
        "headline": headline(shown),
        "ledger": ledger_of(shown, next((d for d in held if d.kind == Decision.Kind.SEVERITY), None)),
        "pictures": {"hide-phone": waterfall(shown, wide=True), "only-phone": waterfall(shown, wide=False)},
        "picture_text": sentence(shown),
        "findings": findings,
        "counts": counts,
        "total": sum(counts.values()),
        "evidence": _evidence(request, shown, findings),
        "activity": activity,
        "controls": controls_of(shown),
        "elsewhere": elsewhere[:ELSEWHERE],
        "elsewhere_total": elsewhere.count(),
        "may_triage": may(user, Action.TRIAGE),
        "held": held,
        "excluded_by_person": any(decision.slot == Decision.EXCLUSION for decision in held),
        "form": DecideForm("decide"),
        "sees_connections": may(user, Action.SEE_CONNECTIONS),
        "crumbs": [
            ("Active issues", "/issues/"),
            (shown.application.name, shown.application.get_absolute_url()),
            (shown.vulnerability.cve, ""),
        ],
        "tabs": [
            {"label": "Summary", "url": "#summary", "current": True},
            {"label": "Endpoints", "url": "#endpoints", "count": shown.endpoints},
            {"label": "Vulnerability", "url": "#vulnerability"},
            {"label": "Evidence", "url": "#evidence"},
            {"label": "Compliance", "url": "#compliance"},
            {"label": "Activity", "url": "#activity", "count": len(activity)},
        ],
    }
    return render(request, "issues/issue.html", context)


def _evidence(request: HttpRequest, shown: Issue, findings: list[Finding]) -> Finding | None:
    """The finding that the address asks for, else the first one listed."""
    wanted = request.GET.get("finding", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= 18):
        wanted = str(findings[0].pk) if findings else "0"
    return findings_of(shown, user_of(request)).defer(None).filter(pk=int(wanted)).first()
