"""A step as lines of text: brackets mark the window, so it shows without colours too."""

from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain, zip_longest
from operator import mul

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.compute.tools.progress import nobody
from convcalc.present.screens.lines import GAP, print_lines
from convcalc.present.screens.progress import Bar
from convcalc.present.signs import columns
from convcalc.present.slides.panels import ELSEWHERE, Board, Cell, Panel, Rows, View, board

LEGEND = "[ ] what this step looks at, . the pad's zeros, _ not yet, / never looked at"

LEAST = {"weight": 2, "product": 2, "gradient": 3, "output": 3, "ahead": 3}
"""Columns that numbers of a kind take at least, so that grids seldom change their width."""

SIGNS = {"pad": ".", "ahead": "_", "left over": "/"}
"""What stands for numbers that are not the layer's, or not yet."""

STYLES = {"pad": "dim", "left over": "dim", "ahead": "dim", "product": "italic"}
OWNERS = ("cyan", "magenta", "green", "blue", "yellow", "red")
MARKED = "bold black on bright_yellow"

MOST_STEPS = 100
"""Steps that are printed; a reader turns the pages of no more."""

PAGE = 50
"""Lines of one step at most, where no window says how many."""

HEAD = 4
"""Lines of one step at least, beside its panels."""

VIEWS = (
    View(40, 16),
    View(16, 16),
    View(16, 3),
    View(12, 3),
    View(12, 2),
    View(9, 2),
    View(9, 1),
    View(7, 1),
    View(5, 1),
    View(3, 1),
)
"""How much of the volumes is drawn: the first that fits; empty lines between parts of the first."""


def print_steps(console: Console, walk: Walk, mode: Mode, source: str) -> None:
    """Print the steps, one below the other; of many the first and the last, and say so."""
    width, total = console.width, len(walk)
    print_lines(console, *wrapped(f"{source}; {LEGEND}", width))
    left_out = range(MOST_STEPS - 1, total - 1)
    bar = nullcontext(nobody) if console.is_terminal else Bar("steps", total - len(left_out))
    with bar as progress:
        for step in range(total):
            if step not in left_out:
                print_lines(console, "", *step_lines(walk.state(step, mode), width, PAGE))
                progress(1)
            elif step == left_out.start:
                gap = f"left out here: {len(left_out)} of the {total} steps; {ELSEWHERE}"
                print_lines(console, "", *wrapped(gap, width))


def step_lines(state: State, width: int, height: int) -> list[Text]:
    """Return the lines of a step, as much of it as width and height take."""
    for view in VIEWS:
        if _is_hopeless(state, view, width, height):
            continue
        parts = _parts(board(state, view), width)
        lines = list(chain(*parts))
        if max(map(len, lines)) <= width and len(lines) <= height:
            if view == VIEWS[0] and len(lines) + len(parts) - 1 <= height:
                return [line for part in parts for line in (*part, Text())][:-1]
            return lines
    lines = list(chain(*_parts(board(state, VIEWS[-1]), width)))
    return [*lines[: height - 1], Text("there is more: a larger window shows it", "dim")]


def _is_hopeless(state: State, view: View, width: int, height: int) -> bool:
    """Whether a view's panels cannot fit, even with every number and title as short as can be."""
    layer, (x, y), (side, depth) = state.walk.layer, state.walk.layer.axes, view
    taps, places = min(x.filter, side), min(x.positions, side)
    digits = LEAST["product"] + LEAST["gradient" if state.mode.gradient else "weight"]
    seen, slices = min(layer.filter.depth, depth), min(layer.filters, depth)
    wide = (
        max(1 + 2 * min(x.padded, side), len("input, channel 0")),
        max(2 + GAP + taps * (2 + digits), len("channel 0")),
        max(1 + places * (1 + LEAST["output"]), len("output, slice 0")),
    )
    high = (1 + min(y.padded, side), 1 + min(y.filter, side), 1 + min(y.positions, side))
    rows = [
        -(-panels // max((width + GAP) // (columns + GAP), 1))
        for panels, columns in zip((seen, seen, slices), wide, strict=True)
    ]
    # filters and outputs may share a row
    lines = sum(map(mul, rows, high)) - min(high[1:])
    return max(wide) > width + 1 or lines + HEAD > height


def _parts(board: Board, width: int) -> list[list[Text]]:
    """Return what may stand apart: the head, the input, the panels below it, and the sum."""
    head = [
        *wrapped(board.title, width, "bold"),
        *wrapped(board.status, width),
        *wrapped(board.counter, width),
        *wrapped(board.left_out, width, "dim"),
    ]
    below = [*wrapped(board.heading, width), *_flow(board.filter + board.output, width)]
    return [head, list(_flow(board.input, width)), below, list(wrapped(board.sum, width))]


def wrapped(text: str, width: int, style: str = "") -> Iterator[Text]:
    """Yield a text in lines of at most a width, broken between words only; none for no text."""
    line = ""
    for word in text.split():
        if line and columns(f"{line} {word}") > width:
            yield Text(line, style)
            line = word
        else:
            line = f"{line} {word}".strip()
    if line:
        yield Text(line, style)


def _flow(panels: list[Panel], width: int) -> Iterator[Text]:
    """Set panels side by side, as many as the width takes, then the next row of them."""
    row: list[list[Text]] = []
    for lines in map(_panel_lines, panels):
        if row and sum(len(other[0]) + GAP for other in row) + len(lines[0]) > width:
            yield from map(_stripped, _beside(row))
            row = []
        row.append(lines)
    yield from map(_stripped, _beside(row))


def _stripped(line: Text) -> Text:
    line.rstrip()
    return line


def _panel_lines(panel: Panel) -> list[Text]:
    """Return a panel's lines, all of one width."""
    lines = [Text(panel.title), *_beside([_grid_lines(rows) for rows in panel.grids])]
    width = max(map(len, lines))
    for line in lines:
        line.pad_right(width - len(line))
    return lines


def _beside(blocks: list[list[Text]]) -> Iterator[Text]:
    """Join blocks of lines side by side; the lines of each block have one width."""
    for parts in zip_longest(*blocks):
        yield Text(" " * GAP).join(
            Text(" " * len(block[0])) if part is None else part
            for part, block in zip(parts, blocks, strict=True)
        )


def _grid_lines(rows: Rows) -> list[Text]:
    width = max(max(len(cell.text), LEAST.get(cell.kind, 1)) for row in rows for cell in row)
    return [_row(row, width) for row in rows]


def _row(cells: list[Cell], width: int) -> Text:
    """Draw a row; a bracket stands wherever marked cells begin or end."""
    line, before = Text(), False
    for cell in cells:
        mark = "]" if before > cell.marked else "[" if cell.marked > before else " "
        line.append(mark, MARKED if before and cell.marked else "")
        line.append(f"{SIGNS.get(cell.kind, cell.text):>{width}}", _style(cell))
        before = cell.marked
    return line.append("]" if before else " ")


def _style(cell: Cell) -> str:
    if cell.marked:
        return MARKED
    if cell.owner is not None:
        return OWNERS[cell.owner % len(OWNERS)]
    return STYLES.get(cell.kind, "")
