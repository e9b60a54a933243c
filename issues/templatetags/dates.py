"""Moments in words. A table says how long ago, a sentence says when; the other is always in the title."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# A name that a template lacks arrives as an empty string; it is shown as one.
Moment = datetime | str | None

MINUTE, HOUR, DAY, YEAR = 60, 3600, 86_400, 365 * 86_400


@register.filter
def relative(moment: Moment, fade: str = "") -> SafeString | str:
    """``12 min``, ``4 h``, ``3 d``. ``{{ seen|relative:"fade" }}`` mutes what is older than a day."""
    if moment is None or isinstance(moment, str):
        return ""
    stale = fade == "fade" and timezone.now() - moment > timedelta(days=1)
    return _time(moment, span(moment), "stale" if stale else "")


@register.filter
def ago(moment: Moment) -> SafeString | str:
    """``12 min ago``, ``in 3 d``, ``just now``."""
    if moment is None or isinstance(moment, str):
        return ""
    text = span(moment)
    if text == "now":
        return _time(moment, "just now")
    return _time(moment, f"in {text}" if moment > timezone.now() else f"{text} ago")


@register.filter
def exact(moment: Moment) -> SafeString | str:
    """``09:02 today``, ``21 Nov, 16:40`` in this year, else ``21 Nov 2025, 16:40``."""
    if moment is None or isinstance(moment, str):
        return ""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return _time(moment, f"{local:%H:%M} today")
    return _time(moment, f"{_day(local)}, {local:%H:%M}")


@register.filter
def day(moment: date | str | None, year: str = "") -> SafeString | str:
    """``22 Nov``; with the year when it is another one, or always by ``{{ x|day:"year" }}``. Takes dates too."""
    if moment is None or isinstance(moment, str):
        return ""
    local = timezone.localtime(moment) if isinstance(moment, datetime) else moment
    return _time(moment, _day(local, always=year == "year"))


def span(moment: datetime) -> str:
    """The distance from now in its biggest unit, rounded down: ``now``, ``12 min``, ``4 h``, ``3 d``, ``2 y``."""
    seconds = abs((timezone.now() - moment).total_seconds())
    if seconds < MINUTE:
        return "now"
    for unit, sign, next_unit in ((MINUTE, "min", HOUR), (HOUR, "h", DAY), (DAY, "d", YEAR)):
        if seconds < next_unit:
            return f"{seconds // unit:.0f} {sign}"
    return f"{seconds // YEAR:.0f} y"


def _day(local: date, *, always: bool = False) -> str:
    short = f"{local.day} {local:%b}"
    return f"{short} {local.year}" if always or local.year != timezone.localdate().year else short


def _time(moment: date, text: str, css: str = "") -> SafeString:
    """A date carries no title; its text is exact."""
    attributes = format_html(' class="{}"', css) if css else SafeString()
    if isinstance(moment, datetime):
        local = timezone.localtime(moment)
        attributes += format_html(' title="{}"', f"{_day(local, always=True)}, {local:%H:%M} {local:%Z}".strip())
        stamp = f"{moment.astimezone(timezone.get_default_timezone()):%Y-%m-%dT%H:%M%z}"
    else:
        stamp = moment.isoformat()
    return format_html('<time datetime="{}"{}>{}</time>', stamp, attributes, text)
