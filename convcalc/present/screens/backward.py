"""What a backward pass has to show: positions' own gradients, their sum, and the shared one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.compute.experiments.backward_run import BackwardRun, Sample, Weight
from convcalc.compute.experiments.gradient_check import TO_SHOW, Check
from convcalc.errors import printable
from convcalc.layer import ConvLayer
from convcalc.numerals import counted, grouped
from convcalc.present.screens.forward import summary
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.screens.pictures import picture
from convcalc.present.text.record import run_record

POSITIONS_SHOWN = 4
"""Positions in the table, before the dots and the last one."""

CELL = 11
"""Columns of the screen that one figure of the table takes."""


def backward_record(run: BackwardRun, saved: Path | None) -> dict[str, Any]:
    """Return the pass as plain data."""
    dtype = run.gradients.weights.dtype.name
    record = run_record(run.layer, run.operands, dtype) | {
        "seconds": run.shared_seconds,
        "unshared_seconds": run.own_seconds,
        "gradient_stats": run.gradient_stats,
        "sum_difference": run.difference,
        "checks": [
            {
                "of": check.name,
                "entries": check.entries,
                "difference": check.difference,
                "tolerance": check.tolerance,
                "cannot_tell": check.untold,
            }
            for check in run.checks
        ],
        "saved": None if saved is None else str(saved),
    }
    if run.spread:
        record["learning_rate"] = run.learning_rate
        record["unshared_spread"] = run.spread.stats
    return record


def print_backward(console: Console, run: BackwardRun, saved: Path | None) -> None:
    """Print the gradients, the table of one filter, the map of one weight, and the checks."""
    layer = run.layer
    shown = run.samples[: max((console.width - 20) // CELL, 1)]
    print_lines(
        console,
        Text(str(layer), "bold"),
        "",
        f"input: {printable(run.operands.source)}",
        f"weights: {printable(run.operands.weights_name)}",
        *(
            f"gradient of {name}, {'x'.join(map(str, getattr(run.gradients, name).shape))}: "
            f"{summary(figures)}"
            for name, figures in run.gradient_stats.items()
        ),
        f"time: {run.shared_seconds:.4f} s shared; {run.own_seconds:.4f} s for "
        f"{counted(layer.parameters.unshared.weights, 'own gradient')}, a few at a time",
        *([] if saved is None else [f"saved: {printable(str(saved))}"]),
        "",
        f"each position's own gradient for some weights of filter {shown[0].weight[0]}",
        *table_lines(list(_table(run, shown))),
        "",
        f"{_summed(run)} the worst difference is {run.difference:.2g}, where the largest "
        f"gradient is {run.largest:.3g}{_doubt(run.checks[0])}.",
        "",
        f"gradient of {_name(shown[0].weight)} at every position, from least (dark) to most "
        "(light)",
    )
    columns = min(console.width, max(layer.output.width, 8), 64)
    for line in picture(shown[0].own, columns, console, stretch=True):
        console.print(line, soft_wrap=True)
    print_lines(console, "", *_checks(run), *_step(run, shown[0]))


def _summed(run: BackwardRun) -> str:
    positions = run.layer.output.width * run.layer.output.height
    weights, told = run.layer.parameters.shared.weights, run.checks[0].can_tell
    whose, verb = (
        ("The only position's gradient", "is")
        if positions == 1
        else (f"The {grouped(positions)} positions' gradients, summed,", "are")
    )
    over = "the only weight" if weights == 1 else f"all {grouped(weights)} weights"
    return f"{whose} {verb if told else 'cannot be told from'} the shared gradient: over {over}"


def _name(weight: Weight) -> str:
    k, m, n, c = weight
    return f"weight [{m}, {n}, {c}] of filter {k}"


def _table(run: BackwardRun, samples: list[Sample]) -> Iterator[list[str | Text]]:
    """Yield a heading, some positions, dots, the last position, the sum, shared, difference."""
    places = (one.weight[1:] for one in samples)
    yield ["position", *(Text(f"[{m}, {n}, {c}]", "bold") for m, n, c in places)]
    for place in _places(run.layer):
        if place is None:
            yield ["…"] * (1 + len(samples))
        else:
            figures = (f"{one.own[place] + 0:.3g}" for one in samples)  # + 0: never -0
            yield [f"({place[0]}, {place[1]})", *figures]
    yield ["sum", *(Text(f"{one.total:.4g}", "bold") for one in samples)]
    yield ["shared", *(Text(f"{one.shared:.4g}", "bold") for one in samples)]
    yield ["difference", *(f"{one.difference:.1e}" for one in samples)]


def _places(layer: ConvLayer) -> Iterator[tuple[int, int] | None]:
    """Yield the first positions, None for those left out, and the last."""
    width, height, _ = layer.output
    count = width * height
    for index in range(min(count, POSITIONS_SHOWN)):
        yield divmod(index, width)
    if count > POSITIONS_SHOWN + 1:
        yield None
    if count > POSITIONS_SHOWN:
        yield height - 1, width - 1


def _checks(run: BackwardRun) -> Iterator[str]:
    for check in run.checks[1:]:
        entries = "1 entry" if check.entries == 1 else f"{grouped(check.entries)} entries"
        yield (
            f"{'checked' if check.can_tell else 'cannot tell'}: {entries} of {check.name} against "
            f"central differences, off by {check.difference:.1g} of its terms at most"
            f"{_doubt(check)}"
        )
    if any(check.untold for check in run.checks) and run.gradients.weights.dtype.name == "float32":
        yield "float64 rounds less, and can tell more"
    if len(run.checks) == 1:
        yield "not checked against central differences"


def _doubt(check: Check) -> str:
    """Say of how many entries a check cannot tell whether they are right, and why."""
    if not check.untold:
        return ""
    where = f" in {grouped(check.untold)} of them" if check.can_tell else ""
    return f"; rounding could hide an error of {TO_SHOW:.1%}{where}"


def _step(run: BackwardRun, sample: Sample) -> Iterator[str | Text]:
    """Say what a step of learning does to one weight, shared and at some positions unshared."""
    if run.spread is None:
        return
    rows = [["", _name(sample.weight)], ["before", f"{sample.value:.5g}"]]
    rows.append(["shared", f"{run.stepped(sample, sample.shared):.5g}"])
    for place in _places(run.layer):
        if place is None:
            rows.append(["…", "…"])
        else:
            after = run.stepped(sample, float(sample.own[place]))
            rows.append([f"unshared at {place}", f"{after:.5g}"])
    yield ""
    yield f"after one step, learning rate {run.learning_rate:g}"
    yield from table_lines(rows)
    farthest = run.spread.stats["max"]
    if not farthest:
        yield "Shared or not, every position of a depth slice still has the same filter."
        return
    yield (
        f"Shared, every position of a depth slice still has the same filter. Unshared, the "
        f"positions agree no longer: {_name(run.spread.weight)} now differs by up to "
        f"{farthest:.3g} from place to place."
    )
