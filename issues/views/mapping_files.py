"""Mapping rules as a file: ``/applications/mapping/export/`` hands it out, ``…/import/`` reads one into the editor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from issues.mapping.draft import Draft
from issues.mapping.rules import as_data, current
from issues.mapping.rules_file import BadFile, read_file
from issues.mapping.save import current_revision
from issues.views.mapping_page import page, reader_of, writer_of


@require_safe
def mapping_export(request: HttpRequest) -> HttpResponse:
    """The rules that count, in the shape of the API."""
    reader_of(request)
    version = current_revision().version
    answer = JsonResponse(
        {"version": version, "rules": as_data(current())}, json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    answer["Content-Disposition"] = f'attachment; filename="sightline-mapping-rules-{version}.json"'
    return answer


@require_POST
def mapping_import(request: HttpRequest) -> HttpResponse:
    """The file becomes a draft that nobody saved yet; one with errors changes nothing and says them all."""
    writer_of(request)
    newest = current_revision()
    try:
        rules, name = read_file(request.FILES.get("file"))
    except BadFile as error:
        draft = Draft.of(as_data(current()), newest.version)
        return page(request, draft, counts=True, refused=error)
    draft = Draft.of(as_data(rules), newest.version, f"From {name}")
    messages.info(request, "Nothing is saved yet. Preview shows what would move.")
    return page(request, draft, imported=name)
