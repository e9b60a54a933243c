"""The forms of the connectors pages. A token goes in and never comes out again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from connectors.models import Connection, SyncRun
from connectors.sources.registry import Product
from connectors.sync.connect import clean_host, clean_token

HOURS = {1: "Every hour", **{n: f"Every {n} hours" for n in (2, 3, 6, 12)}, 24: "Once a day"}


def _token_field() -> forms.CharField:
    # Never filled again, and not a password that a browser should keep.
    widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(
        label="API token", widget=widget, strip=True, error_messages={"required": "Paste the API token."},
        help_text="Stored encrypted and never shown again, only its last four characters are.",
    )  # fmt: skip


class TokenForm(forms.Form):
    token = _token_field()

    def clean_token(self) -> str:
        return _said(clean_token, self.cleaned_data["token"])


class ConnectForm(TokenForm):
    """``product`` says whose console it is."""

    host_url = forms.CharField(
        max_length=2000,  # a pasted address is cut to its origin
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text="The Management URL you see when you are signed in to the console, such as "
        "https://usea1-example.sentinelone.net. A pasted address is cut to its origin.",
    )
    name = forms.CharField(
        max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="What it is called here. Without a name it gets the host's.",
    )  # fmt: skip

    field_order = ("host_url", "token", "name")

    def __init__(self, product: Product, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        self.fields["host_url"].label = f"{product.title} Host URL"
        self.fields["host_url"].error_messages["required"] = "Enter the address of the console."

    def clean_host_url(self) -> str:
        return _said(clean_host, self.product.key, self.cleaned_data["host_url"])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name and Connection.objects.live().filter(name=name).exists():
            raise forms.ValidationError("Another connection has this name. Choose another.")
        return name


class SettingsForm(forms.Form):
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    interval_minutes = forms.TypedChoiceField(
        label="Import", coerce=int, help_text="Everything is read once a day; only changes in between."
    )
    paused = forms.BooleanField(
        label="Pause scheduled imports", required=False, help_text="“Sync now” still works while paused."
    )

    def __init__(self, connection: Connection, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={name: getattr(connection, name) for name in self.base_fields})
        choices = {hours * 60: label for hours, label in HOURS.items()}
        choices.setdefault(connection.interval_minutes, f"Every {connection.interval_minutes} minutes")
        self.fields["interval_minutes"].choices = sorted(choices.items())  # type: ignore[attr-defined]


class RunFilterForm(forms.Form):
    connection = forms.ModelChoiceField(
        Connection.objects.all(), required=False, empty_label="All connections",
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        choices=[("", "Any result"), *SyncRun.State.choices], required=False,
        widget=forms.Select(attrs={"class": "select"}),
    )  # fmt: skip


def _said(read: Any, *texts: str) -> str:
    """A ``ValueError`` with a sentence becomes the field's error."""
    try:
        return str(read(*texts))
    except ValueError as error:
        raise forms.ValidationError(str(error)) from None
