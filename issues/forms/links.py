"""The links of an application as rows of a form: a label and an address each; an emptied row is gone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from issues.editing.values import MOST_LINKS, clean_link
from issues.models import Application

SPARE = 2  # empty rows below those in use


@dataclass(slots=True)
class LinkRow:
    """As somebody typed it; ``problem`` is a sentence."""

    label: str = ""
    url: str = ""
    problem: str = ""


class LinkRows:
    """``data`` is what was posted, ``link_label`` and ``link_url`` once a row; None to show what is stored."""

    def __init__(self, application: Application | None, data: QueryDict | None, *, more: bool = False) -> None:
        if data is None:
            self.filled = [LinkRow(link["label"], link["url"]) for link in (application.links if application else ())]
        else:
            pairs = zip(data.getlist("link_label"), data.getlist("link_url"), strict=False)
            self.filled = [LinkRow(label, url) for label, url in pairs if label.strip() or url.strip()]
        self._spare = SPARE * (2 if more else 1)

    @property
    def rows(self) -> list[LinkRow]:
        return [*self.filled, *(LinkRow() for _ in range(self._spare))]

    @cached_property
    def links(self) -> list[dict[str, str]]:
        """Of rows without a problem."""
        links: list[dict[str, str]] = []
        for row in self.filled:
            try:
                links.append(clean_link({"label": row.label, "url": row.url}))
            except ValueError as error:
                row.problem = str(error)
            else:
                row.problem = f"At most {MOST_LINKS} links fit." if len(links) > MOST_LINKS else ""
        return links

    @property
    def is_valid(self) -> bool:
        return len(self.links) == len(self.filled) <= MOST_LINKS
