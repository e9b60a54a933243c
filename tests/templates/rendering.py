"""Small pieces of template, as a page would write them."""

from __future__ import annotations

from typing import Any

from django.template import Context, Template
from django.test import RequestFactory


def shown(source: str, address: str = "/", **context: Any) -> str:
    """``shown("{{ x|number }}", x=6412)``; ``address`` is where the page is."""
    context.setdefault("request", RequestFactory().get(address))
    return Template("{% load sightline %}" + source).render(Context(context)).strip()
