"""``/applications/mapping/``: the ordered rules, what others would move, and every version there was.

A draft lives in the posted form: each button answers with the page as the draft would have it, and only the second
"Save", after the preview was seen, stores anything.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from issues.mapping.draft import Draft
from issues.mapping.draft_form import asked, press, read
from issues.mapping.rules import as_data, current
from issues.mapping.save import SavedMeanwhile, current_revision, save
from issues.mapping.trial import Trial, try_out
from issues.models import MappingRevision
from issues.views.mapping_page import page, reader_of, writer_of


@require_http_methods(["GET", "HEAD", "POST"])
def mapping(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        reader_of(request)
        return _opened(request)
    writer_of(request)
    draft, button = read(request.POST), request.POST.get("do", "")
    if button == "save":
        return _save(request, draft)
    if button == "preview":
        return page(request, draft, try_out(draft))
    press(draft, button)
    return page(request, draft)


@require_safe
def mapping_work(request: HttpRequest) -> HttpResponse:
    """How far the endpoints follow: what the card asks for every two seconds."""
    reader_of(request)
    work = MappingRevision.objects.select_related("author").current()
    return render(request, "issues/mapping/_work.html", {"work": work, "poll": True, "here": reverse("mapping")})


def _opened(request: HttpRequest) -> HttpResponse:
    """The rules that count, those of ``?version=``, or with one more that the address suggests."""
    newest = current_revision()
    if wanted := request.GET.get("version", ""):
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 9 else 0
        older = get_object_or_404(MappingRevision, version=number)
        comment = "" if older == newest else f"Back to version {older.version}"
        return page(request, Draft.of(older.rules, newest.version, comment), shown=older)
    draft = Draft.of(as_data(current()), newest.version)
    if rule := asked(request.GET):
        draft.add(rule)
        return page(request, draft, suggested=True)
    return page(request, draft, counts=True)


def _save(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Shows the preview first to somebody who has not seen it."""
    trial = try_out(draft)
    if trial is None or not trial.was_seen:
        return page(request, draft, trial, confirm=trial is not None)
    if not trial.changes:
        messages.info(request, "Nothing differs from the rules that count already.")
        return _done(request)
    try:
        revision = save(trial.rules, writer_of(request), draft.comment, draft.based_on)
    except SavedMeanwhile as error:
        return _conflict(request, draft, trial, error.version)
    messages.success(request, f"Version {revision.version} counts now. Endpoints follow in the background.")
    return _done(request)


def _conflict(request: HttpRequest, draft: Draft, trial: Trial, version: int) -> HttpResponse:
    """The draft stays, and saving it again is a decision against that version."""
    draft.based_on, draft.seen = version, ""
    return page(request, draft, trial, conflict=MappingRevision.objects.select_related("author").get(version=version))


def _done(request: HttpRequest) -> HttpResponse:
    """The whole page anew, whether a browser or htmx has asked."""
    here = reverse("mapping")
    return HttpResponseClientRedirect(here) if request.headers.get("HX-Request") else redirect(here)
