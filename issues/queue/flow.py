"""Where endpoints would move, as a picture: bands from applications at the left to applications at the right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, BAR, LABEL = 760, 8, 236  # units of the drawing; a label is at most LABEL wide
MOST = 7  # applications at a side; the rest is one
TALL = 200  # what all endpoints together are high
GAP, LEAST = 16, 4  # between two, and the height of the smallest
LONGEST = 30  # letters of a name


@dataclass(frozen=True, slots=True)
class Node:
    """``key`` is empty for the rest."""

    key: str
    label: str
    number: int
    y: float
    height: float

    @property
    def middle(self) -> float:
        return round(self.y + self.height / 2 + 4, 1)


@dataclass(frozen=True, slots=True)
class Flow:
    sources: list[Node]
    targets: list[Node]
    bands: list[str]  # paths
    height: float
    width: int = WIDTH
    bar: int = BAR
    left: int = LABEL + 8
    right: int = WIDTH - LABEL - 8 - BAR

    @property
    def after_left(self) -> int:
        return self.left - 8

    @property
    def after_right(self) -> int:
        return self.right + self.bar + 8


def flow_of(moves: Iterable[tuple[str, str, int]]) -> Flow | None:
    """From (source, target, endpoints); None when nothing moves."""
    listed = [move for move in moves if move[2]]
    if not listed:
        return None
    out, into = Counter[str](), Counter[str]()
    for source, target, number in listed:
        out[source] += number
        into[target] += number
    scale = TALL / sum(out.values())
    sources, targets = _nodes(out, scale), _nodes(into, scale)
    height = max(side[-1].y + side[-1].height for side in (sources, targets)) + 4
    return Flow(sources, targets, _bands(listed, sources, targets), round(height, 1))


def _nodes(sums: Counter[str], scale: float) -> list[Node]:
    """The biggest first, one under the other."""
    ordered = sums.most_common()
    shown, rest = (ordered, []) if len(ordered) <= MOST + 1 else (ordered[:MOST], ordered[MOST:])
    columns = [(name, _short(name), number) for name, number in shown]
    if rest:
        columns.append(("", f"{len(rest):,} others", sum(number for _, number in rest)))
    nodes: list[Node] = []
    y = 4.0
    for key, label, number in columns:
        tall = max(number * scale, LEAST)
        nodes.append(Node(key, label, number, round(y, 1), round(tall, 1)))
        y += max(tall, 4) + GAP
    return nodes


def _bands(moves: list[tuple[str, str, int]], sources: list[Node], targets: list[Node]) -> list[str]:
    """One path for each pair of nodes; both ends share their node in the order of the other side."""
    summed: Counter[tuple[int, int]] = Counter()
    at = [{node.key: place for place, node in enumerate(side)} for side in (sources, targets)]
    for source, target, number in moves:
        pair = at[0].get(source, len(sources) - 1), at[1].get(target, len(targets) - 1)
        summed[pair] += number
    left, right = _ends(summed, sources, 0), _ends(summed, targets, 1)
    return [_band(left[pair], right[pair]) for pair in summed]


def _ends(summed: Counter[tuple[int, int]], nodes: list[Node], side: int) -> dict[tuple[int, int], tuple[float, float]]:
    """Where each band begins and ends on the bars of one side."""
    ends = {}
    used: Counter[int] = Counter()
    for pair in sorted(summed, key=lambda pair: (pair[side], pair[1 - side])):
        node, number = nodes[pair[side]], summed[pair]
        scale = node.height / node.number
        top = node.y + scale * used[pair[side]]
        ends[pair] = top, top + scale * number
        used[pair[side]] += number
    return ends


def _band(left: tuple[float, float], right: tuple[float, float]) -> str:
    """A curve from the left bar to the right one and back along its lower edge."""
    x0, x1 = LABEL + 8 + BAR, WIDTH - LABEL - 8 - BAR
    mid = (x0 + x1) // 2
    (top, bottom), (upper, lower) = left, right
    return (
        f"M{x0} {top:.1f}C{mid} {top:.1f} {mid} {upper:.1f} {x1} {upper:.1f}V{lower:.1f}"
        f"C{mid} {lower:.1f} {mid} {bottom:.1f} {x0} {bottom:.1f}Z"
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
