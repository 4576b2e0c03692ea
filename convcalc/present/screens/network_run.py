"""What a network's forward pass has to show: layer by layer its time and figures, and the top."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.use import Use
from convcalc.compute.network.run import NetworkRun
from convcalc.errors import printable
from convcalc.present.screens.forward import deep_values, print_maps, summary
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.text.network_columns import USUAL_LISTING
from convcalc.present.text.network_record import network_record
from convcalc.shapes import Scale

WEIGHTS = (
    "random uniform, variance by what follows: 2/n before ReLU and its kin (He), 2/(n + m) before "
    "tanh and sigmoid (Glorot), otherwise 1/n (LeCun), seed {seed}"
)


class Told(NamedTuple):
    """What a run does not know of itself: where the input is from, and what was asked for."""

    source: str
    seed: int
    scale: Scale | None
    is_chosen: bool
    saved: Sequence[Path]


def network_run_record(run: NetworkRun, told: Told) -> dict[str, Any]:
    """Return the network as `network` does, and what was run of it."""
    record = network_record(run.network, USUAL_LISTING._replace(use=Use(run.output.dtype.name)))
    for layer, ran in zip(record["layers"], run.layers, strict=True):
        layer |= {"seconds": ran.seconds, "output_stats": ran.output_stats}
    maps = run.chosen
    return record | {
        "source": told.source,
        "source_scale": told.scale._asdict() if told.scale else None,
        "weights": WEIGHTS.format(seed=told.seed),
        "seed": told.seed,
        "seconds": run.seconds,
        "output_stats": run.layers[-1].output_stats,
        "top_of": run.top_of,
        "top": [{"unit": unit, "value": value} for unit, value in run.top],
        "layer": maps.name,
        "map_stats": list(maps.map_stats(maps.layer.output.depth)),
        "saved": [str(path) for path in told.saved],
    }


def print_network_run(console: Console, run: NetworkRun, told: Told) -> None:
    """Print the run: figures, a row for each layer, and the maps of the layer that was chosen."""
    print_lines(
        console,
        Text(str(run.network), "bold"),
        "",
        f"input: {printable(told.source)}{deep_values(told.scale)}, {summary(run.input_stats)}",
        f"weights: {WEIGHTS.format(seed=told.seed)}",
        f"output: {summary(run.layers[-1].output_stats)}",
        f"time: {run.seconds:.4f} s in {run.output.dtype}",
        *(f"saved: {printable(str(path))}" for path in told.saved),
        "",
        *_rows(run, console.width),
    )
    if run.top:
        units = ", ".join(f"unit {unit}: {value:.4g}" for unit, value in run.top)
        print_lines(console, "", f"top of {run.top_of}: {units}")
    if told.is_chosen:
        print_lines(console, "", Text(f"{run.chosen.name}: {run.chosen.layer}", "bold"), "")
        print_maps(console, run.x, run.chosen)


def _rows(run: NetworkRun, width: int) -> list[Text]:
    """Return the table, with as many columns as the width takes."""
    rows = [["layer", "output", "seconds", "share", "min", "max", "mean"]]
    for one in run.layers:
        share = one.seconds / run.seconds if run.seconds else 0
        figures = [f"{value:.3g}" for value in one.output_stats.values()]
        output = str(one.placed.layer.output)
        rows.append([one.placed.path, output, f"{one.seconds:.4f}", f"{share:.1%}", *figures])
    lines = table_lines(rows)
    return lines if len(lines[0]) <= width else table_lines([row[:4] for row in rows])
