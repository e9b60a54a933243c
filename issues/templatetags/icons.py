"""Line icons from lucide, 16 px with a 1.5 px stroke. They stand beside a word and are hidden from screen readers."""

from __future__ import annotations

import re
from functools import cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

register = template.Library()

INSIDE = re.compile(r"^<svg[^>]*>(.*)</svg>\s*$", re.DOTALL)
BETWEEN = re.compile(r"\s+(?=[</])|(?<=>)\s+")


@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """``{% icon "search" %}``, with more classes: ``{% icon "loader-circle" "spin" %}``. An unknown name raises."""
    return format_html(
        '<svg class="icon{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        f" {extra}" if extra else "",
        _paths(name),
    )


@register.simple_tag
def sprite(*names: str) -> SafeString:
    """Defines icons once, for pages that repeat them in every row: ``{% sprite "laptop" "server" %}``."""
    symbols = format_html_join(
        "", '<symbol id="icon-{}" viewBox="0 0 24 24">{}</symbol>', ((name, _paths(name)) for name in names)
    )
    return format_html('<svg hidden aria-hidden="true">{}</svg>', symbols)


@register.simple_tag
def use_icon(name: str) -> SafeString:
    """Draws what ``sprite`` defined on the same page, in 70 bytes: ``{% use_icon "laptop" %}``."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#icon-{}"/></svg>', name)


@cache
def _paths(name: str) -> SafeString:
    """What is inside the icon's ``<svg>``; class and size come from our stylesheet."""
    inside = INSIDE.sub(r"\1", str(lucide(name)))
    return mark_safe(BETWEEN.sub("", inside).strip())  # noqa: S308  # the package's own files
