"""A form's field with its label above, and its help or error below."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

LOOKS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "check"),
    (forms.CheckboxSelectMultiple, "check"),
    (forms.RadioSelect, "check"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
)


@register.simple_tag
def field(bound: BoundField, size: str = "", label: str = "") -> SafeString:
    """``{% field form.host_url size="lg" %}``. Ids, ``aria-describedby`` and ``aria-invalid`` are Django's own."""
    look = next((css for widget, css in LOOKS if isinstance(bound.field.widget, widget)), "input")
    attrs = bound.field.widget.attrs
    attrs["class"] = " ".join(
        filter(None, [look, "input-lg" if size == "lg" and look != "check" else "", attrs.get("class")])
    )
    kind = "set" if bound.use_fieldset else "tick" if look == "check" else "line"
    return render_to_string("components/_field.html", {"field": bound, "kind": kind, "label": label or bound.label})
