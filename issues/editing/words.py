"""What changed of an application, in words for its activity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from issues.editing.values import Values
from issues.models import Application, ApplicationEvent, ApplicationMember

Kind = ApplicationEvent.Kind
Told = tuple[Kind, str]


def told(before: Values, after: Values, names: Mapping[int, str]) -> list[Told]:
    """A sentence for each change, with the kind of its event. ``names`` of users by key."""
    differing = [name for name in WORDS if _differs(name, before, after)]
    said = [(Kind.CHANGED, WORDS[name](before[name], after[name])) for name in differing]
    if _differs("members", before, after):
        said += [(Kind.MEMBERS, text) for text in _members(before["members"], after["members"], names)]
    return said


def _differs(name: str, before: Values, after: Values) -> bool:
    return name in after and before[name] != after[name]


def _from_to(label: str, show: Callable[[Any], str] = str) -> Callable[[Any, Any], str]:
    return lambda before, after: f"{label} {show(before)} → {show(after)}"


def environment(value: str) -> str:
    return str(Application.Environment(value).label) if value else "none"


def yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _description(before: str, after: str) -> str:
    return "Description changed" if before and after else "Description added" if after else "Description removed"


def _tags(before: Iterable[str], after: Iterable[str]) -> str:
    return _listed("Tags", set(after) - set(before), set(before) - set(after), set())


def _links(before: list[dict[str, str]], after: list[dict[str, str]]) -> str:
    old, new = ({link["label"]: link["url"] for link in links} for links in (before, after))
    changed = {label for label in old.keys() & new.keys() if old[label] != new[label]}
    return _listed("Links", new.keys() - old.keys(), old.keys() - new.keys(), changed)


def _listed(what: str, added: set[str], removed: set[str], changed: set[str]) -> str:
    """“Tags added: pci; removed: web”; just “Links changed” when only their order did."""
    groups = (("added", added), ("removed", removed), ("changed", changed))
    parts = [f"{verb}: {', '.join(sorted(words))}" for verb, words in groups if words]
    return f"{what} {'; '.join(parts) or 'changed'}"


def _members(before: Mapping[int, str], after: Mapping[int, str], names: Mapping[int, str]) -> Iterator[str]:
    for user in sorted(before.keys() | after.keys(), key=lambda key: names.get(key, "")):
        name, was, becomes = names.get(user, "somebody"), before.get(user), after.get(user)
        if was and becomes and was != becomes:
            yield f"{name}: {role(was)} → {role(becomes)}"
        elif becomes and not was:
            yield f"{role(becomes)} {name} added"
        elif was and not becomes:
            yield f"{role(was)} {name} removed"


def role(value: str) -> str:
    return str(ApplicationMember.Role(value).label)


WORDS: dict[str, Callable[[Any, Any], str]] = {
    "name": _from_to("Name"),
    "business_priority": _from_to("Business priority"),
    "environment": _from_to("Environment", environment),
    "internet_facing": _from_to("Internet-facing", yes_no),
    "sensitive_data": _from_to("Sensitive data", yes_no),
    "description": _description,
    "links": _links,
    "tags": _tags,
}
