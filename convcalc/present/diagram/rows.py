"""Columns in rows: for a size of letters, how wide and how high they are, and if they fit a slide.

Columns follow each other in rows, as words do. A row ends where one line only leads on, rather
between groups than within them; where that cannot be, anywhere.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from convcalc.present.diagram.boxes import Box
from convcalc.present.diagram.lanes import Grid, Wire
from convcalc.present.diagram.lengths import broken, height, length

STEP = 6
"""Pixels between lines that run beside each other."""

Ending = int
TIDY, ONE_LINE, ANYWHERE = 0, 1, 2
"""Where a row may end: between groups if there is one, else where one line leads on; there only
for want of room; anywhere."""

MOST_ROOM = 300
"""Pixels of the highest box."""

ABOVE = 63
"""The hundredths of its room that a box as wide as high takes above its front's middle."""

MIDDLE = -1
"""Instead of a lane: the middle of a row, for boxes with nothing above and below them."""


class Row(NamedTuple):
    """Some columns: how high they are, and by lane where its axis is and how high its boxes are."""

    first: int
    last: int
    high: int
    axes: dict[int, int]
    rooms: dict[int, int]


class Fitted(NamedTuple):
    """First and last column of each row, how high boxes may be, and how much wider columns are."""

    parts: list[tuple[int, int]]
    room: int
    extra: int


class Trial:
    """Boxes on a slide with letters of one size."""

    def __init__(
        self, boxes: Sequence[Box], grid: Grid, size: int, brief: bool, room: tuple[int, int]
    ) -> None:
        self.boxes, self.grid, self.size = boxes, grid, size
        self.wide, self.high = room
        self.labels = [_label(box, brief) for box in boxes]
        self.columns: list[list[int]] = [[] for _ in range(max(grid.columns) + 1)]
        for box, column in enumerate(grid.columns):
            self.columns[column].append(box)
        self.passing: list[set[int]] = [set() for _ in self.columns]
        for wire in grid.wires:
            for column in range(grid.columns[wire.source] + 1, grid.columns[wire.target]):
                self.passing[column].add(wire.lane)
        self.carried: list[dict[int, int]] = [{} for _ in self.columns]
        for wire in grid.wires:
            start = grid.columns[wire.source]
            self.carried[start][grid.lanes[wire.source]] = self.key(wire.source)
            for column in range(start + 1, grid.columns[wire.target]):
                self.carried[column][wire.lane] = wire.lane
        self.leaving, self.arriving = self._slots()

    def key(self, box: int) -> int:
        """Return the lane on whose axis a box is."""
        column = self.grid.columns[box]
        alone = len(self.columns[column]) == 1 and not self.passing[column]
        return MIDDLE if alone and not self.grid.passing else self.grid.lanes[box]

    def turns(self, wire: Wire) -> tuple[bool, bool]:
        """Return whether a line changes its lane behind its source, and before its target."""
        start, end = self.key(wire.source), self.key(wire.target)
        if self.grid.columns[wire.target] > self.grid.columns[wire.source] + 1:
            return start != wire.lane, end != wire.lane
        joins = len(self.boxes[wire.target].sources) > 1
        return start != end and not joins, start != end and joins

    def _slots(self) -> tuple[list[dict[int, int]], list[dict[int, int]]]:
        """Return for each gap, by box, which of the lines up and down in it is the box's."""
        leaving: list[dict[int, int]] = [{} for _ in self.columns]
        arriving: list[dict[int, int]] = [{} for _ in self.columns]
        for wire in self.grid.wires:
            behind, before = self.turns(wire)
            if behind:
                slots = leaving[self.grid.columns[wire.source]]
                slots.setdefault(wire.source, len(slots))
            if before:
                slots = arriving[self.grid.columns[wire.target] - 1]
                slots.setdefault(wire.target, len(slots))
        return leaving, arriving

    # --- across

    def gap(self, column: int) -> int:
        """Return how wide it is between a column and the next."""
        lines = len(self.leaving[column]) + len(self.arriving[column])
        return 3 * self.size // 2 + STEP * lines

    @cached_property
    def widths(self) -> list[int]:
        """How wide each column has to be."""
        return [max([self.size, *(self._width(box) for box in column)]) for column in self.columns]

    @cached_property
    def _sums(self) -> tuple[list[int], list[int]]:
        """Over the columns before each: how wide they are with the gaps behind, and how many."""
        wide = [self.widths[column] + self.gap(column) for column in range(len(self.columns))]
        return [0, *accumulate(wide)], [0, *accumulate(bool(column) for column in self.columns)]

    def _width(self, box: int) -> int:
        lines = [length(line, self.size) for line in self.labels[box]]
        return max(lines) + self.size // 2

    def across(self, first: int, last: int, extra: int = 0) -> int:
        """Return how wide a row of columns is, with what comes into it and goes out of it."""
        wide, filled = (after[last + 1] - after[first] for after in self._sums)
        wide += extra * filled - self.gap(last)
        if first:
            wide += self.gap(first - 1) + STEP * len(self.carried[first - 1])
        if last < len(self.columns) - 1:
            wide += STEP * (1 + len(self.carried[last]))
        return wide

    def parted(self, most: int, ending: Ending) -> list[tuple[int, int]] | None:
        """Return the columns in rows of at most a width; None where that cannot be."""
        rows, first, end, tidy = [], 0, -1, -1
        for column in range(len(self.columns)):
            if self.across(first, column) > most:
                if tidy >= first and 2 * self.across(first, tidy) > most:
                    end = tidy
                if end < first:
                    return None
                rows.append((first, end))
                first = end + 1
                if self.across(first, column) > most:
                    return None
            if column == len(self.columns) - 1:
                break
            if ending == ANYWHERE or len(self.carried[column]) == 1:
                end = column
                if ending == TIDY and self._between_groups(column):
                    tidy = column
        return [*rows, (first, len(self.columns) - 1)]

    def _between_groups(self, column: int) -> bool:
        here, behind = (
            {self.boxes[box].group for box in boxes} for boxes in self.columns[column : column + 2]
        )
        return here != behind or here == {""}

    # --- down

    def row(self, first: int, last: int, room: int) -> Row:
        """Return how high some columns are whose boxes are at most so high."""
        labels: dict[int, int] = {}
        lanes = set(self.carried[first - 1].values()) if first else set()
        for column in range(first, last + 1):
            lanes |= self.passing[column]
            for box in self.columns[column]:
                lines = len(self.labels[box]) * height(self.size) + self.size // 3
                labels[self.key(box)] = max(labels.get(self.key(box), 0), lines)
        top, axes = 0, {}
        for lane in sorted((lanes | set(labels)) - {MIDDLE}):
            axes[lane] = top + (room * ABOVE // 100 if lane in labels else self.size // 2)
            top += room + labels[lane] if lane in labels else self.size
        rooms = dict.fromkeys(labels, room)
        if MIDDLE not in labels and MIDDLE not in lanes:
            return Row(first, last, top, axes, rooms)
        ordered = [*axes.values()] or [0]
        middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) // 2
        above = max(middle, room * ABOVE // 100)
        below = max(top - middle, room - room * ABOVE // 100 + labels.get(MIDDLE, 0))
        axes = {lane: axis + above - middle for lane, axis in axes.items()} | {MIDDLE: above}
        free = below - labels.get(MIDDLE, 0)
        rooms[MIDDLE] = min(above * 100 // ABOVE, free * 100 // (100 - ABOVE), MOST_ROOM)
        return Row(first, last, above + below, axes, rooms)

    @cached_property
    def heading(self) -> int:
        """How high the names of groups are."""
        return 3 * self.size // 2 if any(box.group for box in self.boxes) else 0

    def below(self, row: tuple[int, int]) -> int:
        """Return how much room the lines back to the left take below a row."""
        lines = len(self.carried[row[1]])
        return 3 * self.size // 4 + STEP * lines if lines else 0

    def down(self, parts: list[tuple[int, int]], room: int) -> int:
        """Return how high all rows are."""
        return sum(self.heading + self.row(*part, room).high + self.below(part) for part in parts)

    # --- both

    def fitted(self, ending: Ending, halves: int) -> Fitted | None:
        """Return how the slide is filled, or None where it is too small.

        A box is at least so many halves of a letter high.
        """
        least = halves * self.size // 2
        parts = self.parted(self.wide, ending)
        if parts is None or self.down(parts, least) > self.high:
            return None
        parts = self._balanced(parts, ending)
        if self.down(parts, least) > self.high:
            return None

        def is_high(room: int) -> bool:
            return self.down(parts, room) <= self.high

        def is_wide(extra: int) -> bool:
            return all(self.across(*part, extra) <= self.wide for part in parts)

        room = largest(least, max(least, MOST_ROOM), is_high)
        return Fitted(parts, room, largest(0, 8 * self.size, is_wide))

    def _balanced(self, parts: list[tuple[int, int]], ending: Ending) -> list[tuple[int, int]]:
        """Return as many rows, the widest of them as narrow as can be."""

        def is_enough(less: int) -> bool:
            found = self.parted(self.wide - less, ending)
            return found is not None and len(found) == len(parts)

        return self.parted(self.wide - largest(0, self.wide, is_enough), ending) or parts


def _label(box: Box, brief: bool) -> list[str]:
    """Return the lines below a box: what comes out, the layer, and what follows in place."""
    sizes = () if box.adds else (str(box.volume),)
    words = box.brief if brief else box.words
    told = [sizes, *([(one,) for one in words] if box.folded else [words])]
    told += [(one,) for one in box.followers]
    return [line for parts in told for line in broken(parts)]


def largest(least: int, most: int, holds: Callable[[int], bool]) -> int:
    """Return the largest number for which something holds that holds for the least."""
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if holds(middle) else (least, middle - 1)
    return least
