"""One change for many applications, worked out for each from what it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from issues.editing.values import Values, clean_tags
from issues.models import Application, ApplicationMember


@dataclass(frozen=True, slots=True)
class Bulk:
    """``values`` are set; tags and owners (keys of users) are added to what is there, or taken from it."""

    values: Values = field(default_factory=dict)
    add_tags: Collection[str] = ()
    remove_tags: Collection[str] = ()
    add_owners: Collection[int] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.values or self.add_tags or self.remove_tags or self.add_owners)

    def wanted(self, application: Application, now: Values) -> Values:
        """What “Unassigned” can't be is left out for it."""
        wanted = {name: value for name, value in self.values.items() if name not in application.locked}
        if self.add_tags or self.remove_tags:
            wanted["tags"] = clean_tags({*now["tags"], *self.add_tags} - {*self.remove_tags})
        if self.add_owners:
            wanted["members"] = now["members"] | dict.fromkeys(self.add_owners, ApplicationMember.Role.OWNER.value)
        return wanted
