"""All resources of a connection in memory: one query, whatever is asked of the tree afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from connectors.models import Connection


class Leaf(NamedTuple):
    id: int
    parent_id: int | None
    kind: str
    name: str
    state: str
    endpoints: int | None
    selected: bool


class Forest:
    """A set of ids is a choice: each id stands for itself and all below it."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self.leaves = {leaf.id: leaf for leaf in leaves}
        self._children: dict[int | None, list[int]] = defaultdict(list)
        for leaf in self.leaves.values():
            above = leaf.parent_id if leaf.parent_id in self.leaves else None
            self._children[above].append(leaf.id)

    @classmethod
    def of(cls, connection: Connection) -> Forest:
        return cls(map(Leaf._make, connection.resources.order_by("name", "pk").values_list(*Leaf._fields)))

    @property
    def roots(self) -> list[int]:
        return self.children(None)

    @property
    def stored(self) -> set[int]:
        """The choice as it is kept now."""
        return {leaf.id for leaf in self.leaves.values() if leaf.selected}

    def children(self, leaf_id: int | None) -> list[int]:
        return self._children.get(leaf_id, [])

    def above(self, leaf_id: int) -> Iterator[int]:
        """Its parents, the nearest first."""
        parent = self.leaves[leaf_id].parent_id
        while parent is not None and parent in self.leaves:
            yield parent
            parent = self.leaves[parent].parent_id

    def below(self, leaf_id: int) -> Iterator[int]:
        for child in self.children(leaf_id):
            yield child
            yield from self.below(child)

    def covers(self, choice: Set[int], leaf_id: int) -> bool:
        return leaf_id in choice or any(parent in choice for parent in self.above(leaf_id))

    def widest(self, choice: Set[int]) -> set[int]:
        """The same choice without those that a chosen parent covers already."""
        return {one for one in choice if not any(parent in choice for parent in self.above(one))}

    def depth(self, leaf_id: int) -> int:
        return sum(1 for _ in self.above(leaf_id))
