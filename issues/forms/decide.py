"""The form of a decision, for one issue or many: what is asked depends on what is to be done."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from issues.decisions.deed import BACK, Deed
from issues.decisions.owner import possible_owners
from issues.decisions.rules import LONGEST, SETTABLE, Refused
from issues.models import Decision

Kind = Decision.Kind
FACTORS = "factors"  # instead of a severity: back to what they say
ENDING = (Kind.ACCEPTED_RISK, Kind.SNOOZE)

# What each button of the bulk bar offers, with what is chosen at first.
KINDS: dict[str, tuple[str, ...]] = {
    "exclude": (Kind.FALSE_POSITIVE, Kind.ACCEPTED_RISK),
    "snooze": (Kind.SNOOZE,),
    "severity": (Kind.SEVERITY,),
    "owner": (Kind.OWNER,),
    "comment": (Kind.COMMENT,),
    "back": (BACK,),
    "decide": (Kind.FALSE_POSITIVE, Kind.ACCEPTED_RISK, Kind.SNOOZE, Kind.SEVERITY),  # the card of an issue
}
VERBS = {
    "exclude": "Exclude",
    "snooze": "Snooze",
    "severity": "Set the severity of",
    "owner": "Choose an owner for",
    "comment": "Comment on",
    "back": "Put back",
    "decide": "Decide about",
}
DAYS = {"snooze": 7, "exclude": 90, "decide": 30}  # until when, unless somebody says otherwise
LABELS = {
    Kind.FALSE_POSITIVE: ("False positive", "The source is wrong about this"),
    Kind.ACCEPTED_RISK: ("Accept the risk", "Known, and we live with it until a date"),
    Kind.SNOOZE: ("Snooze", "Comes back by itself"),
    Kind.SEVERITY: ("Set the severity by hand", "Wins over the factors"),
}


class DecideForm(forms.Form):
    """``kind, value, reason, until`` as in the API; ``until`` is a day, and the decision ends as it begins."""

    kind = forms.ChoiceField()
    severity = forms.ChoiceField(required=False)
    owner = forms.ChoiceField(required=False)
    until = forms.DateField(required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    reason = forms.CharField(required=False, widget=forms.Textarea({"rows": 3, "maxlength": LONGEST}))

    def __init__(self, do: str, data: QueryDict | None = None) -> None:
        """``do``: a key of ``KINDS``."""
        today = timezone.localdate()
        super().__init__(data, initial={"kind": KINDS[do][0], "until": today + timedelta(days=DAYS.get(do, 30))})
        self.do, self.kinds = do, KINDS[do]
        self._choices("kind", [(kind, kind) for kind in self.kinds])
        levels = [(level.word, str(level.label)) for level in SETTABLE]
        self._choices("severity", [("", "Choose one"), *levels, (FACTORS, "By factors")])
        self.fields["until"].widget.attrs["min"] = (today + timedelta(days=1)).isoformat()
        if do == "owner":
            names = [user.username for user in possible_owners()]
            self._choices("owner", [("", "Owners of the application"), *((name, name) for name in names)])

    def _choices(self, field: str, choices: list[tuple[str, str]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    @property
    def options(self) -> list[dict[str, Any]]:
        """The kinds to choose from; empty when there is nothing to choose."""
        chosen = self["kind"].value()
        found = [(kind, *LABELS[Kind(kind)]) for kind in self.kinds] if len(self.kinds) > 1 else []
        return [{"value": k, "label": label, "help": text, "checked": k == chosen} for k, label, text in found]

    @property
    def verb(self) -> str:
        """What the issues follow: ``Exclude`` 3 issues."""
        return VERBS[self.do]

    @property
    def asks_for_end(self) -> bool:
        return any(kind in ENDING for kind in self.kinds)

    def clean(self) -> None:
        if self.errors:
            return
        if self.cleaned_data["kind"] == Kind.SEVERITY and not self.cleaned_data["severity"]:
            self.add_error("severity", "Choose a severity, or the factors.")
            return
        try:
            self.deed.check()
        except Refused as refused:
            self.refuse(refused)

    def refuse(self, refused: Refused) -> None:
        """Show its sentences beside the fields."""
        value = "owner" if self.do == "owner" else "severity"
        for name, text in refused.problems.items():
            self.add_error(value if name == "value" else name, text)

    @property
    def deed(self) -> Deed:
        """Of a form whose fields are valid. A field that another kind asks for is left out."""
        asked, kind = self.cleaned_data, self.cleaned_data["kind"]
        severity = "" if asked["severity"] == FACTORS else asked["severity"]
        value = {Kind.SEVERITY: severity, Kind.OWNER: asked["owner"]}.get(kind, "")
        day = asked["until"] if kind in ENDING else None
        until = timezone.make_aware(datetime.combine(day, time.min)) if day else None
        return Deed(kind, value, asked["reason"].strip(), until)
