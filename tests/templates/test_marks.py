"""Icons, tags, states, changes and initials; the theme."""

from __future__ import annotations

import pytest
from lucide import IconDoesNotExist

from tests.templates.rendering import shown


def test_an_icon_is_inline_and_silent():
    assert shown('{% icon "search" %}').startswith(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="m21'
    )
    assert 'class="icon spin"' in shown('{% icon "loader-circle" "spin" %}')
    assert "\n" not in shown('{% icon "search" %}')


def test_an_unknown_icon_is_refused():
    with pytest.raises(IconDoesNotExist):
        shown('{% icon "no-such-icon" %}')


def test_a_repeated_icon_is_defined_once_and_then_named():
    page = shown('{% sprite "laptop" "server" %}{% use_icon "laptop" %}')
    assert page.count('<symbol id="icon-laptop"') == 1
    assert page.endswith('<svg class="icon" aria-hidden="true"><use href="#icon-laptop"/></svg>')


def test_a_state_is_an_icon_and_a_word():
    drawn = shown('{% state "ok" "Connected" %}')
    assert 'class="state state-ok"' in drawn
    assert "<svg" in drawn
    assert "Connected" in drawn
    with pytest.raises(KeyError):
        shown('{% state "splendid" "Connected" %}')


def test_a_tag_says_a_fact_and_escapes_it():
    assert shown('{% tag "KEV" "kev" %}') == '<span class="tag tag-kev">KEV</span>'
    assert "&lt;b&gt;" in shown("{% tag text %}", text="<b>")


@pytest.mark.parametrize(
    ("change", "good", "verdict"),
    [(14, "down", "bad"), (-27, "down", "good"), (14, "up", "good"), (-27, "up", "bad")],
)
def test_a_change_is_good_or_bad_not_up_or_down(change, good, verdict):
    drawn = shown("{% delta change good %}", change=change, good=good)
    assert f"delta-{verdict}" in drawn
    assert "−" not in drawn


def test_no_change_says_so():
    assert "no change" in shown("{% delta 0 %}")


@pytest.mark.parametrize(
    ("name", "letters"), [("secops-analyst", "SA"), ("Ada Lovelace", "AL"), ("ben", "BE"), ("", "")]
)
def test_people_have_two_letters(name, letters):
    assert shown("{{ name|initials }}", name=name) == letters


@pytest.mark.parametrize(
    ("cookie", "attribute"),
    [("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ('"><script>', ""), ("", "")],
)
def test_only_the_two_themes_come_out_of_the_cookie(rf, cookie, attribute):
    request = rf.get("/")
    request.COOKIES["theme"] = cookie
    assert shown("[{% theme_attribute %}]", request=request) == f"[{attribute}]"
