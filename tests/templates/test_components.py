"""Every component renders with the least it can be given, and is in the list that page authors read."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from tests.architecture.imports import ROOT
from tests.templates.rendering import shown

FOLDER = ROOT / "templates/components"
NAMES = sorted(path.name for path in FOLDER.glob("_*.html"))
# What a component can't do without: the context, and words that must come out.
LEAST: dict[str, tuple[dict[str, Any], list[str]]] = {
    "_advice.html": ({"icon": "user", "strong": "Use", "text": "a service user."}, ["<b>Use</b> a service user."]),
    "_bottombar.html": ({"groups": []}, ["More"]),
    "_chip.html": ({"name": "EPSS", "value": "0.1", "url": "?"}, ['aria-label="Remove filter EPSS: 0.1"']),
    "_crumbs.html": ({"crumbs": [("Issues", "/issues/"), ("CVE", "")]}, ['<li aria-current="page">CVE</li>']),
    "_empty.html": ({"title": "Nothing yet"}, ["<h3>Nothing yet</h3>"]),
    "_facet.html": ({"label": "KEV", "name": "kev", "options": [{"value": "1", "label": "In KEV"}]}, ["In KEV"]),
    "_facts.html": ({"facts": [("Fix", "")]}, ["<dt>Fix</dt><dd>none</dd>"]),
    "_figures.html": ({"figures": [("Findings", "3", "")]}, ["<dt>Findings</dt><dd>3</dd>"]),
    "_ledger.html": ({"start": {"value": 8.1}, "factors": [], "sum": {"value": 3.2}}, ["8.1", "3.2"]),
    "_nav.html": ({"groups": [{"label": "", "items": [{"label": "Issues", "url": "/", "icon": "list"}]}]}, ["Issues"]),
    "_note.html": ({"kind": "info", "icon": "info", "content": "Quiet."}, ["Quiet."]),
    "_pager.html": ({"newer_url": "", "older_url": "?c=x"}, ['aria-disabled="true"', 'href="?c=x" rel="next"']),
    "_progress.html": ({"id": "p", "what": "Reading"}, ['<progress aria-labelledby="p">']),
    "_range.html": ({"label": "CVSS", "min_name": "a", "max_name": "b"}, ['name="a"', 'aria-label="CVSS to"']),
    "_skeleton.html": ({"rows": "12", "columns": "123"}, ['class="skeleton w-40"']),
    "_sort_head.html": ({"label": "Score", "column": "score", "sort": "-score"}, ['aria-sort="descending"']),
    "_stats.html": ({"stats": [{"label": "Critical", "value": "3"}]}, ["Critical", ">3<"]),
    "_steps.html": ({"steps": [{"state": "failed", "title": "Token", "sentence": "No."}]}, ["is-failed", "No."]),
    "_tabs.html": ({"tabs": [{"label": "Summary", "url": "#s", "current": True}]}, ['aria-current="page">Summary']),
    "_timeline.html": ({"entries": [{"icon": "plus", "what": "Seen", "at": timezone.now()}]}, ["Seen", "today"]),
    "_toast.html": ({"text": "Done", "kind": "success"}, ["Done", "toast-success"]),
    "_toolbar_search.html": ({"label": "Search connectors"}, ["Search connectors", 'name="q"']),
    "_tree_node.html": ({"node": {"id": 7, "kind": "site", "name": "B", "state": "active", "level": 2}}, ['value="7"']),
}  # fmt: skip
BY_TAG = ("_card.html", "_dialog.html", "_field.html", "_trend_chart.html")  # tested with their tags
OF_THE_FRAME = (
    "_brand.html", "_close.html", "_form_errors.html", "_head.html", "_help.html", "_import_pill.html",
    "_messages.html", "_sign_out.html", "_theme.html", "_topbar.html",
)  # fmt: skip


@pytest.mark.parametrize("name", LEAST)
def test_it_renders_with_the_least(name, rf):
    context, words = LEAST[name]
    drawn = render_to_string(f"components/{name}", {"request": rf.get("/"), **context})
    assert [word for word in words if word not in drawn] == []


@pytest.mark.parametrize("name", OF_THE_FRAME)
def test_the_frame_renders_without_context(name):
    assert "None" not in render_to_string(f"components/{name}", {})


def test_every_component_is_tested_and_listed():
    assert sorted([*LEAST, *BY_TAG, *OF_THE_FRAME]) == NAMES
    readme = (FOLDER / "README.md").read_text()
    assert [name for name in NAMES if name not in readme] == []


def test_a_facet_counts_marks_and_links():
    options = [{"value": "high", "label": "High", "count": 1374, "selected": True, "severity": 4}]
    drawn = shown(
        '{% include "components/_facet.html" with label="Severity" name="severity" chosen=1 %}', options=options
    )
    assert 'name="severity" value="high" checked>' in drawn
    assert '<i class="glyph glyph-high"' in drawn
    assert '<span class="n">1,374</span>' in drawn
    assert "1 selected" in drawn
    linked = shown('{% include "components/_facet.html" %}', options=[{**options[0], "url": "?severity=low"}])
    assert '<a class="facet-link" href="?severity=low" aria-current="true">' in linked


def test_a_known_length_is_a_number_and_an_unknown_one_is_not_made_up():
    source = '{% include "components/_progress.html" with id="p" what="Reading" read=62 expected=expected %}'
    assert '<progress max="100" value="62"' in shown(source, expected=100)
    assert "62 %" in shown(source, expected=100)
    assert "%" not in shown(source, expected=0)


def test_a_message_with_an_address_can_be_undone():
    toast = '{% include "components/_toast.html" with text="Snoozed" undo_url=url %}'
    assert '<form method="post" action="/undo/3/">' in shown(toast, url="/undo/3/")
    assert "<form" not in shown(toast, url="sticky")


def test_only_the_mixed_branch_is_marked():
    node = {"id": 1, "kind": "account", "name": "Example", "state": "active", "level": 1, "open_url": "?open=1"}
    source = '{% include "components/_tree_node.html" %}'
    assert "data-mixed" in shown(source, node={**node, "mixed": True})
    assert "data-mixed" not in shown(source, node=node)
    assert 'aria-expanded="false"' in shown(source, node=node)
