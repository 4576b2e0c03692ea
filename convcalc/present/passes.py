"""What a forward pass has to show: its volumes, time, figures and first feature maps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.arrays import Array
from convcalc.compute.runs import ForwardRun
from convcalc.compute.stats import map_stats, stats
from convcalc.errors import printable
from convcalc.figures import grouped
from convcalc.present.pictures import Tile, print_tiles, tiles_across
from convcalc.present.record import layer_record
from convcalc.present.table import print_lines

ROWS_OF_TILES = 2


def forward_record(run: ForwardRun, saved: Sequence[Path]) -> dict[str, Any]:
    """Return the pass as plain data: the layer, and what was run."""
    return layer_record(run.layer, run.output.dtype.name) | {
        "dtype": run.output.dtype.name,
        "source": run.operands.source,
        "weights": run.operands.weights_name,
        "seed": run.operands.seed,
        "relu": run.relu,
        "seconds": run.seconds,
        "output_stats": stats(run.output),
        "map_stats": map_stats(run.output),
        "saved": [str(path) for path in saved],
    }


def print_forward(console: Console, run: ForwardRun, saved: Sequence[Path]) -> None:
    """Print the pass: figures first, then the input and the first feature maps as pictures."""
    after = " after ReLU" if run.relu else ""
    print_lines(
        console,
        Text(str(run.layer), "bold"),
        "",
        f"input: {printable(run.operands.source)}, {_summary(run.operands.x)}",
        f"weights: {printable(run.operands.weights_name)}",
        f"output{after}: {_summary(run.output)}",
        f"time: {run.seconds:.4f} s for {grouped(run.layer.multiply_adds)} multiply-adds "
        f"in {run.output.dtype}",
        *(f"saved: {printable(str(path))}" for path in saved),
        "",
    )
    across, _ = tiles_across(console)
    shown = min(across * ROWS_OF_TILES - 1, run.layer.filters)
    stats_of_maps = map_stats(run.output[:, :, :shown])
    tiles = [_input_tile(run.operands.x)]
    for k in range(shown):
        figures = [f"{name} {value:.3g}" for name, value in stats_of_maps[k].items()]
        tiles.append(Tile(run.output[:, :, k], [f"map {k}", *figures], stretch=True))
    print_tiles(console, tiles)
    if shown < run.layer.filters:
        print_lines(
            console,
            f"the first {shown} of {run.layer.filters} feature maps; all of them: --save maps.png",
        )


def _summary(values: Array) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in stats(values).items())


def _input_tile(x: Array) -> Tile:
    """Show the input in colour where its depth is 3 or 4, otherwise its first depth slice."""
    values = x[:, :, :3] if x.shape[2] in (3, 4) else x[:, :, 0]
    in_range = values.min() >= 0 and values.max() <= 1
    return Tile(values, ["input", "", "", ""], stretch=not in_range)
