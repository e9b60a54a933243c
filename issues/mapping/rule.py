"""One mapping rule as a value, and the words it is written with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from issues.models import MappingRule

KEYED = ("tag", "cloud_tag")  # fields that need a key: "tag:app"
PLAIN = (
    *("account", "site", "group", "name", "domain", "ou", "cloud_provider", "cloud_account"),
    *("os", "type", "external_id", "software"),
)
OPERATORS = ("is", "in", "glob", "exists")
MATCHES = tuple(MappingRule.Match.values)


@dataclass(frozen=True, slots=True)
class Condition:
    """``value`` is a text; a tuple of texts for ``in``; empty for ``exists``. The case of letters never matters."""

    field: str
    operator: str
    value: str | tuple[str, ...] = ""

    @property
    def values(self) -> tuple[str, ...]:
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def as_data(self) -> dict[str, Any]:
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"field": self.field, "operator": self.operator, "value": value}


@dataclass(frozen=True, slots=True)
class Rule:
    """Leads to ``application`` (a name), or to one application for each value of ``application_per``.

    Without conditions it matches every endpoint.
    """

    name: str
    match: str = "all"
    conditions: tuple[Condition, ...] = ()
    application: str = ""
    application_per: str = ""

    def as_data(self) -> dict[str, Any]:
        """The shape of the API and of the exported file."""
        target = (
            {"application_per": self.application_per} if self.application_per else {"application": self.application}
        )
        conditions = [condition.as_data() for condition in self.conditions]
        return {"name": self.name, "match": self.match, "conditions": conditions, **target}

    @classmethod
    def of_row(cls, row: MappingRule) -> Rule:
        name = row.application.name if row.application is not None else ""
        return cls(row.name, row.match, tuple(map(_condition, row.conditions)), name, row.application_per)

    @property
    def asks_software(self) -> bool:
        return any(condition.field == "software" for condition in self.conditions)


def _condition(data: dict[str, Any]) -> Condition:
    value = data.get("value", "")
    return Condition(data["field"], data["operator"], tuple(value) if isinstance(value, list) else str(value or ""))
