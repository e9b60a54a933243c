"""Links that keep the rest of the address: other filters, the sort, the search."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template import RequestContext

register = template.Library()

PLACE = "cursor"  # where in a list; any change of filter or order goes back to its beginning


@register.simple_tag(takes_context=True)
def query(context: RequestContext, **changes: Any) -> str:
    """``{% query sort="-score" q=None %}``: this page's query with keys set (to a list, too) or, by None, removed."""
    return "?" + _changed(_current(context), changes).urlencode()


@register.simple_tag(takes_context=True)
def query_toggle(context: RequestContext, name: str, value: Any) -> str:
    """``{% query_toggle "severity" "high" %}``: with the value added, or taken out when it is there."""
    here = _current(context)
    values = here.getlist(name)
    text = str(value)
    changed = [each for each in values if each != text] if text in values else [*values, text]
    return "?" + _changed(here, {name: changed or None}).urlencode()


@register.simple_tag(takes_context=True)
def sort_query(context: RequestContext, column: str, first: str = "", name: str = "sort") -> str:
    """Sorts by the column, or the other way round when it does already. ``first="-"`` begins with descending."""
    current = _current(context).get(name, "")
    begin, turned = f"{first}{column}", column if first else f"-{column}"
    return query(context, **{name: turned if current == begin else begin})


@register.simple_tag(takes_context=True)
def hidden_query(context: RequestContext, *without: str) -> list[tuple[str, str]]:
    """``{% hidden_query "q" as kept %}``: pairs for the hidden fields of a form that must not lose the rest."""
    here = _changed(_current(context), dict.fromkeys(without))
    return [(name, value) for name, values in here.lists() for value in values]


def _current(context: RequestContext) -> QueryDict:
    request: HttpRequest | None = context.get("request")
    return request.GET if request else QueryDict()


def _changed(here: QueryDict, changes: dict[str, Any]) -> QueryDict:
    changed = here.copy()
    for name, value in {PLACE: None, **changes}.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed.setlist(name, [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)])
    return changed
