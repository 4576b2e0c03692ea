"""`convcalc shift`: shift the input and compare the outputs, shared and unshared."""

from typing import Any

import click

from convcalc.cli.command import Command
from convcalc.cli.formats import show
from convcalc.cli.options import (
    LayerText,
    format_option,
    layer_options,
    operand_options,
)
from convcalc.errors import BadRequest
from convcalc.layer.parse import read
from convcalc.layer.volume import Pair

BY = "give RIGHTxDOWN in pixels, for example 8x0 or -4x2"
BY_SAMPLES = "in one dimension give the samples to shift by, for example 8 or -4"


@click.command(cls=Command)
@operand_options("float32")
@layer_options
@click.option("--by", metavar="XxY", help="Pixels to shift the input right and down, or samples.")
@format_option
def shift(
    source: str | None,
    weights: str,
    dtype: str,
    seed: int | None,
    by: str | None,
    format: str,
    **spec: Any,
) -> None:
    """Shift the input and see which outputs shift with it, shared and unshared.

    SOURCE is an image, or an .npy array of shape (H, W, D); without it the input is random.

    \b
    Example:
      convcalc shift photo.jpg --by 8x0 --filter 11 --stride 4 --filters 96
    """
    from convcalc.cli.operands import Request
    from convcalc.compute.data.random import RandomUnshared
    from convcalc.compute.experiments.shift import needs, run_shift, work
    from convcalc.compute.tools.memory import require_memory
    from convcalc.present.screens.progress import Bar

    request = Request(LayerText(spec), source, weights, dtype, seed, tied=True)
    layer = request.layer
    dimensions = layer.input.dimensions
    remedy = BY_SAMPLES if dimensions == 1 else BY
    if by is None:
        raise BadRequest("by", None, "is missing", remedy)
    right, *down = read("by", by, (dimensions,), None, remedy)
    require_memory(request.needs() | needs(layer, request.dtype))
    with Bar("shift", work(layer) + request.work()) as progress:
        operands = request.load(progress)
        own = RandomUnshared(layer, request.seed, request.dtype)
        run = run_shift(layer, operands, own, Pair(right, *(down or [0])), progress)
    show("shift", format, run)
    request.warn(run.operands)
