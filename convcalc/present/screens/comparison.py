"""What a comparison of algorithms has to show: a row for each that ran, a line for each not."""

from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.compute.experiments.compare import Comparison
from convcalc.errors import printable
from convcalc.numerals import grouped, memory
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.text.record import run_record


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data."""
    return run_record(comparison.layer, comparison.operands, comparison.dtype) | {
        "algorithm": comparison.chosen,
        "algorithms": {
            row.name: {
                "seconds": row.seconds,
                "multiplications": row.multiplications,
                "workspace_bytes": row.workspace,
                "difference": row.difference,
            }
            for row in comparison.ran
        },
        "left_out": comparison.left_out,
    }


def print_comparison(console: Console, comparison: Comparison) -> None:
    """Print the algorithms beside each other, at the console's width."""
    heading = ["", "time", "multiplications", "workspace", "difference"]
    rows: list[list[str | Text]] = [[Text(cell, "bold") for cell in heading]]
    rows += [
        [
            Text(row.name, "green" if row.name == comparison.chosen else ""),
            f"{row.seconds * 1000:.2f} ms",
            grouped(row.multiplications),
            memory(row.workspace),
            f"{row.difference:.1g}",
        ]
        for row in comparison.ran
    ]
    print_lines(
        console,
        Text(str(comparison.layer), "bold"),
        "",
        f"input: {printable(comparison.operands.source)}",
        f"weights: {printable(comparison.operands.weights_name)}",
        "",
        *table_lines(rows),
        *(f"{name}: left out, {why}" for name, why in comparison.left_out.items()),
        "",
        f"auto chooses {comparison.chosen}, by its cost",
        f"time: the median of runs that take turns, in {comparison.dtype}; multiplications: by "
        "formula; workspace: the most memory held beyond operands and output; difference: the "
        "largest from a float64 definition, relative to the largest output",
    )
