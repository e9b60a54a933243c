"""Fields where several words stand in one line, with commas between them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.models import User

from issues.editing.values import clean_tags


def listed(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def said(clean: Callable[[Any], Any], value: Any) -> Any:
    """A ``ValueError`` with a sentence becomes the field's error."""
    try:
        return clean(value)
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None


class TagsField(forms.CharField):
    """Cleans to a list of tags."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(required=False, max_length=2_000, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(value)

    def clean(self, value: Any) -> Any:
        return said(clean_tags, listed(super().clean(value)))


class PeopleField(forms.CharField):
    """Cleans to the keys of users by name; ``datalist`` is the id of a list of names in the page."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "people"})
        super().__init__(required=False, max_length=2_000, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        return keys_of(listed(super().clean(value)))


def keys_of(names: list[str]) -> dict[str, int]:
    """Users who may sign in."""
    found = dict(User.objects.filter(username__in=names, is_active=True).values_list("username", "pk"))
    if missing := [name for name in names if name not in found]:
        raise forms.ValidationError(f"There is no user “{missing[0][:150]}”.")
    return {name: found[name] for name in names}
