"""`params` in a terminal: the layer, its derivation, its parameters as a table and as bars."""

import math
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.connections import Rung, compared, ladder
from convcalc.arithmetic.derivation import lines_beside
from convcalc.arithmetic.formulas import MULTIPLY_ADDS
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.numerals import counted, grouped, memory, plural, ratio
from convcalc.present.screens.lines import print_lines, table_lines

COLOURS = {"fully_connected": "red", "unshared": "yellow", "shared": "green"}
EIGHTHS = " ▏▎▍▌▋▊▉"


def print_layer(console: Console, layer: Layer, use: Use) -> None:
    """Print a layer on one screen, at the console's width."""
    said, rungs = lines_beside(layer, use), ladder(layer, use)
    lines = [f"{name}: {line}" for name, line in said.items()]
    above = [*said, MULTIPLY_ADDS].index(MULTIPLY_ADDS)
    print_lines(
        console,
        Text(str(layer), "bold"),
        "",
        *lines[:above],
        "",
        *(_parameter_lines(console, rungs, use) if rungs else ["no parameters", ""]),
        *lines[above:],
    )


def _parameter_lines(console: Console, rungs: list[Rung], use: Use) -> Iterator[str | Text]:
    yield from _ladder_lines(console, rungs)
    yield Text(f"memory at {use.bytes_each} bytes a parameter ({use.dtype})", "dim")
    yield ""
    yield from _bars(rungs, console.width)
    yield ""


def _ladder_lines(console: Console, rungs: list[Rung]) -> Iterator[Text]:
    """Draw a row per rung; where that is too wide a column each, or else a sentence."""
    times = compared(rungs)
    heading = ["", "weights", "biases", "parameters", "memory", *filter(None, [times])]
    rows = [[Text(cell, "bold") for cell in heading]] + [
        [
            Text(rung.name, COLOURS.get(rung.key, "")),
            Text(grouped(rung.parameters.weights)),
            Text(grouped(rung.parameters.biases)),
            Text(grouped(rung.parameters.total), "bold"),
            Text(memory(rung.bytes)),
            *([Text(ratio(rung.parameters.total, rung.last_total))] if times else []),
        ]
        for rung in rungs
    ]
    for grid in (rows, [list(column) for column in zip(*rows, strict=True)]):
        lines = table_lines(grid)
        if len(lines[0]) <= console.width:
            yield from lines
            return
    for rung, (name, _, _, total, size, *ratios) in zip(rungs, rows[1:], strict=True):
        count = rung.parameters
        yield Text.assemble(
            *(name, f": {counted(count.weights, 'weight')} + {counted(count.biases, 'bias')} = "),
            *(total, f" {plural(count.total, 'parameter')}, ", size),
            *(Text.assemble(", ", each, f" {times}") for each in ratios),
        )


def _bars(rungs: list[Rung], width: int) -> Iterator[Text]:
    """Draw the totals on a log scale, the exact number behind each bar."""
    names = max(len(rung.name) for rung in rungs)
    numbers = max(len(grouped(rung.parameters.total)) for rung in rungs)
    room = width - names - numbers - 2
    cells = min(room, 60) if room >= 10 else 10
    scale = max(math.log10(rung.parameters.total or 1) for rung in rungs)
    for rung in rungs:
        eighths = round(8 * cells * math.log10(rung.parameters.total or 1) / scale) if scale else 0
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
