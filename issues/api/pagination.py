"""Lists of the API: pages by position, with a true count and whole addresses to go on with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from issues.queue.keyset import BadCursor, Page, page_of
from issues.queue.ordering import Sort

SIZE, LARGEST = 50, 500
CURSOR, PAGE_SIZE = "cursor", "page_size"


class KeysetPagination(BasePagination):
    """The view says how it sorts: ``sort_columns``, NOT NULL and ending in a unique one, and ``descending``.

    A view may take over with ``page_of(queryset, size, cursor)`` and ``count_of(queryset)``.
    """

    page: Page[Any]
    count: int

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self.request = request
        size, cursor = _size(request), request.query_params.get(CURSOR, "")
        try:
            self.page = _page(queryset, size, cursor, view)
        except BadCursor as error:
            raise ValidationError({CURSOR: [str(error)]}) from None
        count_of: Callable[[Any], int] | None = getattr(view, "count_of", None)
        self.count = count_of(queryset) if count_of else queryset.count()
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        links = {"next": self._link(self.page.next), "previous": self._link(self.page.previous)}
        return Response({"count": self.count, **links, "results": data})

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self.request.build_absolute_uri(), CURSOR, cursor) if cursor else None

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {"count": {"type": "integer"}, "next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        place = "Where a page begins. Follow `next` and `previous` instead of making one."
        size = f"Rows of a page; more than {LARGEST} are not given."
        return [
            {"name": CURSOR, "in": "query", "required": False, "description": place, "schema": {"type": "string"}},
            {
                "name": PAGE_SIZE, "in": "query", "required": False, "description": size,
                "schema": {"type": "integer", "minimum": 1, "default": SIZE},
            },
        ]  # fmt: skip


def _size(request: Request) -> int:
    text = request.query_params.get(PAGE_SIZE, str(SIZE))
    if not (text.isascii() and text.isdigit() and int(text[:10]) > 0):
        raise ValidationError({PAGE_SIZE: [f"Enter a number from 1 to {LARGEST}."]})
    return min(int(text[:10]), LARGEST)


def _page(queryset: QuerySet[Any], size: int, cursor: str, view: APIView | None) -> Page[Any]:
    own: Callable[[QuerySet[Any], int, str], Page[Any]] | None = getattr(view, "page_of", None)
    if own is not None:
        return own(queryset, size, cursor)
    columns: tuple[str, ...] = getattr(view, "sort_columns", ("id",))
    sort = Sort(columns[0], columns, descending=getattr(view, "descending", False))
    return page_of(queryset, sort, size, cursor)
