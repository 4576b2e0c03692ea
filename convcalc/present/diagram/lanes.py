"""Where boxes stand that lines lead between: columns from left to right, lanes from top to bottom.

A box stands one column behind the last box it comes from. One of the boxes that come from another
goes on in its lane; the others, and lines that pass boxes by, take lanes below it.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

Sources = Sequence[tuple[int, ...]]


class Wire(NamedTuple):
    """A line from a box to another, and the lane in which it passes the columns between them."""

    source: int
    target: int
    lane: int


class Grid(NamedTuple):
    """The column and the lane of each box, and the lines."""

    columns: list[int]
    lanes: list[int]
    wires: list[Wire]
    passing: bool
    """Whether a line without a box on it passes boxes by."""


def arrange(sources: Sources) -> Grid:
    """Return where boxes stand, given the boxes that each comes from, all of them before it.

    >>> arrange([(), (0,), (1,), (2, 0)])[:2]
    ([0, 1, 2, 3], [0, 0, 0, 0])
    """
    columns = _columns(sources)
    heirs, before = _heirs(sources)
    ends = _ends(sources, columns, heirs, before)
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    lanes: list[int] = []
    wires: list[Wire] = []
    passing = False
    for box, several in enumerate(sources):
        own = before.get(box)
        if own is not None:
            lanes.append(lanes[own])
        elif not several:
            lanes.append(_take(taken, 0, columns[box], ends[box]))
        else:
            first = several[0]
            lanes.append(_take(taken, lanes[first] + 1, columns[first] + 1, ends[box]))
        kept = own if own is not None or not several else several[0]
        for source in several:
            if source == kept:
                wires.append(Wire(source, box, lanes[box]))
                kept = None
            elif source not in heirs:
                wires.append(Wire(source, box, lanes[source]))
            else:
                between = columns[source] + 1, columns[box] - 1
                if between[0] > between[1]:
                    wires.append(Wire(source, box, lanes[source]))
                    continue
                wires.append(Wire(source, box, _take(taken, lanes[source] + 1, *between)))
                passing = True
    return Grid(columns, lanes, wires, passing)


def _columns(sources: Sources) -> list[int]:
    """Return each box's column; a box that comes from another twice leaves a column between."""
    columns: list[int] = []
    for several in sources:
        times = Counter(several)
        columns.append(max((columns[box] + min(n, 2) for box, n in times.items()), default=0))
    return columns


def _heirs(sources: Sources) -> tuple[dict[int, int], dict[int, int]]:
    """Return by box the one that goes on in its lane, and the same the other way round."""
    heirs: dict[int, int] = {}
    before: dict[int, int] = {}
    for box, several in enumerate(sources):
        for source in several:
            if source not in heirs:
                heirs[source], before[box] = box, source
                break
    return heirs, before


def _ends(
    sources: Sources, columns: Sequence[int], heirs: dict[int, int], before: dict[int, int]
) -> list[int]:
    """Return the last column in which the lane of each box is taken by it and those behind it."""
    ends = list(columns)
    for box, several in enumerate(sources):
        for source in several:
            if source not in heirs:
                ends[source] = max(ends[source], columns[box] - 1)
    for box in range(len(ends) - 1, -1, -1):
        if box in heirs:
            ends[box] = ends[heirs[box]]
    return ends


def _take(taken: dict[int, list[tuple[int, int]]], lane: int, first: int, last: int) -> int:
    """Take some columns in the first lane from one on in which they are free; return the lane."""
    while any(start <= last and first <= end for start, end in taken[lane]):
        lane += 1
    taken[lane].append((first, last))
    return lane
