"""Numbers as people write them: 6,412 · 62 % · 8.1 · −1.6 with a true minus · 4 min 51 s."""

from __future__ import annotations

from datetime import timedelta

from django import template

register = template.Library()

# A name that a template lacks arrives as an empty string; it is shown as one.
Number = float | str | None

MINUS = "\N{MINUS SIGN}"
UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@register.filter
def number(value: Number) -> str:
    """``6,412``; a float keeps one decimal."""
    if value is None or isinstance(value, str):
        return ""
    text = f"{abs(value):,.1f}" if isinstance(value, float) else f"{abs(value):,}"
    return f"{MINUS}{text}" if value < 0 else text


@register.filter
def percent(share: Number, digits: int | None = None) -> str:
    """A share from 0 to 1: ``62 %``, ``1.9 %``, ``0.04 %``; as many decimals as it needs, or ``digits``."""
    if share is None or isinstance(share, str):
        return ""
    value = share * 100
    if digits is not None:
        return f"{value:.{digits}f} %"
    if 0 < value < 0.01:
        return "< 0.01 %"
    decimals = 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2
    text = f"{value:.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


@register.filter
def percent_of(part: Number, whole: Number) -> str:
    """``{{ read|percent_of:expected }}``; empty when there is nothing to compare with. Never says 100 % too early."""
    if part is None or isinstance(part, str) or isinstance(whole, str) or not whole:
        return ""
    share = part / whole
    return percent(min(share, 1.0) if part >= whole else min(share, 0.99), 0)


@register.filter
def signed(value: Number) -> str:
    """``+0.3``, ``−1.6``, ``−27``: whole numbers stay whole, others have one decimal."""
    if value is None or isinstance(value, str):
        return ""
    sign = MINUS if value < 0 else "+" if value > 0 else ""
    return f"{sign}{number(abs(value))}"


@register.filter
def duration(value: timedelta | Number) -> str:
    """Seconds or a timedelta in its two biggest units: ``0.2 s``, ``38 s``, ``4 min 51 s``, ``3 d 4 h``."""
    if value is None or isinstance(value, str):
        return ""
    seconds = value.total_seconds() if isinstance(value, timedelta) else float(value)
    if seconds < 10:
        return f"{seconds:.1f} s"
    rest = round(seconds)
    parts: list[str] = []
    for size, sign in UNITS:
        amount, rest = divmod(rest, size)
        if amount or parts:
            parts.append(f"{amount} {sign}" if amount else "")
    return " ".join(part for part in parts[:2] if part)
