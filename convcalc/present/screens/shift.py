"""What a shift has to show: how many cells agree, shared and unshared, and the pictures."""

from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.compute.experiments.shift import BeforeAfter, ShiftRun
from convcalc.errors import printable
from convcalc.numerals import counted, grouped, plural
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.screens.pictures import Tile, input_tile, print_tiles
from convcalc.present.text.record import run_record


def shift_record(run: ShiftRun) -> dict[str, Any]:
    """Return the comparison as plain data."""
    dtype = run.shared.before.dtype.name
    return run_record(run.layer, run.operands, dtype) | {
        "by": run.by._asdict(),
        "output_shift": run.steps._asdict(),
        "exact": run.exact,
        "shared": _comparison_record(run.shared),
        "unshared": _comparison_record(run.unshared),
    }


def _comparison_record(one: BeforeAfter) -> dict[str, Any]:
    return {
        "cells": one.cells,
        "equal": one.equal,
        "difference": one.difference,
        "largest": one.largest,
    }


def print_shift(console: Console, run: ShiftRun) -> None:
    """Print the numbers, then input and outputs before and after the shift."""
    if run.exact:
        moves = f"the stride divides the shift: the output should move by {_steps(run)} exactly"
    else:
        moves = (
            f"the stride {run.layer.stride} does not divide the shift: no output position sees "
            f"what another saw, and the nearest move, by {_steps(run)}, is not exact"
        )
    print_lines(
        console,
        Text(str(run.layer), "bold"),
        "",
        f"input: {printable(run.operands.source)}, shifted by {_way(run)}; {moves}",
        f"shared weights: {printable(run.operands.weights_name)}",
        f"unshared weights: random for every neuron, seed {run.operands.seed}",
        "",
        *table_lines(_rows(run)),
        "",
        _conclusion(run),
        "",
    )
    k = run.strongest
    tiles = [
        input_tile(run.operands.x, ["input"]),
        input_tile(run.moved, ["shifted"]),
        *(
            Tile(output[:, :, k], [caption], stretch=True)
            for name, one in (("shared", run.shared), ("unshared", run.unshared))
            for output, caption in (
                (one.before, f"{name} map {k}"),
                (one.after, "after shift"),
            )
        ),
    ]
    for start in range(0, len(tiles), 2):
        if start:
            console.print()
        print_tiles(console, tiles[start : start + 2])


def _way(run: ShiftRun) -> str:
    right, down = run.by
    return f"{right} to the right" + ("" if _in_a_row(run) else f" and {down} down")


def _steps(run: ShiftRun) -> str:
    columns, rows = run.steps
    if _in_a_row(run):
        return counted(columns, "position")
    return f"{columns} {plural(columns, 'column')} and {rows} {plural(rows, 'row')}"


def _in_a_row(run: ShiftRun) -> bool:
    return run.layer.input.dimensions == 1


def _rows(run: ShiftRun) -> list[list[str]]:
    both = (run.shared, run.unshared)
    return [
        ["", "shared", "unshared"],
        ["interior cells compared", *(grouped(one.cells) for one in both)],
        ["equal to the last bit", *(grouped(one.equal) for one in both)],
        ["share of equal cells", *(_share(one) for one in both)],
        ["worst difference", *(f"{one.difference:.3g}" for one in both)],
        ["largest output", *(f"{one.largest:.3g}" for one in both)],
    ]


def _share(one: BeforeAfter) -> str:
    if not one.cells:
        return "none compared"
    tenths = 1000 * one.equal // one.cells
    return f"{tenths // 10}.{tenths % 10} %"


def _conclusion(run: ShiftRun) -> str:
    what = "series" if _in_a_row(run) else "picture"
    if not run.shared.cells:
        return "The shift leaves no cell away from the border to compare."
    if run.by == (0, 0):
        return "Nothing was shifted: both outputs are what they were."
    if run.shared.equal < run.shared.cells:
        return f"Shared, the output is not the same {what} shifted by whole positions."
    same = f"Shared, the output is the same {what}, shifted"
    if not run.exact:
        return f"{same} by whole positions, though only for this {what}."
    if run.unshared.equal == run.unshared.cells:
        return f"{same}; unshared too, because the {what} is the same everywhere."
    return f"{same}: a feature useful at one place is found at another. Unshared, it is not."
