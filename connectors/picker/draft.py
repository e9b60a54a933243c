"""What a person chose, from a page that showed a part of the tree.

Only what was shown is replaced: choices in closed branches, behind a search or beyond the first rows
stay. A branch stands for all that is in it, also later; when something is taken out of a chosen
branch, the branch is let go and what remains of it stays chosen one by one.
"""

from __future__ import annotations

from collections.abc import Set

from connectors.picker.forest import Forest


def redraft(forest: Forest, base: Set[int], shown: Set[int], ticked: Set[int], *, filtered: bool) -> set[int]:
    """The choice after a page with the boxes ``shown`` came back with the boxes ``ticked``.

    ``base`` is the choice that the page was drawn from. Ids that are in no tree stay in the answer, so
    that whoever stores it can refuse them.
    """
    choice = forest.widest(base & forest.leaves.keys())
    seen = shown & forest.leaves.keys()
    was = {one for one in seen if forest.covers(choice, one)}
    _release(forest, choice, seen, was & ticked, was - ticked, filtered=filtered)
    choice |= ticked & seen - was
    return forest.widest(choice) | (ticked - forest.leaves.keys())


def _release(
    forest: Forest, choice: set[int], seen: Set[int], kept: Set[int], taken: Set[int], *, filtered: bool
) -> None:
    """Take ``taken`` out of ``choice``, letting go of the branches around them."""
    around = {parent for one in taken for parent in forest.above(one) if forest.covers(choice, parent)}
    for one in sorted(taken | around, key=forest.depth):
        if one not in choice:
            continue
        choice.discard(one)
        children = forest.children(one)
        keep_unseen = _keeps_unseen(children, seen, kept, one in kept, filtered=filtered)
        for child in children:
            if child in kept or child in around or child in taken or (child not in seen and keep_unseen):
                choice.add(child)


def _keeps_unseen(children: list[int], seen: Set[int], kept: Set[int], is_kept: bool, *, filtered: bool) -> bool:
    """Whether what the page did not show of a branch that is let go stays chosen.

    A branch whose box was emptied together with all its children is meant as a whole, unless a search
    showed only a part of it.
    """
    return any(child in seen for child in children) and (filtered or is_kept or any(c in kept for c in children))
