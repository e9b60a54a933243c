"""Where a person puts an endpoint, and why."""

from __future__ import annotations

from django import forms

from issues.models import Application
from issues.models.application import ApplicationQuerySet


class PinForm(forms.Form):
    """``application`` is the name of one that is there; cleaned, it is the application itself."""

    application = forms.CharField(max_length=200)
    reason = forms.CharField(max_length=300, required=False)

    def __init__(self, data: object, visible: ApplicationQuerySet) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self._visible = visible

    def clean_application(self) -> Application:
        name = " ".join(self.cleaned_data["application"].split())
        found = self._visible.filter(name=name).first() or self._visible.filter(name__iexact=name).first()
        if found is None:
            raise forms.ValidationError(
                f"There is no application “{name[:60]}”. Choose one of the list, or make it first."
            )
        return found

    @property
    def first_problem(self) -> str:
        return next((str(errors[0]) for errors in self.errors.values()), "")
