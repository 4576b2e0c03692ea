"""Where everything stands: columns in their rows, boxes on their axes, lines from box to box."""

from collections.abc import Iterator, Sequence
from math import isqrt

from convcalc.present.diagram.lanes import Wire
from convcalc.present.diagram.lengths import Scale, height
from convcalc.present.diagram.rows import ABOVE, MOST_ROOM, STEP, Fitted, Trial, largest
from convcalc.present.diagram.shapes import Layout, Point, Solid, Span, Text

ASLANT = 354
"""The thousandths of its length that a side at half length and 45 degrees goes across, and up."""

FLATTER = 2
"""A side of depth is at most one in so many of a side of height with as many cells."""


class Placement:
    """Rows of a trial, given how high boxes may be and by how much columns are widened."""

    def __init__(self, trial: Trial, fitted: Fitted) -> None:
        parts, room, extra = fitted
        self.trial = trial
        self.rows = [trial.row(*part, room) for part in parts]
        self.row_of = {
            column: number
            for number, (first, last) in enumerate(parts)
            for column in range(first, last + 1)
        }
        self.tops, top = [], 0
        for row, part in zip(self.rows, parts, strict=True):
            self.tops.append(top + trial.heading)
            top += trial.heading + row.high + trial.below(part)
        self.high = top
        self.left: dict[int, int] = {}
        self.gaps: dict[int, int] = {}
        self.ends: list[int] = []
        self.widths = [
            wide + (extra if column else 0)
            for wide, column in zip(trial.widths, trial.columns, strict=True)
        ]
        for first, last in parts:
            x = 0
            if first:
                x += STEP * len(trial.carried[first - 1])
            for column in range(first, last + 1):
                if column:
                    self.gaps[column - 1] = x
                    x += trial.gap(column - 1)
                self.left[column] = x
                x += self.widths[column]
            self.ends.append(x)

    def layout(self) -> Layout:
        """Return where everything is."""
        upright, deep = self._scales()
        solids = [self._solid(box, upright, deep) for box in range(len(self.trial.boxes))]
        lines: list[tuple[Point, ...]] = []
        arrows: list[Point] = []
        for wire in self.trial.grid.wires:
            lines.append(self._line(wire, solids))
            target = solids[wire.target]
            arrows.append((target.x, target.axis))
        return Layout(
            self.trial.size,
            solids,
            self.high,
            [text for box, solid in enumerate(solids) for text in self._texts(box, solid)],
            list(dict.fromkeys(lines)),
            list(dict.fromkeys(arrows)),
            [*self._spans()],
            upright,
            deep,
        )

    def _room(self, box: int) -> tuple[int, int]:
        column = self.trial.grid.columns[box]
        row = self.rows[self.row_of[column]]
        return self.widths[column], row.rooms[self.trial.key(box)]

    def _scales(self) -> tuple[Scale, Scale]:
        """Return the largest scales for which each volume is in its room."""
        volumes = [
            (box.volume, *self._room(place))
            for place, box in enumerate(self.trial.boxes)
            if not box.adds
        ]
        sides = max(max(volume.width, volume.height) for volume, _, _ in volumes)
        depth = max(volume.depth for volume, _, _ in volumes)

        def stands(pixels: int) -> bool:
            scale = Scale(sides, pixels)
            return all(
                scale.side(volume.height) // 2 + _aslant(scale, volume.width) <= high * ABOVE // 100
                and scale.side(volume.height) // 2 < high - high * ABOVE // 100
                and 2 * _aslant(scale, volume.width) <= wide
                for volume, wide, high in volumes
            )

        upright = Scale(sides, largest(1, 4 * MOST_ROOM, stands))

        def lies(pixels: int) -> bool:
            scale = Scale(depth, pixels)
            return all(
                scale.side(volume.depth) + _aslant(upright, volume.width) <= wide
                for volume, wide, _ in volumes
            )

        most = isqrt(upright.pixels**2 * depth // (sides * FLATTER**2))
        return upright, Scale(depth, largest(1, max(most, 1), lies))

    def _solid(self, place: int, upright: Scale, deep: Scale) -> Solid:
        box = self.trial.boxes[place]
        column = self.trial.grid.columns[place]
        row = self.row_of[column]
        axis = self.tops[row] + self.rows[row].axes[self.trial.key(place)]
        if box.adds:
            long = high = 3 * self.trial.size // 2
            aslant = 0
        else:
            long, high = deep.side(box.volume.depth), upright.side(box.volume.height)
            aslant = _aslant(upright, box.volume.width)
        x = self.left[column] + (self.widths[column] - long - aslant) // 2
        return Solid(box, x, axis, long, high, aslant)

    def _texts(self, place: int, solid: Solid) -> Iterator[Text]:
        column, size = self.trial.grid.columns[place], self.trial.size
        y = solid.edges[3] + size // 4
        for number, line in enumerate(self.trial.labels[place]):
            middle = self.left[column] + self.widths[column] // 2
            yield Text(middle, y, line, size, number == 0 and not solid.box.adds, True)
            y += height(size)

    def _spans(self) -> Iterator[Span]:
        """Yield the groups, each from its first column to its last one in a row."""
        for number, row in enumerate(self.rows):
            run: list[int] = []
            name = ""
            for column in range(row.first, row.last + 2):
                here = ""
                if column <= row.last:
                    groups = {self.trial.boxes[box].group for box in self.trial.columns[column]}
                    here = groups.pop() if len(groups) == 1 else (name if not groups else "")
                if here != name:
                    if name:
                        right = self.left[run[-1]] + self.widths[run[-1]]
                        top = self.tops[number] - self.trial.heading
                        yield Span(name, self.left[run[0]], right, top)
                    run, name = [], here
                if here:
                    run.append(column)

    # --- lines

    def _line(self, wire: Wire, solids: Sequence[Solid]) -> tuple[Point, ...]:
        """Return a line's ends and turns."""
        trial, grid = self.trial, self.trial.grid
        start, end = grid.columns[wire.source], grid.columns[wire.target]
        behind, before = trial.turns(wire)
        source, target = solids[wire.source], solids[wire.target]
        points = [(source.right, source.axis)]
        for gap in range(start, end):
            row = self.row_of[gap + 1]
            if row != self.row_of[gap]:
                lane = grid.lanes[wire.source] if gap == start else wire.lane
                points += self._back(gap, lane, points[-1][1])
            y = points[-1][1]
            if gap == start and behind:
                x = self.gaps[gap] + trial.size // 2 + STEP * trial.leaving[gap][wire.source]
                key = wire.lane if end > start + 1 else trial.key(wire.target)
                y = self.tops[row] + self.rows[row].axes[key]
                points += [(x, points[-1][1]), (x, y)]
            if gap == end - 1 and before:
                slot = len(trial.arriving[gap]) - trial.arriving[gap][wire.target]
                x = self.gaps[gap] + trial.gap(gap) - trial.size // 2 - STEP * slot
                points += [(x, y), (x, target.axis)]
        return (*points, (target.x, target.axis))

    def _back(self, gap: int, lane: int, y: int) -> list[Point]:
        """Return the way from the end of a row to the beginning of the next."""
        row = self.row_of[gap]
        carried = sorted(self.trial.carried[gap])
        slot = len(carried) - 1 - carried.index(lane)
        right = self.ends[row] + STEP * (slot + 1)
        low = self.tops[row] + self.rows[row].high + self.trial.size // 4 + STEP * slot
        left = STEP * slot
        entered = self.tops[row + 1] + self.rows[row + 1].axes[self.trial.carried[gap][lane]]
        return [(right, y), (right, low), (left, low), (left, entered)]


def _aslant(scale: Scale, cells: int) -> int:
    return scale.side(cells) * ASLANT // 1000
