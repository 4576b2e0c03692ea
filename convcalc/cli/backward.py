"""`convcalc backward`: gradients, each position's own and their sum, checked by differences."""

from typing import Any

import click

from convcalc.cli.command import Command
from convcalc.cli.formats import show
from convcalc.cli.options import (
    LayerText,
    bias_option,
    format_option,
    layer_options,
    operand_options,
    svg_option,
)
from convcalc.cli.values import FileName, Finite, Whole


@click.command(cls=Command)
@operand_options("float64")
@layer_options
@bias_option
@click.option(
    "--upstream",
    type=FileName(),
    metavar="FILE.npy",
    help="The gradient of the output, an array (H_out, W_out, K); otherwise random normal.",
)
@click.option(
    "--check",
    type=Whole(0, 10_000),
    metavar="N",
    default=10,
    show_default=True,
    help="Compare so many entries of each gradient, up to 10,000, with central differences.",
)
@click.option(
    "--learning-rate",
    type=Finite(),
    metavar="RATE",
    help="Take one step against the gradient and show what it does to the filters.",
)
@click.option(
    "--save",
    type=FileName(),
    metavar="FILE.npz",
    help="Write the gradients input, weights and bias, and the upstream gradient.",
)
@click.option(
    "--own",
    is_flag=True,
    help="Save every position's own gradient too, (H_out, W_out, K, FH, FW, D/groups).",
)
@svg_option
@format_option
def backward(
    source: str | None,
    weights: str,
    dtype: str,
    seed: int | None,
    upstream: str | None,
    check: int,
    learning_rate: float | None,
    save: str | None,
    own: bool,
    svg: str | None,
    format: str,
    **spec: Any,
) -> None:
    """Compute gradients, and show that sharing adds them up over the positions.

    SOURCE is an image, or an .npy array of shape (H, W, D); without it the input is random.

    \b
    Examples:
      convcalc backward --input 227x227x3 --filter 11 --stride 4 --filters 96 --seed 1
      convcalc backward photo.jpg --filter 5 --filters 8 --weights edges --learning-rate 0.1
    """
    from convcalc.cli.operands import Request
    from convcalc.compute.data.random import random_upstream
    from convcalc.compute.experiments.backward_run import needs, run_backward, work
    from convcalc.compute.tools.memory import require_memory
    from convcalc.files.save import target as file_to_write
    from convcalc.present.saved.arrays import save_gradients
    from convcalc.present.screens.backward import print_backward
    from convcalc.present.screens.progress import Bar
    from convcalc.shapes import output_shape

    request = Request(LayerText(spec), source, weights, dtype, seed)
    layer = request.layer
    target = None if save is None else file_to_write("save", save, ".npz")
    picture = None if svg is None else file_to_write("svg", svg, ".svg")
    require_memory(request.needs() | needs(layer, request.dtype))
    arriving = request.array("upstream", upstream, output_shape(layer))
    with Bar("backward", work(layer, check) + request.work()) as progress:
        operands = request.load(progress)
        if arriving is None:
            arriving = random_upstream(layer, request.seed, request.dtype)
        run = run_backward(layer, operands, arriving, check, learning_rate, progress)
    if target:
        save_gradients(target, run, own)
    if picture:
        from convcalc.present.slides.table import save_snapshot

        save_snapshot(picture, lambda on: print_backward(on, run, target))
    show("backward", format, run, target)
    request.warn(run.operands)
