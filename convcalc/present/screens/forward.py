"""What a forward pass has to show: its volumes, time, figures and first feature maps."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.use import Use
from convcalc.compute.experiments.forward_run import Beside, ForwardRun
from convcalc.compute.experiments.stats import Maps, Stats
from convcalc.errors import printable
from convcalc.numerals import counted, grouped, memory
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.screens.pictures import Tile, input_tile, print_tiles, tiles_across
from convcalc.present.text.record import run_record
from convcalc.shapes import Array, Scale

ROWS_OF_TILES = 2


def forward_record(run: ForwardRun, saved: Sequence[Path]) -> dict[str, Any]:
    """Return the pass as plain data: the layer, and what was run."""
    return (
        run_record(run.layer, run.operands, run.output.dtype.name)
        | {
            "algorithm": run.algorithm,
            "relu": run.relu,
            "seconds": run.seconds,
            "output_stats": run.output_stats,
            "map_stats": list(run.map_stats(run.layer.filters)),
            "saved": [str(path) for path in saved],
        }
        | (_beside_record(run, run.beside) if run.beside else {})
    )


def print_forward(console: Console, run: ForwardRun, saved: Sequence[Path]) -> None:
    """Print the pass: figures first, then the input and the first feature maps as pictures."""
    after = " after ReLU" if run.relu else ""
    by = f", by {run.algorithm}" if run.algorithm else ""
    print_lines(
        console,
        Text(str(run.layer), "bold"),
        "",
        f"input: {printable(run.operands.source)}{deep_values(run.operands.scale)}, "
        f"{summary(run.input_stats)}",
        f"weights: {printable(run.operands.weights_name)}",
        f"output{after}: {summary(run.output_stats)}",
        f"time: {run.seconds:.4f} s for {counted(run.layer.multiply_adds, 'multiply-add')} "
        f"in {run.output.dtype}{by}",
        *(f"saved: {printable(str(path))}" for path in saved),
        "",
    )
    if run.beside:
        print_lines(console, *_beside_lines(run, run.beside), "")
    print_maps(console, run.operands.x, run)


def print_maps(console: Console, x: Array, maps: Maps) -> None:
    """Print an input and the first feature maps of a layer as pictures."""
    across, _ = tiles_across(console)
    depth = maps.layer.output.depth
    shown = min(across * ROWS_OF_TILES - 1, depth)
    tiles = [input_tile(x, ["input", "", "", ""])]
    for k, of_map in enumerate(maps.map_stats(shown)):
        figures = [f"{name} {value:.3g}" for name, value in of_map.items()]
        tiles.append(Tile(maps.output[:, :, k], [f"map {k}", *figures], stretch=True))
    print_tiles(console, tiles)
    if shown < depth:
        print_lines(
            console,
            f"the first {'' if shown == 1 else f'{shown} '}of {depth} feature maps; "
            "all of them: --save maps.png",
        )


def deep_values(scale: Scale | None) -> str:
    """Return what values an image of more than 8 bits has, and in which range, as text."""
    if scale is None or scale.one == 255:
        return ""
    least, greatest, zero, one = (f"{value:.6g}" for value in scale)
    return f", values {least} to {greatest} of {zero} to {one}"


def _beside_record(run: ForwardRun, beside: Beside) -> dict[str, Any]:
    return {
        "sharing": "tied" if run.operands.tied else "unshared",
        "peak_memory_bytes": beside.peak_bytes,
        "shared_seconds": beside.shared_seconds,
        "tied_difference": beside.difference,
    }


def _beside_lines(run: ForwardRun, beside: Beside) -> Iterator[str | Text]:
    """Set the unshared pass beside the shared one."""
    layer = run.layer
    unshared, shared = ladder(layer, Use(run.output.dtype.name))[1:]
    rows = [
        ["", "unshared", "shared"],
        ["parameters", grouped(unshared.parameters.total), grouped(shared.parameters.total)],
        ["memory if held", memory(unshared.bytes), memory(shared.bytes)],
        ["multiply-adds", grouped(layer.multiply_adds), grouped(layer.multiply_adds)],
        ["time", f"{run.seconds:.4f} s", f"{beside.shared_seconds:.4f} s"],
    ]
    yield from table_lines(rows)
    if beside.peak_bytes:
        yield f"memory taken: {memory(beside.peak_bytes)} by the whole process until it was done"
    if beside.difference is not None:
        yield (
            "tied: every position has the same filters, and the output differs from the "
            f"convolution's by {beside.difference:.1g} of its largest value at most"
        )


def summary(figures: Stats) -> str:
    """Return a least, a greatest and a mean value as text."""
    return ", ".join(f"{name} {value:.4g}" for name, value in figures.items())
