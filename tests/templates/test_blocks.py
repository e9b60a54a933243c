"""Components with something inside, and fields of forms."""

from __future__ import annotations

import pytest
from django import forms

from tests.templates.rendering import shown


class PickForm(forms.Form):
    host = forms.URLField(label="Sentinel One Host URL", help_text="The Management URL.", assume_scheme="https")
    name = forms.CharField(required=False)
    new = forms.BooleanField(label="Also new ones")
    every = forms.ChoiceField(choices=[("6", "Every 6 hours")])
    decision = forms.ChoiceField(widget=forms.RadioSelect, choices=[("a", "Snooze"), ("b", "Accept")])


def test_a_card_is_a_section_with_its_heading_for_a_name():
    drawn = shown('{% card "Endpoints" "endpoints" sub="6 of 214" %}<p>{{ inside }}</p>{% endcard %}', inside="<b>")
    assert '<section class="card " id="endpoints" aria-labelledby="endpoints-title">' in drawn
    assert '<h2 id="endpoints-title">Endpoints</h2><span class="sub">6 of 214</span>' in drawn
    assert "<p>&lt;b&gt;</p>" in drawn


def test_a_pages_own_words_do_not_slip_into_a_card():
    assert "of another card" not in shown('{% card "A" "a" %}{% endcard %}', sub="of another card")


def test_a_note_carries_its_way_out():
    drawn = shown('{% note "warn" action_url="/x/" action_label="Replace token" %}Soon.{% endnote %}')
    assert 'class="note note-warn"' in drawn
    assert '<a class="btn" href="/x/">Replace token</a>' in drawn


def test_an_unknown_kind_of_note_is_refused():
    with pytest.raises(KeyError):
        shown('{% note "loud" %}!{% endnote %}')


def test_a_dialog_posts_its_inside_and_names_the_deed():
    opening = '{% dialog "d1" "Delete?" action="/d/" deed="Delete connection" keep="Keep it" %}'
    drawn = shown(opening + '<input name="purge">{% enddialog %}')
    assert '<form method="post" action="/d/"><input type="hidden" name="csrfmiddlewaretoken"' in drawn
    assert drawn.index("<form") < drawn.index('<input name="purge">') < drawn.index("</form>")
    assert "Keep it" in drawn
    assert 'class="btn btn-destroy" type="submit">Delete connection' in drawn


def test_a_field_has_label_help_and_error_tied_to_it():
    form = PickForm({"host": "console", "every": "6", "decision": "a"})
    drawn = shown('{% field form.host size="lg" %}', form=form)
    assert '<label for="id_host">Sentinel One Host URL</label>' in drawn
    assert 'class="input input-lg"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="id_host_helptext id_host_error"' in drawn
    assert 'id="id_host_helptext"' in drawn
    assert 'id="id_host_error"' in drawn


def test_what_may_stay_empty_says_so():
    assert "(optional)" in shown("{% field form.name %}", form=PickForm())
    assert "(optional)" not in shown("{% field form.host %}", form=PickForm())


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("new", '<label class="option"><input type="checkbox" name="new" class="check"'),
        ("every", '<select name="every" class="select"'),
        ("decision", '<input type="radio" name="decision" value="a" class="check"'),
    ],
)
def test_every_kind_of_field_looks_its_part(name, part):
    assert part in shown("{% field field %}", field=PickForm()[name])


def test_a_choice_of_several_is_a_group_with_a_name():
    drawn = shown("{% field form.decision %}", form=PickForm())
    assert drawn.startswith("<fieldset")
    assert '<legend class="label">Decision</legend>' in drawn
    assert drawn.endswith("</fieldset>")
