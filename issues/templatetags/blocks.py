"""Components with something inside: ``{% card "Title" %}…{% endcard %}``. Their markup is in templates/components."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

NOTE_ICONS = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "bad": "triangle-alert"}


@register.simple_block_tag(takes_context=True)
def card(context: Context, content: str, title: str, id: str, **more: Any) -> SafeString:
    """``{% card "Endpoints" "endpoints" sub="6 of 214" %}…{% endcard %}``; see ``components/_card.html``."""
    return _rendered(context, "card", content, title=title, id=id, **more)


@register.simple_block_tag(takes_context=True)
def note(context: Context, content: str, kind: str = "info", **more: Any) -> SafeString:
    """``{% note "warn" action_url=url action_label="Replace token" %}…{% endnote %}``; kinds info, ok, warn, bad."""
    return _rendered(context, "note", content, **{"kind": kind, "icon": NOTE_ICONS[kind], **more})


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str, **more: Any) -> SafeString:
    """``{% dialog "delete-3" "Delete “Retail”?" action=url deed="Delete connection" %}…{% enddialog %}``"""
    return _rendered(context, "dialog", content, id=id, title=title, **more)


def _rendered(context: Context, name: str, content: str, **values: Any) -> SafeString:
    """Rendered apart from the page's context, so that a page's ``title`` never slips into a card; the request stays."""
    return render_to_string(f"components/_{name}.html", {"content": content, **values}, context.get("request"))
