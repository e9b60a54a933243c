"""What the content policy would block, or another host would see, is in no template, stylesheet or script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.imports import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = sorted(path for path in (ROOT / "issues/static").rglob("*") if path.suffix in (".css", ".js", ".svg"))
COMMENTS = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)
FORBIDDEN = {
    "a style attribute": re.compile(r"\sstyle\s*="),
    "an inline style": re.compile(r"<style"),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "a handler attribute": re.compile(r"\son\w+\s*=\s*[\"']"),
    "a script address": re.compile(r"javascript:"),
    "htmx evaluation": re.compile(r"hx-on|hx-vals=['\"]js:"),
    "something loaded from another host": re.compile(r"(?:src|action|srcset|poster)=[\"'](?:https?:)?//"),
    "a stylesheet or icon of another host": re.compile(r"<link[^>]*href=[\"'](?:https?:)?//"),
}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_breaks_the_policy(path):
    text = COMMENTS.sub("", path.read_text())
    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_template_says_what_it_needs(path):
    opening = re.sub(r"^({% extends [^%]*%}\s*)", "", path.read_text())
    assert opening.startswith(("{#", "{% comment %}")), "say in a comment at the head which context and blocks it has"


@pytest.mark.parametrize("path", STATIC, ids=name)
def test_static_files_load_nothing_from_elsewhere(path):
    text = path.read_text().replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|url\(\s*[\"']?//|\beval\(|new Function|insertAdjacentHTML|innerHTML", text)


def test_the_pattern_would_find_a_breach():
    assert FORBIDDEN["an inline script"].search("<script>1</script>")
    assert not FORBIDDEN["an inline script"].search('<script type="module" src="/x.js"></script>')
    assert FORBIDDEN["a handler attribute"].search('<a onclick="x">')
    assert FORBIDDEN["a style attribute"].search('<a style="x">')


def test_the_stylesheet_imports_every_file_once():
    folder = ROOT / "issues/static/issues/css"
    imported = re.findall(r'@import "([^"]+)" layer\(\w+\);', (folder / "index.css").read_text())
    files = {str(path.relative_to(folder)) for path in folder.rglob("*.css")} - {"index.css"}
    assert sorted(imported) == sorted(files)
