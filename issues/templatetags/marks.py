"""Small marks in a line: tags for facts, states for how a thing is doing, deltas for changes, initials for people."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from issues.templatetags.icons import icon
from issues.templatetags.numbers import number

register = template.Library()

STATE_ICONS = {
    "ok": "circle-check",
    "run": "refresh-cw",
    "warn": "triangle-alert",
    "bad": "circle-x",
    "off": "circle-dashed",
    "paused": "pause",
}


@register.simple_tag
def state(kind: str, word: str, icon_name: str = "") -> SafeString:
    """``{% state "ok" "Connected" %}``: icon and word. Kinds ok, run, warn, bad, off, paused; any other raises."""
    css = "off" if kind == "paused" else kind
    return format_html('<span class="state state-{}">{}{}</span>', css, icon(icon_name or STATE_ICONS[kind]), word)


@register.simple_tag
def tag(text: str, tone: str = "", icon_name: str = "") -> SafeString:
    """``{% tag "KEV" "kev" %}``; tones kev, accent, warn, or none."""
    drawn = icon(icon_name) if icon_name else ""
    return format_html('<span class="tag{}">{}{}</span>', f" tag-{tone}" if tone else "", drawn, text)


@register.simple_tag
def delta(change: float, good: str = "down") -> SafeString:
    """An arrow and a number; green or red says good or bad, not up or down. ``good="up"`` where more is better."""
    if not change:
        return SafeString('<span class="delta">no change</span>')
    way = "up" if change > 0 else "down"
    return format_html(
        '<span class="delta delta-{}">{}<span class="sr">{} by </span>{}</span>',
        "good" if way == good else "bad", icon(f"arrow-{way}"), way, number(abs(change)),
    )  # fmt: skip


@register.filter
def initials(name: str) -> str:
    """``SA`` of ``secops-analyst``, ``AL`` of ``Ada Lovelace``, ``BE`` of ``ben``."""
    words = name.replace("-", " ").replace(".", " ").replace("_", " ").split()
    letters = words[0][:1] + words[-1][:1] if len(words) > 1 else name[:2]
    return letters.upper()
