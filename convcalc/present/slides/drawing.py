"""A step as a picture: boxes, hatches and labels on a slide, for a GIF or an SVG to draw.

The colours are Okabe and Ito's, which colour-blind people tell apart; under numbers they are half
as strong. None stands alone: what a step looks at is outlined, the pad is hatched, and every panel
is labelled, so grey print will do.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.numerals import grouped
from convcalc.present.slides.panels import Board, Panel, Rows, View, board

WIDTH, HEIGHT, MARGIN = 960, 540, 24
MOST_FRAMES = 60
SECONDS = 1.0
"""How long a step stands."""

INK, FAINT, PAPER, WINDOW = "#000000", "#999999", "#ffffff", "#d55e00"
OWNERS = ("#aad9f4", "#f7f1a0", "#7fceb9", "#e5bcd3", "#f2cf7f")
LEGEND = "outlined: what this step looks at; hatched: zeros of the pad; crossed: never looked at"

TITLE, TEXT, SMALL = 22, 17, 13
TOP = 98
BOTTOM = 488
"""Where the panels begin and end."""

SPACE = 14
PANEL = 100
"""Pixels between two grids, and of the narrowest panel: its title has to fit."""

METER = 616
"""Where the bar of the parameters begins."""

CELLS = range(38, 15, -2)
VIEWS = (View(12, 4), View(12, 3), View(9, 3), View(9, 2), View(7, 2), View(5, 1), View(3, 1))
"""What is tried until it fits: the side of a cell in pixels, for ever smaller parts."""


class Box(NamedTuple):
    """A rectangle, filled or not; its line so many pixels thick."""

    x: int
    y: int
    width: int
    height: int
    fill: str | None
    line: str
    thick: int = 1


class Hatch(NamedTuple):
    """Diagonal lines in a square, or lines crossing."""

    x: int
    y: int
    side: int
    crossed: bool

    @property
    def lines(self) -> list[tuple[int, int, int, int]]:
        """Each line's ends."""
        x, y, side, half = self.x, self.y, self.side, self.side // 2
        rising = [(x, y + half, x + half, y), (x + half, y + side, x + side, y + half)]
        if not self.crossed:
            return rising
        return [(x, y, x + side, y + side), (x, y + side, x + side, y)]


class Label(NamedTuple):
    """A text, its middle at `y` and its left end or its middle at `x`."""

    x: int
    y: int
    text: str
    size: int
    bold: bool = False
    centred: bool = False


Shape = Box | Hatch | Label


def scenes(walk: Walk, mode: Mode) -> Iterator[list[Shape]]:
    """Yield the picture of every step, or of as many as a slide can show in a minute."""
    cell, view = _scale(walk, mode)
    for step in range(frames(walk)):
        state = walk.state(step, mode)
        yield list(_shapes(state, board(state, view), cell))


def frames(walk: Walk) -> int:
    """Return how many steps are drawn."""
    return min(len(walk), MOST_FRAMES)


def _scale(walk: Walk, mode: Mode) -> tuple[int, View]:
    """Return the largest cells, of the largest part, for which every panel is on the slide."""
    state = walk.state(0, mode)
    for view in VIEWS:
        drawn = board(state, view)
        for cell in CELLS:
            if _filter_top(drawn, cell) + _height(drawn.filter + drawn.output, cell) <= BOTTOM:
                return cell, view
    return CELLS[-1], VIEWS[-1]


def _filter_top(drawn: Board, cell: int) -> int:
    return TOP + _height(drawn.input, cell) + TEXT + SPACE


def _height(panels: list[Panel], cell: int) -> int:
    return max(y + _size(panel, cell)[1] + SPACE for _, y, panel in _placed(panels, cell))


def _size(panel: Panel, cell: int) -> tuple[int, int]:
    across = sum(cell * len(rows[0]) + SPACE for rows in panel.grids) - SPACE
    return max(across, PANEL), SMALL + SPACE // 2 + cell * max(map(len, panel.grids))


def _placed(panels: list[Panel], cell: int) -> Iterator[tuple[int, int, Panel]]:
    """Yield where each panel stands: side by side, as many as the slide takes in a row."""
    x = y = tallest = 0
    for panel in panels:
        width, height = _size(panel, cell)
        if x and x + width > WIDTH - 2 * MARGIN:
            x, y, tallest = 0, y + tallest + SPACE, 0
        yield x, y, panel
        x, tallest = x + width + 2 * SPACE, max(tallest, height)


def _shapes(state: State, drawn: Board, cell: int) -> Iterator[Shape]:
    yield Box(0, 0, WIDTH, HEIGHT, PAPER, PAPER)
    yield _line(26, drawn.title, TITLE, bold=True)
    yield _line(54, drawn.status, TEXT, METER - MARGIN)
    yield _line(78, drawn.counter, TEXT, METER - MARGIN)
    yield from _meter(state)
    for x, y, panel in _placed(drawn.input, cell):
        yield from _panel(MARGIN + x, TOP + y, panel, cell)
    top = _filter_top(drawn, cell)
    yield _line(top - SPACE, drawn.heading, TEXT)
    for x, y, panel in _placed(drawn.filter + drawn.output, cell):
        yield from _panel(MARGIN + x, top + y, panel, cell)
    yield _line(HEIGHT - 42, drawn.sum, TEXT, bold=True)
    yield _line(HEIGHT - 16, drawn.left_out or LEGEND, SMALL)


def _line(y: int, text: str, size: int, right: int = WIDTH - MARGIN, bold: bool = False) -> Label:
    """Return a line of text from the left margin, small enough to end before `right`."""
    fitting = 5 * (right - MARGIN) // (3 * max(len(text), 1))
    return Label(MARGIN, y, text, min(size, fitting), bold)


def _meter(state: State) -> Iterator[Shape]:
    """Draw the parameters so far as a part of those the unshared layer has."""
    most, long = state.walk.layer.parameters.unshared.total, WIDTH - MARGIN - METER
    yield Label(METER, 54, f"parameters so far, of {grouped(most)} unshared", SMALL)
    yield Box(METER, 70, long, 16, PAPER, FAINT)
    yield Box(METER, 70, max(long * state.parameters // most, 2), 16, INK, INK)


def _panel(x: int, y: int, panel: Panel, cell: int) -> Iterator[Shape]:
    yield Label(x, y + SMALL // 2, panel.title, SMALL)
    for rows in panel.grids:
        yield from _grid(x, y + SMALL + SPACE // 2, rows, cell)
        x += cell * len(rows[0]) + SPACE


def _grid(x: int, y: int, rows: Rows, side: int) -> Iterator[Shape]:
    places = [
        (x + side * j, y + side * i, cell)
        for i, row in enumerate(rows)
        for j, cell in enumerate(row)
    ]
    for left, top, cell in places:
        fill = PAPER if cell.owner is None else OWNERS[cell.owner % len(OWNERS)]
        yield Box(left, top, side, side, fill, FAINT)
        if cell.kind in ("pad", "left over"):
            yield Hatch(left, top, side, crossed=cell.kind == "left over")
    across = _runs([any(cell.marked for cell in column) for column in zip(*rows, strict=True)])
    for first, last in _runs([any(cell.marked for cell in row) for row in rows]):
        for start, stop in across:
            wide, high = side * (stop - start), side * (last - first)
            yield Box(x + side * start, y + side * first, wide, high, None, WINDOW, 3)
    for left, top, cell in places:
        if cell.text:
            size = min(side // 2 + 1, 7 * side // (4 * len(cell.text)))
            yield Label(left + side // 2, top + side // 2, cell.text, size, centred=True)


def _runs(marks: list[bool]) -> list[tuple[int, int]]:
    """Return where marks begin and end.

    >>> _runs([False, True, True, False, True])
    [(1, 3), (4, 5)]
    """
    runs = [list(run) for marked, run in groupby(range(len(marks)), marks.__getitem__) if marked]
    return [(run[0], run[-1] + 1) for run in runs]
