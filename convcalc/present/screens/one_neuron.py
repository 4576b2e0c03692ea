"""One cell of an output: its window, its weights, their products, depth by depth, and the sum."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.compute.experiments.forward_run import ForwardRun
from convcalc.compute.experiments.one_neuron import OneNeuron
from convcalc.errors import printable
from convcalc.numerals import counted
from convcalc.present.screens.blocks import flow
from convcalc.present.screens.lines import print_lines
from convcalc.shapes import Array

MOST = 5
"""Rows, and columns, of an array that is shown whole; of a larger one the first and the last."""

DEPTHS = 3
"""Depths shown, before the others are only summed."""

APART = 3
"""Blanks between arrays: the numbers in one are a blank apart."""


def cell_record(cell: OneNeuron) -> dict[str, Any]:
    """Return the cell as plain data; arrays are nested lists (FH, FW, D / groups)."""
    column, row, depth_slice = cell.place
    return {
        "at": cell.place._asdict(),
        "index": [row, column, depth_slice],
        "padded": cell.padded,
        "input_slice": cell.seen,
        "weights_slice": cell.used,
        "inputs": cell.window.tolist(),
        "weights": cell.weights.tolist(),
        "products": cell.products.tolist(),
        "sum": cell.sum,
        "bias": cell.bias,
        "value": cell.value,
        "output": cell.output,
        "other_cells": {"shared": cell.others, "unshared": 0},
    }


def print_cell(console: Console, run: ForwardRun, cell: OneNeuron) -> None:
    """Print one cell's arithmetic."""
    place = cell.place.among(run.layer.output)
    print_lines(
        console,
        Text(str(run.layer), "bold"),
        "",
        f"input: {printable(run.operands.source)}",
        f"weights: {printable(run.operands.weights_name)}",
        "",
        Text(", ".join(f"{name} {number}" for name, number in place.items()), "bold")
        + Text(f": in NumPy {_index(cell)}"),
        *([f"padded = {cell.padded}"] if cell.padded else []),
        f"it sees {cell.seen} and multiplies with {cell.used}",
        "",
    )
    for line in _depths(cell, console.width):
        console.print(line, soft_wrap=True)
    print_lines(console, "", *_sums(run, cell), "", *_users(run, cell))


def _depths(cell: OneNeuron, width: int) -> Iterator[str | Text]:
    """Yield the arrays of the first depths, and what their products add up to."""
    arrays = {"input": cell.window, "weights": cell.weights, "products": cell.products}
    for c in range(min(cell.window.shape[2], DEPTHS)):
        yield from [""] if c else []
        yield f"depth {cell.first_channel + c}"
        blocks = [_block(name, array[:, :, c]) for name, array in arrays.items()]
        yield from flow(blocks, width, APART)
        yield f"sum of the products: {_figure(cell.by_depth[c])}"


def _block(name: str, array: Array) -> list[Text]:
    """Return an array under its name, in columns of one width, dots for what is left out."""
    rows, columns = (_shown(size) for size in array.shape)
    grid = [
        ["…" if i is None or j is None else f"{array[i, j] + 0.0:.3g}" for j in columns]
        for i in rows
    ]
    wide = max(len(cell) for row in grid for cell in row)
    return [Text(name), *(Text(" ".join(f"{cell:>{wide}}" for cell in row)) for row in grid)]


def _shown(size: int) -> list[int | None]:
    if size <= MOST:
        return list(range(size))
    return [*range(MOST - 2), None, size - 1]


def _sums(run: ForwardRun, cell: OneNeuron) -> Iterator[str]:
    depths = len(cell.by_depth)
    if depths > 1:
        text = _figure(cell.by_depth[0]) + "".join(map(_signed, cell.by_depth[1:DEPTHS]))
        if depths > DEPTHS:
            others = counted(depths - DEPTHS, "other depth")
            text += f"{_signed(cell.sum_after(DEPTHS))} of the {others}"
        yield f"sum over the depths: {text} = {_figure(cell.sum)}"
    if run.layer.bias:
        before = _figure(cell.before_relu)
        yield f"with the bias: {_figure(cell.sum)}{_signed(cell.bias)} = {before}"
    else:
        before = _figure(cell.sum)
        yield f"no bias: {before}"
    if run.relu:
        yield f"ReLU: max(0, {before}) = {_figure(cell.value)}"
    yield (
        f"{_index(cell)} has {_figure(cell.output)}, in {run.output.dtype}; "
        f"rounding has it off by {cell.rounding:.1g}"
    )


def _users(run: ForwardRun, cell: OneNeuron) -> Iterator[str]:
    """Say who else uses the weights."""
    places = "·".join(map(str, run.layer.output.sides[:-1]))
    each = counted(cell.weights.size, "weight")
    others = counted(cell.others, "other cell")
    shared = f"{others} of depth slice {cell.place.slice} ({places} − 1)"
    if run.operands.own is None:
        yield f"Shared: {shared} use the same {each}. Unshared, no other cell would."
    elif run.operands.tied:
        yield f"Tied: the {each} are this cell's own, a copy of what {shared} have."
    else:
        yield f"Unshared: no other cell uses these {each}. Shared, {shared} would."


def _index(cell: OneNeuron) -> str:
    column, row, depth_slice = cell.place
    return f"output[{row}, {column}, {depth_slice}]"


def _figure(value: float) -> str:
    return f"{value + 0.0:.4g}"


def _signed(value: float) -> str:
    return f" {'−' if value < 0 else '+'} {_figure(abs(value))}"
