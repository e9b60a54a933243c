"""Trends as pictures from the server: a small line for lists, and a chart stacked by severity for pages."""

from __future__ import annotations

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from issues.queue.sparks import Spark
from issues.queue.trend_chart import in_short, sentence, trend_chart, weeks, words_of
from issues.queue.trends import Trend
from issues.templatetags.numbers import number

register = template.Library()

WIDTH, HEIGHT, EDGE = 88, 24, 3  # units of the small line; the edge keeps its last point inside
STEP = 3  # days: thirty points are enough for so small a picture
FLOOR, ROOM = HEIGHT - EDGE, HEIGHT - 2 * EDGE
DRAWN = (
    f'<svg class="spark" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="%s">'
    f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{FLOOR}" y2="{FLOOR}"/><polyline points="%s"/>'
    '<circle cx="%s" cy="%s" r="2"/></svg>'
)


@register.simple_tag
def sparkline(spark: Spark | str | None) -> SafeString:
    """``{% sparkline row.trend %}``: active issues over 90 days, from zero; a quiet dash when nothing is known."""
    if not isinstance(spark, Spark):
        return SafeString('<span class="muted">none yet</span>')
    values = spark.issues[::-STEP][::-1]  # the last one always
    values = values if len(values) > 1 else values * 2
    unit = ROOM / (max(values) or 1)
    places = [f"{x},{FLOOR - unit * value:.3g}" for x, value in zip(_across(len(values)), values, strict=True)]
    last_x, _, last_y = places[-1].partition(",")
    # Numbers and our own words alone: nothing to escape, fifty times on a page.
    return SafeString(DRAWN % (_in_words(spark), " ".join(places), last_x, last_y))


@lru_cache
def _across(number: int) -> list[str]:
    """So many places at equal distances."""
    return [f"{EDGE + (WIDTH - 2 * EDGE) * n / (number - 1):.3g}" for n in range(number)]


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


def _in_words(spark: Spark) -> str:
    now, days = spark.issues[-1], len(spark.issues)
    if days == 1:
        return f"{number(now)} active issues, counted since today"
    return (
        f"Active issues over {days} days: {number(spark.issues[0])} on {in_short(spark.since)}, "
        f"{number(now)} today, {number(max(spark.issues))} at most"
    )
