"""The tree as a page draws it: which branches are open, which rows match, which boxes are ticked."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from connectors.models import Resource
from connectors.picker.forest import Forest, Leaf

FIRST = 100  # rows of a branch before "Show more"
OPEN_BELOW = 300  # a tree of fewer sites shows them at once
CHILDREN = {"account": "site", "site": "group"}


@dataclass(frozen=True, slots=True)
class View:
    """What of the tree to draw."""

    q: str = ""
    only_active: bool = False
    opened: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()  # branches shown beyond their first rows

    @property
    def is_filtered(self) -> bool:
        return bool(self.q) or self.only_active

    def query(self) -> str:
        """The address of this view."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [("only", "active")] if self.only_active else []
        names = {"open": self.opened, "closed": self.closed, "whole": self.whole}
        pairs += [(name, str(one)) for name, ids in names.items() for one in sorted(ids)]
        return "?" + urlencode(pairs)

    def opening(self, one: int) -> View:
        return replace(self, opened=self.opened | {one}, closed=self.closed - {one})

    def closing(self, one: int) -> View:
        return replace(self, opened=self.opened - {one}, closed=self.closed | {one})

    def showing_all(self, one: int) -> View:
        return replace(self, whole=self.whole | {one})


@dataclass(slots=True)
class Branch:
    """One row, with the rows under it when it is open. The names are those of ``components/_tree_node.html``."""

    id: int
    kind: str
    name: str
    state: str
    endpoints: int | None
    level: int
    checked: bool
    mixed: bool
    remark: str = ""
    is_open: bool = False
    open_url: str = ""  # opens it, or closes it; empty when nothing is in it
    branch_url: str = ""  # asks for this branch alone
    children: list[Branch] = field(default_factory=list)
    left_out: int = 0  # rows under it that match and are not shown
    more_url: str = ""
    issues: None = None  # nobody counts issues by resource


class Drawing:
    """``choice`` is the draft: ids that stand for themselves and all below them."""

    def __init__(self, forest: Forest, choice: Set[int], view: View) -> None:
        self.forest, self.view = forest, view
        self.choice = choice
        self._mixed = {parent for one in choice for parent in forest.above(one)}
        self._hits = {leaf.id for leaf in forest.leaves.values() if self._is_hit(leaf)}
        self._kept = self._hits | {parent for one in self._hits for parent in forest.above(one)}
        sites = sum(leaf.kind == Resource.Kind.SITE for leaf in forest.leaves.values())
        self._open_at_first = sites < OPEN_BELOW

    @property
    def matches(self) -> int:
        return len(self._hits)

    def whole(self) -> set[int]:
        """What "Select all" means here: everything, or everything that matches."""
        found = self._hits if self.view.is_filtered else set(self.forest.roots)
        return {one for one in found if self.forest.leaves[one].state != Resource.State.DELETED}

    def tree(self) -> list[Branch]:
        return [self.branch(one, 1) for one in self._wanted(self.forest.roots)]

    def branch(self, one: int, level: int = 0) -> Branch:
        leaf = self.forest.leaves[one]
        level = level or self.forest.depth(one) + 1
        below = self._wanted(self.forest.children(one), under=one)
        checked = self.forest.covers(self.choice, one)
        made = Branch(
            leaf.id, leaf.kind, leaf.name, leaf.state, leaf.endpoints, level, checked,
            mixed=not checked and one in self._mixed, is_open=bool(below) and self._is_open(leaf),
        )  # fmt: skip
        if below:
            made.open_url = (self.view.closing(one) if made.is_open else self.view.opening(one)).query()
            made.branch_url = f"?branch={one}"
        made.remark = self._remark(leaf, made, len(below))
        if made.is_open:
            first = below if one in self.view.whole else below[:FIRST]
            made.children = [self.branch(child, level + 1) for child in first]
            made.left_out = len(below) - len(first)
            made.more_url = self.view.showing_all(one).query()
        return made

    def _is_hit(self, leaf: Leaf) -> bool:
        active = not self.view.only_active or leaf.state == Resource.State.ACTIVE
        return active and self.view.q.casefold() in leaf.name.casefold()

    def _wanted(self, ids: list[int], under: int | None = None) -> list[int]:
        """Those that match or lead to a match; everything under a match that leads no further."""
        if not self.view.is_filtered:
            return ids
        kept = [one for one in ids if one in self._kept]
        if kept or under not in self._hits or not self.view.q:
            return kept
        return [one for one in ids if not self.view.only_active or self._is_active(one)]

    def _is_active(self, one: int) -> bool:
        return self.forest.leaves[one].state == Resource.State.ACTIVE

    def _is_open(self, leaf: Leaf) -> bool:
        if leaf.id in self.view.closed:
            return False
        if leaf.id in self.view.opened:
            return True
        if self.view.q:
            return any(child in self._kept for child in self.forest.children(leaf.id))
        return leaf.kind == Resource.Kind.ACCOUNT and self._open_at_first

    def _remark(self, leaf: Leaf, made: Branch, below: int) -> str:
        if leaf.state != Resource.State.ACTIVE and made.checked:
            return "still selected, reads nothing"
        children = self.forest.children(leaf.id)
        if not children:
            return ""
        noun = CHILDREN.get(leaf.kind, "resource")
        whole = f"{len(children):,} {noun}{'' if len(children) == 1 else 's'}"
        if made.mixed:
            chosen = sum(1 for child in children if child in self.choice or child in self._mixed)
            return f"{chosen:,} of {whole}"
        return f"{whole}, {below:,} shown" if below != len(children) else whole
