"""`params` in a terminal: the layer, its derivation, its parameters as a table and as bars."""

import math
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.connections import Rung, ladder
from convcalc.arithmetic.derivation import DTYPE_BYTES, essential_lines
from convcalc.arithmetic.formulas import MULTIPLY_ADDS
from convcalc.layer import Layer
from convcalc.numerals import counted, grouped, memory, plural, ratio
from convcalc.present.streams import ARROW, ASCII_ARROW

COLOURS = {"fully_connected": "red", "unshared": "yellow", "shared": "green"}
GAP = Text("  ")
EIGHTHS = " ▏▎▍▌▋▊▉"


def print_layer(console: Console, layer: Layer, dtype: str) -> None:
    """Print a layer on one screen, at the console's width."""
    lines, rungs = essential_lines(layer), ladder(layer, dtype)
    work = f"{MULTIPLY_ADDS}: {lines.pop(MULTIPLY_ADDS)}"
    print_lines(
        console,
        Text(str(layer), "bold"),
        "",
        *(f"{name}: {line}" for name, line in lines.items()),
        "",
        *(_parameter_lines(rungs, dtype, console.width) if rungs else ["no parameters", ""]),
        work,
    )


def _parameter_lines(rungs: list[Rung], dtype: str, width: int) -> Iterator[str | Text]:
    yield from _ladder_lines(rungs, width)
    yield Text(f"memory at {DTYPE_BYTES[dtype]} bytes a parameter ({dtype})", "dim")
    yield ""
    yield from _bars(rungs, width)
    yield ""


def print_lines(console: Console, *lines: str | Text) -> None:
    """Print lines that wrap between words but never inside a number."""
    texts = (Text(line) if isinstance(line, str) else line for line in lines)
    text = Text("\n").join(_spelt_out(line, console) for line in texts)
    longest = max(map(len, text.plain.split()), default=0)
    parts = text.split("\n", allow_blank=True)
    if longest <= console.width:
        parts = text.wrap(console, console.width)
    for part in parts:
        part.rstrip()
    console.print(Text("\n").join(parts), soft_wrap=True)


def _spelt_out(line: Text, console: Console) -> Text:
    """Return a line with the arrow that the console's stream will have, to be measured with it."""
    if console.encoding != "ascii":
        return line
    return Text(ASCII_ARROW, line.style).join(line.split(ARROW, allow_blank=True))


def _ladder_lines(rungs: list[Rung], width: int) -> Iterator[Text]:
    """Draw a row per rung; where that is too wide a column each, or else a sentence."""
    heading = ["", "weights", "biases", "parameters", "memory", "× shared"]
    rows = [[Text(cell, "bold") for cell in heading]] + [
        [
            Text(rung.name, COLOURS.get(rung.key, "")),
            Text(grouped(rung.parameters.weights)),
            Text(grouped(rung.parameters.biases)),
            Text(grouped(rung.parameters.total), "bold"),
            Text(memory(rung.bytes)),
            Text(ratio(rung.times)),
        ]
        for rung in rungs
    ]
    for grid in (rows, [list(column) for column in zip(*rows, strict=True)]):
        widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
        if sum(widths) + len(GAP) * (len(widths) - 1) <= width:
            yield from aligned(grid)
            return
    for rung, (name, *_, total, size, times) in zip(rungs, rows[1:], strict=True):
        count = rung.parameters
        yield Text.assemble(
            *(name, f": {counted(count.weights, 'weight')} + {counted(count.biases, 'bias')} = "),
            *(total, f" {plural(count.total, 'parameter')}, ", size, ", ", times, " × shared"),
        )


def aligned(grid: list[list[Text]]) -> Iterator[Text]:
    """Yield the rows of a table: names on the left, figures on the right of their columns."""
    widths = [max(map(len, column)) for column in zip(*grid, strict=True)]
    for row in grid:
        row[0].pad_right(widths[0] - len(row[0]))
        for cell, wide in zip(row[1:], widths[1:], strict=True):
            cell.pad_left(wide - len(cell))
        yield GAP.join(row)


def _bars(rungs: list[Rung], width: int) -> Iterator[Text]:
    """Draw the totals on a log scale, the exact number behind each bar."""
    names = max(len(rung.name) for rung in rungs)
    numbers = max(len(grouped(rung.parameters.total)) for rung in rungs)
    room = width - names - numbers - 2
    cells = min(room, 60) if room >= 10 else 10
    scale = max(math.log10(rung.parameters.total) for rung in rungs)
    for rung in rungs:
        eighths = round(8 * cells * math.log10(rung.parameters.total) / scale) if scale else 0
        bar = "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()
        number = grouped(rung.parameters.total)
        yield Text.assemble(
            f"{rung.name:{names}} ",
            (f"{bar:{cells}}", COLOURS.get(rung.key, "")),
            f" {number:>{numbers}}" if room >= 10 else f" {number}",
        )
    if scale >= 1:
        tenfold = "─" * max(round(cells / scale) - 1, 0) + "│"
        yield Text(f"{'log scale':{names}} {tenfold} is ten times as many", "dim")
