"""The form of one application: what it is, and with it the rows of its people and links."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from issues.editing.values import CONTEXT, Values, clean_name, values_of
from issues.forms.links import LinkRows
from issues.forms.people import PeopleRows
from issues.forms.texts import TagsField
from issues.models import Application, ApplicationEvent

ENVIRONMENTS = [("", "Not set"), *Application.Environment.choices]
PRIORITIES = [(1, "1, matters most"), (2, "2"), (3, "3"), (4, "4"), (5, "5, matters least")]
MEANWHILE = "Somebody changed this application meanwhile: {text}. Saving again sets everything as it stands below."


class PlainForm(forms.Form):
    """Everything but people and links."""

    name = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give it a name."},
    )
    description = forms.CharField(max_length=10_000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    tags = TagsField(help_text="Words to sort applications by, with commas between them: pci, team-blue.")
    business_priority = forms.TypedChoiceField(coerce=int, choices=PRIORITIES, initial=3)
    environment = forms.ChoiceField(choices=ENVIRONMENTS, required=False)
    internet_facing = forms.BooleanField(
        required=False, label="Internet-facing", help_text="Anyone on the internet can reach it."
    )
    sensitive_data = forms.BooleanField(
        required=False, label="Sensitive data", help_text="It holds data whose loss would have to be reported."
    )

    def __init__(self, application: Application | None, data: QueryDict | None) -> None:
        self.application = application
        now = values_of(application) if application else {}
        super().__init__(data, initial=now)
        for name in application.locked if application else ():
            del self.fields[name]

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        others = Application.objects.filter(name=name)
        if (others.exclude(pk=self.application.pk) if self.application else others).exists():
            raise forms.ValidationError("Another application has this name. Choose another.")
        return name


class ApplicationForm:
    """Asked in one page: ``plain``, ``people`` and ``links``. ``data`` is what was posted, None to show it."""

    def __init__(self, application: Application | None, data: QueryDict | None, more: str = "") -> None:
        """``more``: "people" or "links", to show further empty rows of them."""
        self.application = application
        self.based_on = _last_change(application) if data is None or "based_on" not in data else data["based_on"]
        self.plain = PlainForm(application, data)
        self.people = PeopleRows(application, data, more=more == "people")
        self.links = LinkRows(application, data, more=more == "links")

    @cached_property
    def is_valid(self) -> bool:
        return all([self.plain.is_valid(), self.people.is_valid, self.links.is_valid])

    @property
    def values(self) -> Values:
        """Of a valid form."""
        return {**self.plain.cleaned_data, "members": self.people.members, "links": self.links.links}

    @property
    def context(self) -> dict[str, Any]:
        """What severities depend on, as far as it is valid, whatever the rest of the form says."""
        self.plain.is_valid()
        return {name: value for name, value in self.plain.cleaned_data.items() if name in CONTEXT}

    def is_late(self) -> bool:
        """Whether somebody else saved since the form was shown. It says so, and is based on that from now on."""
        newest = _last_change(self.application)
        if newest in ("", self.based_on):
            return False
        text = ApplicationEvent.objects.values_list("text", flat=True).get(pk=newest)
        self.plain.add_error(None, MEANWHILE.format(text=text))
        self.based_on = newest
        return True


def _last_change(application: Application | None) -> str:
    """The key of the last event of a person, as text; empty before the first."""
    kinds = (ApplicationEvent.Kind.CHANGED, ApplicationEvent.Kind.MEMBERS)
    events = ApplicationEvent.objects.filter(application=application, kind__in=kinds).order_by("-pk")
    return str(events.values_list("pk", flat=True).first() or "") if application else ""
