"""What moves with an issue: its number where it can, and always its decisions, comments, owner, dates and history."""

from __future__ import annotations

import pytest

from issues.decisions.comment import comment
from issues.decisions.exclude import exclude
from issues.decisions.owner import assign_owner
from issues.decisions.severity import set_severity
from issues.models import Decision, Endpoint, Issue, IssueEvent
from issues.severity.levels import Level
from tests.factories import close_findings
from tests.issues.mapping import world
from tests.issues.mapping.world import Host, imported, rule, saved

pytestmark = pytest.mark.django_db
BY_SITE = rule(application_per="site")
ONE = frozenset({(1, 1)})


def issue_in(application: str) -> Issue:
    return Issue.objects.get(application__name=application, vulnerability__cve="CVE-2026-0001")


def these(issue: Issue):
    return Issue.objects.filter(pk=issue.pk)


def accept(issue: Issue, user, reason: str = "Behind the proxy") -> None:
    exclude(these(issue), Decision.Kind.FALSE_POSITIVE, reason, None, user)


def reasons(issue: Issue) -> list[str]:
    return list(issue.decisions.in_force().values_list("reason", flat=True))


def test_an_issue_that_moves_whole_stays_the_same_issue(tenant, ben):
    imported(tenant, world.sites("Berlin", "Berlin"))
    saved(BY_SITE)
    issue = issue_in("Berlin")
    accept(issue, ben)
    comment(these(issue), "Asked the vendor", ben)
    assign_owner(these(issue), ben, ben)
    history = list(issue.events.order_by("pk").values_list("pk", flat=True))

    saved(rule("Shop", ("site", "is", "berlin")))

    moved = issue_in("Shop")
    issue.refresh_from_db()
    assert moved == issue
    assert (moved.owner, moved.decision, moved.state) == (ben, "false_positive", "excluded")
    assert moved.decisions.count() == 3
    told = moved.events.order_by("pk").exclude(pk__in=history).get()
    assert (told.kind, told.before, told.after) == (IssueEvent.Kind.MOVED, "Berlin", "Shop")
    assert world.is_in_order()


def test_a_part_that_moves_takes_copies_along(tenant, ben):
    imported(tenant, world.sites("Berlin", "Paris"))
    saved(rule("Shop"))
    issue = issue_in("Shop")
    accept(issue, ben)
    set_severity(these(issue), Level.LOW, "Not here", ben)
    comment(these(issue), "Asked the vendor", ben)

    saved(rule("France", ("site", "is", "Paris")), rule("Shop"))

    stayed, split = issue_in("Shop"), issue_in("France")
    assert stayed == issue
    for part in (stayed, split):
        assert (part.decision, part.state, part.endpoints, part.findings) == ("false_positive", "excluded", 1, 1)
        assert part.decisions.filter(kind="comment").get().user == ben
        assert part.created_run == issue.created_run
        assert part.first_seen == part.all_findings.get().first_seen
    assert stayed.first_seen != split.first_seen
    assert world.is_in_order()


def test_of_two_that_are_merged_the_stricter_decision_stays(tenant, ben):
    imported(tenant, world.sites("Berlin", "Paris"))
    saved(BY_SITE)
    accept(issue_in("Berlin"), ben)
    comment(these(issue_in("Berlin")), "Asked the vendor", ben)
    firsts = {issue_in(site).first_seen for site in ("Berlin", "Paris")}

    saved(rule("Shop"))

    merged = issue_in("Shop")
    assert (merged.state, merged.decision, merged.endpoints) == ("active", "", 2)
    assert [(d.kind, d.ended_reason) for d in merged.decisions.exclude(ended_at=None)] == [
        ("false_positive", "Merged with an issue that is in the queue")
    ]
    assert merged.decisions.in_force().get().reason == "Asked the vendor"
    assert merged.first_seen == min(firsts)
    assert Issue.objects.count() == 2  # one for each CVE
    assert world.is_in_order()


def test_two_applications_that_change_places_keep_their_own(tenant, ben):
    imported(tenant, world.sites("Berlin", "Paris"))
    saved(rule("One", ("site", "is", "Berlin")), rule("Two", ("site", "is", "Paris")))
    one, two = issue_in("One"), issue_in("Two")
    accept(one, ben)

    saved(rule("Two", ("site", "is", "Berlin")), rule("One", ("site", "is", "Paris")))

    assert (issue_in("Two"), issue_in("One")) == (one, two)
    assert (reasons(issue_in("Two")), reasons(issue_in("One"))) == (["Behind the proxy"], [])
    assert world.is_in_order()


@pytest.mark.parametrize("order", [1, -1])
def test_what_leaves_takes_nothing_along_that_comes_in_at_the_same_time(tenant, ben, order):
    """Berlin goes to Two while Rome leaves Two: Rome's issue knows nothing of what was decided for Berlin."""
    hosts = [Host(str(n), site, found=ONE) for n, site in enumerate(("Berlin", "Paris", "Rome")[::order])]
    imported(tenant, hosts)
    saved(rule("One", ("site", "is", "Berlin")), rule("Two"))
    accept(issue_in("Two"), ben, "Two's")
    accept(issue_in("One"), ben, "One's")

    saved(rule("Three", ("site", "is", "Rome")), rule("Two"))

    assert reasons(issue_in("Three")) == ["Two's"]
    assert len(reasons(issue_in("Two"))) == 1
    assert world.is_in_order()


def test_all_leave_for_where_some_come_from(tenant, ben):
    """Everything of One goes to Two, and a part of Two to One: nobody's place is free, and nothing is mixed up."""
    hosts = [Host(str(n), site, found=ONE) for n, site in enumerate(("Berlin", "Paris", "Rome"))]
    imported(tenant, hosts)
    saved(rule("One", ("site", "is", "Berlin")), rule("Two"))
    accept(issue_in("Two"), ben, "Two's")

    saved(rule("Two", ("site", "in", ["Berlin", "Paris"])), rule("One", ("site", "is", "Rome")))

    assert (reasons(issue_in("One")), issue_in("One").state) == (["Two's"], "excluded")
    assert (reasons(issue_in("Two")), issue_in("Two").state) == ([], "active")
    assert world.is_in_order()


def test_what_is_over_moves_as_well(tenant):
    imported(tenant, world.sites("Berlin"))
    close_findings(tenant, ["0-1-1"])
    before = Issue.objects.get(vulnerability__cve="CVE-2026-0001")
    saved(BY_SITE)
    moved = issue_in("Berlin")
    assert moved == before
    assert (moved.state, moved.resolved_at, moved.first_seen) == ("resolved", before.resolved_at, before.first_seen)
    assert world.is_in_order()


def test_each_connection_keeps_its_own_issues(tenant):
    from tests.factories import make_connection

    imported(tenant, world.sites("Berlin"))
    other = make_connection("Other")
    imported(other, world.sites("Berlin"))
    saved(rule("Shop"))
    assert sorted(Issue.objects.values_list("connection__name", "application__name", "findings")) == [
        ("Acme", "Shop", 1), ("Acme", "Shop", 1), ("Other", "Shop", 1), ("Other", "Shop", 1),
    ]  # fmt: skip
    assert world.is_in_order()


def test_the_severity_follows_the_new_application(tenant):
    from issues.models import Application, RuleSet
    from issues.severity.factors import DEFAULTS

    RuleSet.objects.create(version=1, weights=DEFAULTS)
    imported(tenant, world.sites("Berlin"))
    saved(BY_SITE)
    Application.objects.create(
        name="Vault", slug="vault", business_priority=1, internet_facing=True, environment="production"
    )
    calm = issue_in("Berlin").score
    saved(rule("Vault"))
    assert issue_in("Vault").score > calm
    assert "priority_1" in {entry["code"] for entry in issue_in("Vault").factors}


def test_an_endpoint_without_findings_just_moves(tenant):
    imported(tenant, [Host("a", "Berlin")])
    revision = saved(BY_SITE)
    assert Endpoint.objects.get().application.name == "Berlin"
    assert (revision.moved, revision.moved_issues, revision.percent) == (1, 0, 100)
