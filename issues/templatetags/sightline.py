"""``{% load sightline %}``: all tags and filters of the pages at once. Each noun has its own file beside this one."""

from __future__ import annotations

from django import template

from issues.templatetags import (
    addresses,
    blocks,
    dates,
    fields,
    fixes,
    icons,
    marks,
    numbers,
    severities,
    theme,
    trends,
)

register = template.Library()

for part in (addresses, blocks, dates, fields, fixes, icons, marks, numbers, severities, theme, trends):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
