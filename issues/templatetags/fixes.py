"""Links from what to fix to the issues that it closes."""

from __future__ import annotations

from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.template import RequestContext

from issues.models import Application
from issues.queue.fixes import Update

register = template.Library()


@register.simple_tag(takes_context=True)
def issues_of(context: RequestContext, update: Update, application: Application | None = None) -> str:
    """``{% issues_of update fix.application %}``: of that application, else of those that the page is filtered by."""
    request: HttpRequest | None = context.get("request")
    slugs = [application.slug] if application else request.GET.getlist("application") if request else []
    return "/issues/?" + urlencode(
        [("software", update.name_in_quotes), *(("application", slug) for slug in slugs if slug)]
    )
