"""POST ``/issues/severity/``: set the severity of some issues by hand, or take that back."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from connectors.access import Action, may
from issues.decisions.rules import SETTABLE
from issues.decisions.severity import reset_severity, set_severity
from issues.models import Issue
from issues.severity.levels import Level
from issues.views.people import user_of

RESET = "reset"
MOST = 900  # issues named by one form


class OverrideForm(forms.Form):
    """``issue`` several times; ``severity`` a word or "reset"; a reason unless it is reset."""

    issue = forms.TypedMultipleChoiceField(coerce=int)
    severity = forms.ChoiceField(choices=[(RESET, "By factors"), *((level.word, level.label) for level in SETTABLE)])
    reason = forms.CharField(max_length=2_000, required=False, strip=True)

    def __init__(self, data: object, visible: list[int]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["issue"].choices = [(pk, pk) for pk in visible]  # type: ignore[attr-defined]

    def clean(self) -> None:
        asked = self.cleaned_data
        if asked.get("severity") not in (None, RESET) and not asked.get("reason"):
            self.add_error("reason", "Say why: the reason is kept in the activity of the issue.")


@require_POST
def override(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    if not may(user, Action.TRIAGE):
        raise PermissionDenied
    named = [int(text) for text in request.POST.getlist("issue") if text.isascii() and text.isdigit()][:MOST]
    visible = Issue.objects.visible_to(user).filter(pk__in=[pk for pk in named if pk < 2**63])
    form = OverrideForm(request.POST, list(visible.values_list("pk", flat=True)))
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    elif form.cleaned_data["severity"] == RESET:
        count = reset_severity(visible, user).issues
        messages.success(request, f"{_issues(count)} back to the severity by factors.")
    else:
        level = Level.of(form.cleaned_data["severity"])
        count = set_severity(visible, level, form.cleaned_data["reason"], user).issues
        messages.success(request, f"{_issues(count)} set to {level.label} by hand.")
    return redirect(_back(request, named))


def _issues(count: int) -> str:
    return f"{count:,} issue{'' if count == 1 else 's'}"


def _back(request: HttpRequest, named: list[int]) -> str:
    """Where the form says it stood, when that is a page of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return f"/issues/{named[0]}/" if len(named) == 1 else "/issues/"
