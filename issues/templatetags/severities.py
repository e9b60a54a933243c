"""A severity is colour, word and shape. All take a ``Level``, its number, or its word ("critical" … "unknown")."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from issues.severity.levels import WORST_FIRST, Level
from issues.templatetags.numbers import number

register = template.Library()

GAP = 0.35  # percent of the bar between two parts


@register.simple_tag
def severity_badge(severity: Level | int | str, vendor: Level | int | str | None = None, size: str = "") -> SafeString:
    """``{% severity_badge issue.severity vendor=issue.vendor_severity %}``: the vendor's word only when it differs."""
    level = level_of(severity)
    badge = format_html(
        '<span class="sev sev-{}{}">{}</span>', level.word, " sev-lg" if size == "lg" else "", level.label
    )
    if vendor is None or level_of(vendor) == level:
        return badge
    said = level_of(vendor).label
    return format_html(
        '<span class="sev-cell">{}<del class="sev-was"><span class="sr">vendor severity </span>{}</del></span>',
        badge,
        said,
    )


@register.simple_tag
def glyph(severity: Level | int | str) -> SafeString:
    """The shape alone; the word has to stand beside it."""
    return format_html('<i class="glyph glyph-{}" aria-hidden="true"></i>', level_of(severity).word)


@register.filter
def severity_word(severity: Level | int | str) -> str:
    """``critical`` of ``Level.CRITICAL``, 5 or ``Critical``: for classes and addresses."""
    return level_of(severity).word


@register.filter
def severity_label(severity: Level | int | str) -> str:
    return str(level_of(severity).label)


@register.simple_tag
def score(value: float | None, severity: Level | int | str) -> SafeString:
    """A bar from 0 to 10 in the severity's colour, then one decimal; without a severity there is no score."""
    level = level_of(severity)
    if value is None or level is Level.UNKNOWN:
        return SafeString('<span class="score-none">none</span>')
    return format_html('<span class="score">{}<b>{}</b></span>', bar(value, 10, level.word), f"{value:.1f}")


@register.simple_tag
def bar(value: float, whole: float, tone: str = "accent", extra: str = "") -> SafeString:
    """A length out of a whole, hidden from screen readers: say the number beside it. Tones: a severity, accent, ok."""
    width = min(max(100 * value / whole, 0.0), 100.0) if whole else 0.0
    return format_html(
        '<svg class="bar{}" aria-hidden="true"><rect class="fill-{}" width="{}%" height="100%"/></svg>',
        f" {extra}" if extra else "", tone, f"{width:.4g}",
    )  # fmt: skip


@register.simple_tag
def severity_bar(counts: Mapping[str, int] | Mapping[int, int], size: str = "") -> SafeString:
    """The mix as a stacked bar, with a sentence for screen readers. ``counts`` by word or level; absent is none."""
    parts = [(level.word, count) for level, count in present(counts)]
    label = ", ".join(f"{number(count)} {word}" for word, count in parts) or "no issue"
    whole, left, rects = sum(count for _, count in parts), 0.0, ""
    for word, count in parts:
        width = 100 * count / whole
        rects += f'<rect class="fill-{word}" x="{left:.4g}%" width="{max(width - GAP, GAP):.4g}%" height="100%"/>'
        left += width
    css = "sevbar sevbar-lg" if size == "lg" else "sevbar"
    # Numbers and our own words alone: nothing to escape, fifty times on a page.
    return SafeString(f'<svg class="{css}" role="img" aria-label="{label}">{rects}</svg>')


@register.simple_tag
def severity_legend(counts: Mapping[str, int] | Mapping[int, int]) -> SafeString:
    """Shape, word and number of every severity that is there."""
    rows = ((glyph(level), level.label, number(count)) for level, count in present(counts))
    return format_html('<ul class="legend">{}</ul>', format_html_join("", "<li>{}{} <b>{}</b></li>", rows))


def level_of(severity: Level | int | str) -> Level:
    """``ValueError`` or ``KeyError`` for what is no severity."""
    return Level.of(severity) if isinstance(severity, str) else Level(severity)


def present(counts: Mapping[str, int] | Mapping[int, int]) -> list[tuple[Level, int]]:
    """Worst first, without the empty ones."""
    by_level = {level_of(key): count for key, count in counts.items()}
    return [(level, by_level[level]) for level in WORST_FIRST if by_level.get(level)]
