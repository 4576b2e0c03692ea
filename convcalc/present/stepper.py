"""A step as lines of text: brackets mark the window, so it shows without colours too."""

from collections.abc import Iterator
from itertools import zip_longest

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.steps import Mode, State, Walk
from convcalc.layer import ConvLayer
from convcalc.present.board import Board, Cell, Panel, Rows, View, board
from convcalc.present.screen import columns
from convcalc.present.table import print_lines

LEGEND = "[ ] what this step looks at, . the pad's zeros, _ not yet, / never looked at"

LEAST = {"weight": 2, "product": 2, "gradient": 3, "output": 3, "ahead": 3}
"""Columns that numbers of a kind take at least, so that grids seldom change their width."""

SIGNS = {"pad": ".", "ahead": "_", "left over": "/"}
"""What stands for numbers that are not the layer's, or not yet."""

STYLES = {"pad": "dim", "left over": "dim", "ahead": "dim", "product": "italic"}
OWNERS = ("cyan", "magenta", "green", "blue", "yellow", "red")
MARKED = "bold black on bright_yellow"
GAP = 2

PAGE = 50
"""Lines of one step at most, where no window says how many."""

VIEWS = (
    (True, View(40, 16)),
    (False, View(40, 16)),
    (False, View(16, 16)),
    (False, View(16, 3)),
    (False, View(12, 3)),
    (False, View(12, 2)),
    (False, View(9, 2)),
    (False, View(9, 1)),
    (False, View(7, 1)),
    (False, View(5, 1)),
    (False, View(3, 1)),
)
"""What is tried until it fits: with empty lines or without, and how much of the volumes."""


def print_steps(console: Console, walk: Walk, mode: Mode, source: str) -> None:
    """Print every step, one below the other."""
    print_lines(console, *wrapped(f"{source}; {LEGEND}", console.width))
    for step in range(len(walk)):
        state = walk.state(step, mode)
        print_lines(console, "", *step_lines(walk, state, console.width, PAGE))


def step_lines(walk: Walk, state: State, width: int, height: int) -> list[Text]:
    """Return the lines of a step, as much of it as width and height take."""
    for spaced, view in VIEWS:
        if _least_lines(walk.layer, view, width) > height:
            continue
        lines = list(_lines(board(walk, state, view), width, spaced))
        if max(map(len, lines)) <= width and len(lines) <= height:
            return lines
    lines = list(_lines(board(walk, state, VIEWS[-1][1]), width, spaced=False))
    return [*lines[: height - 1], Text("there is more: a larger window shows it", "dim")]


def _least_lines(layer: ConvLayer, view: View, width: int) -> int:
    """Return the lines that the input alone takes, so that hopeless views are not drawn."""
    x, y = layer.axes
    columns = max(2 * min(x.padded, view.side) + 1, len("input, channel 0"))
    across = max((width + GAP) // (columns + GAP), 1)
    panels = min(layer.filter.depth, view.depth)
    return -(-panels // across) * (1 + min(y.padded, view.side))


def _lines(board: Board, width: int, spaced: bool) -> Iterator[Text]:
    space = [Text()] if spaced else []
    yield from wrapped(board.title, width, "bold")
    yield from wrapped(board.status, width)
    yield from wrapped(board.counter, width)
    yield from wrapped(board.left_out, width, "dim")
    yield from space
    yield from _flow(board.input, width)
    yield from space
    yield from wrapped(board.heading, width)
    yield from _flow(board.filter + board.output, width)
    yield from space
    yield from wrapped(board.sum, width)


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
