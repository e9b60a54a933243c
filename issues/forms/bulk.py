"""The form that changes many applications: every field begins as “leave it as it is”."""

from __future__ import annotations

from typing import Any

from django import forms

from issues.editing.bulk import Bulk
from issues.forms.application import ENVIRONMENTS, PRIORITIES
from issues.forms.texts import PeopleField, TagsField

LEAVE = ("", "Leave as it is")
UNSET = "none"
FLAG = [LEAVE, ("yes", "Yes"), ("no", "No")]


class BulkForm(forms.Form):
    business_priority = forms.TypedChoiceField(
        coerce=int, empty_value=None, required=False, choices=[LEAVE, *PRIORITIES]
    )
    environment = forms.ChoiceField(
        required=False, choices=[LEAVE, *((value or UNSET, label) for value, label in ENVIRONMENTS)]
    )
    internet_facing = forms.ChoiceField(label="Internet-facing", required=False, choices=FLAG)
    sensitive_data = forms.ChoiceField(label="Sensitive data", required=False, choices=FLAG)
    add_tags = TagsField(help_text="With commas between them.")
    remove_tags = TagsField(help_text="Those that have them lose them.")
    add_owners = PeopleField(help_text="User names. Who has another role there becomes an owner.")

    def clean(self) -> dict[str, Any]:
        asked = self.cleaned_data
        both = set(asked.get("add_tags", ())) & set(asked.get("remove_tags", ()))
        if both:
            self.add_error("remove_tags", f"“{min(both)}” would be added and removed.")
        if not self.errors and self.bulk.is_empty:
            raise forms.ValidationError("Choose at least one thing to change.")
        return asked

    @property
    def bulk(self) -> Bulk:
        """Of a valid form."""
        asked = self.cleaned_data
        flags = {name: asked[name] == "yes" for name in ("internet_facing", "sensitive_data") if asked[name]}
        values: dict[str, Any] = dict(flags)
        if asked["business_priority"] is not None:
            values["business_priority"] = asked["business_priority"]
        if asked["environment"]:
            values["environment"] = "" if asked["environment"] == UNSET else asked["environment"]
        return Bulk(values, asked["add_tags"], asked["remove_tags"], list(asked["add_owners"].values()))
