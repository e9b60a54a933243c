"""Trends as pictures from the server: a small line for lists, and a chart stacked by severity for pages."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from issues.queue.trend_chart import every, in_short, sentence, trend_chart, weeks, words_of
from issues.queue.trends import Trend
from issues.templatetags.numbers import number

register = template.Library()

WIDTH, HEIGHT, EDGE = 88, 24, 3  # units of the small line; the edge keeps its last point inside
STEP = 3  # days: thirty points are enough for so small a picture


@register.simple_tag
def sparkline(trend: Trend | str | None) -> SafeString:
    """``{% sparkline row.trend %}``: active issues over 90 days, from zero; a quiet dash when nothing is known."""
    if not isinstance(trend, Trend) or not trend:
        return SafeString('<span class="muted">none yet</span>')
    values = [point.issues for point in every(trend.points, STEP)]
    values = values if len(values) > 1 else values * 2
    inner, most = WIDTH - 2 * EDGE, max(values) or 1
    places = [
        (round(EDGE + inner * n / (len(values) - 1), 1), round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / most, 1))
        for n, value in enumerate(values)
    ]
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<line x1="{}" x2="{}" y1="{}" y2="{}"/><polyline points="{}"/><circle cx="{}" cy="{}" r="2"/></svg>',
        WIDTH, HEIGHT, WIDTH, HEIGHT, _in_words(trend), EDGE, WIDTH - EDGE, HEIGHT - EDGE, HEIGHT - EDGE,
        " ".join(f"{x:g},{y:g}" for x, y in places), *(f"{place:g}" for place in places[-1]),
    )  # fmt: skip


@register.simple_tag(name="trend_chart")
def trend_chart_tag(trend: Trend | str | None, size: str = "wide") -> SafeString:
    """``{% trend_chart trend %}`` in a card: the picture, the same numbers as a table, and how they were counted.

    ``size="half"`` where two cards stand side by side.
    """
    if not isinstance(trend, Trend) or not trend:
        return render_to_string("components/_trend_chart.html", {"trend": None})
    words = words_of(trend)
    context = {
        "trend": trend,
        "pictures": {"hide-phone": trend_chart(trend, size), "only-phone": trend_chart(trend, "phone")},
        "text": sentence(trend),
        "words": words,
        "rows": [(point, [point.counts[word] for word in words]) for point in weeks(trend)],
        "since": trend.counted_since,
    }
    return render_to_string("components/_trend_chart.html", context)


def _in_words(trend: Trend) -> str:
    then, now = trend.points[0], trend.points[-1]
    if len(trend.points) == 1:
        return f"{number(now.issues)} active issues, counted since today"
    most = max(point.issues for point in trend.points)
    return (
        f"Active issues over {len(trend.points)} days: {number(then.issues)} on {in_short(then.day)}, "
        f"{number(now.issues)} today, {number(most)} at most"
    )
