"""Light, dark, or what the system says: kept in a cookie that the server reads, so that no page flashes."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

COOKIE = "theme"
CHOICES = ("light", "dark")


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString | str:
    """`` data-theme="dark"`` for ``<html>``; nothing when the system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get(COOKIE) if request else None
    return format_html(' data-theme="{}"', chosen) if chosen in CHOICES else ""
