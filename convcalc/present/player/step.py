"""A step as lines of text: brackets mark the window, so it shows without colours too."""

from contextlib import nullcontext
from itertools import chain
from operator import mul
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.walk.steps import Mode, State, Walk
from convcalc.compute.tools.progress import nobody
from convcalc.present.screens.blocks import beside, flow
from convcalc.present.screens.lines import GAP, print_lines
from convcalc.present.screens.progress import Bar
from convcalc.present.signs import ARROW
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

SIDES, DEPTHS = (40, 16, 16, 12, 12, 9, 9, 7, 5, 3), (16, 16, 3, 3, 2, 2, 1, 1, 1, 1)
VIEWS = tuple(map(View, SIDES, DEPTHS))
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
    first, others = map(_panel_lines, board.input), map(_panel_lines, board.filter + board.output)
    below = [*wrapped(board.heading, width), *flow(others, width)]
    return [head, list(flow(first, width)), below, wrapped(board.sum, width)]


def wrapped(text: str, width: int, style: str = "") -> list[Text]:
    """Return a text in lines of at most a width, broken between words only; none for no text."""
    spelt_out = text.replace(ARROW, 2 * ARROW)  # as wide as the arrow of an ASCII stream
    lines = wrap(spelt_out, width, break_long_words=False, break_on_hyphens=False)
    return [Text(line.replace(2 * ARROW, ARROW), style) for line in lines]


def _panel_lines(panel: Panel) -> list[Text]:
    return [Text(panel.title), *beside([_grid_lines(rows) for rows in panel.grids])]


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
