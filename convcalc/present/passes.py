"""What a forward pass has to show: its volumes, time, figures and first feature maps."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy.typing as npt
from rich.console import Console
from rich.text import Text

from convcalc.compute.runs import ForwardRun
from convcalc.errors import printable
from convcalc.figures import grouped
from convcalc.present.pictures import Tile, mean, print_tiles, tiles_across
from convcalc.present.record import layer_record
from convcalc.present.table import print_lines

Array = npt.NDArray[Any]

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
        "output_stats": _stats(run.output),
        "map_stats": _map_stats(run.output),
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
    stats_of_maps = _map_stats(run.output[:, :, :shown])
    tiles = [_input_tile(run.operands.x)]
    for k in range(shown):
        one, stats = run.output[:, :, k], stats_of_maps[k]
        extent = f"{stats['min']:.3g} to {stats['max']:.3g}"
        tiles.append(Tile(one, [f"map {k}", extent, f"mean {stats['mean']:.3g}"], stretch=True))
    print_tiles(console, tiles)
    if shown < run.layer.filters:
        print_lines(
            console,
            f"the first {shown} of {run.layer.filters} feature maps; all of them: --save maps.png",
        )


def _stats(values: Array) -> dict[str, float]:
    return {
        "min": float(values.min()),
        "max": float(values.max()),
        "mean": float(mean(values)),
    }


def _map_stats(output: Array) -> list[dict[str, float]]:
    """Return each feature map's figures, all maps in one walk through the memory."""
    least, most = output.min((0, 1)).tolist(), output.max((0, 1)).tolist()
    means = mean(output, (0, 1)).tolist()
    figures = zip(least, most, means, strict=True)
    return [{"min": low, "max": high, "mean": mean} for low, high, mean in figures]


def _summary(values: Array) -> str:
    stats = _stats(values)
    return f"min {stats['min']:.4g}, mean {stats['mean']:.4g}, max {stats['max']:.4g}"


def _input_tile(x: Array) -> Tile:
    """Show the input in colour where its depth is 3 or 4, otherwise its first depth slice."""
    values = x[:, :, :3] if x.shape[2] in (3, 4) else x[:, :, 0]
    in_range = values.min() >= 0 and values.max() <= 1
    return Tile(values, ["input", "", ""], stretch=not in_range)
