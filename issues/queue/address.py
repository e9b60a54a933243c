"""The page's address: every filter is in it, so that a view can be kept, sent and gone back to."""

from __future__ import annotations

from django.http import QueryDict

PLACE = "cursor"  # where in the list; any change of filter or order goes back to its beginning


class Address:
    """Querystrings of neighbouring views, each beginning with ``?``."""

    def __init__(self, query: QueryDict) -> None:
        self._query = query.copy()
        self._query.pop(PLACE, None)

    def with_only(self, **values: str) -> str:
        """With each of these set to one value."""
        query = self._query.copy()
        for name, value in values.items():
            query[name] = value
        return _text(query)

    def toggled(self, name: str, value: str) -> str:
        """With the value added, or taken out when it is there."""
        values = self._query.getlist(name)
        kept = [given for given in values if given.casefold() != value.casefold()]
        return self._replaced(name, kept if len(kept) < len(values) else [*values, value])

    def without(self, name: str, value: str | None = None) -> str:
        """Without one value of a filter, or without the whole filter."""
        values = [] if value is None else self._query.getlist(name)
        return self._replaced(name, [given for given in values if given != value])

    def _replaced(self, name: str, values: list[str]) -> str:
        query = self._query.copy()
        query.setlist(name, values)
        return _text(query)


def _text(query: QueryDict) -> str:
    return f"?{query.urlencode()}"


def without_blanks(query: QueryDict) -> str:
    """The part of an address that is worth keeping: a form sends its empty fields too. Empty when nothing is left."""
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        kept.setlist(name, [value for value in values if value])
    return _text(kept) if kept.urlencode() else ""
