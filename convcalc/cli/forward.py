"""`convcalc forward`: run the layer, or a network, on an image, an array or random data."""

from typing import Any

import click

from convcalc.arithmetic.use import Use
from convcalc.cli.command import Command
from convcalc.cli.options import (
    LayerText,
    explain_option,
    format_option,
    layer_options,
    operand_options,
)
from convcalc.cli.values import FileName
from convcalc.layer.wording import UNTIED
from convcalc.present.streams import console, write


@click.command(cls=Command)
@operand_options("float32")
@layer_options
@click.option(
    "--bias",
    type=FileName(),
    metavar="FILE.npy|untied",
    help="The biases, an array (K,), untied or unshared (H_out, W_out, K); untied: random ones, "
    "one for each neuron; otherwise they are 0.",
)
@click.option(
    "--unshared",
    is_flag=True,
    help="Give every neuron its own weights: random ones, made as they are used, or an array "
    "(H_out, W_out, K, FH, FW, D/groups).",
)
@click.option(
    "--tied",
    is_flag=True,
    help="Unshared, but with the same filters at every position: compare with the convolution.",
)
@click.option(
    "--algorithm",
    metavar="NAME",
    default="auto",
    show_default=True,
    help="How to compute: definition, im2col, mec, winograd or depthwise; auto: whichever the "
    "layer makes fastest.",
)
@click.option(
    "--compare",
    is_flag=True,
    help="Run every algorithm that can on the same data: time, multiplications, workspace, error.",
)
@click.option("--relu", is_flag=True, help="Replace negative outputs by 0.")
@click.option(
    "--save",
    type=FileName(),
    metavar="FILE",
    multiple=True,
    help="Write the output: to .npy the array (H_out, W_out, K), to .png a contact "
    "sheet of all feature maps. May be given more than once.",
)
@click.option(
    "--at",
    metavar="COLUMN,ROW,SLICE",
    help="Show one output cell's arithmetic instead of the maps: 3,4,0 is column 3, row 4, depth "
    "slice 0, in NumPy output[4, 3, 0]; of a series POSITION,SLICE.",
)
@click.option(
    "--network",
    metavar="SPEC",
    help="Run a whole network instead: a name of the gallery, a TOML file, or layers in one line, "
    "as `convcalc network` takes them.",
)
@click.option(
    "--layer",
    "chosen",
    metavar="NAME",
    help="With --network: show, and --save, the maps of this layer in place of the last one.",
)
@explain_option
@format_option
def forward(
    source: str | None,
    weights: str,
    bias: str | None,
    dtype: str,
    seed: int | None,
    unshared: bool,
    tied: bool,
    algorithm: str,
    compare: bool,
    relu: bool,
    save: tuple[str, ...],
    at: str | None,
    network: str | None,
    chosen: str | None,
    explain: bool,
    format: str,
    **spec: Any,
) -> None:
    """Run the layer, or a network, and show feature maps.

    SOURCE is an image, or an .npy array of shape (H, W, D); without it the input is random.

    \b
    Examples:
      convcalc forward photo.jpg --filter 11 --stride 4 --filters 96
      convcalc forward --input 227x227x3 --filter 11 --stride 4 --filters 96 --unshared
      convcalc forward photo.jpg --network vgg16 --input 224x224x3 --layer convs1/conv1
    """
    if network is not None:
        from convcalc.cli.network_run import run_whole

        run_whole(network, source, spec["input"], chosen, dtype, seed, save, format)
        return
    from pathlib import Path

    from convcalc.cli.comparison import run_comparison
    from convcalc.cli.operands import Request
    from convcalc.cli.place import place_in
    from convcalc.compute.experiments.forward_run import needs, run_forward
    from convcalc.compute.experiments.one_neuron import bytes_of_cell, cell_of
    from convcalc.compute.forward.choose import choose
    from convcalc.compute.tools.memory import require_memory
    from convcalc.present.saved.arrays import check_targets, save_output
    from convcalc.present.screens.explanation import derivation_record, print_explanation
    from convcalc.present.screens.forward import forward_record, print_forward
    from convcalc.present.screens.one_neuron import cell_record, print_cell
    from convcalc.present.screens.progress import Bar
    from convcalc.present.text.record import to_json

    texts, file = LayerText(spec), bias
    if bias is not None and bias.lower() == UNTIED:
        texts, file = texts.untied(), None
    request = Request(texts, source, weights, dtype, seed, file, unshared, tied)
    layer = request.layer
    if compare:
        run_comparison(request, format)
        return
    if not request.unshared:
        algorithm = choose(layer, algorithm.lower())
    place = None if at is None else place_in(layer.output, at)
    targets = [Path(path) for path in save]
    sheet = check_targets(targets, layer)
    require_memory(
        request.needs()
        | needs(layer, request.dtype, request.unshared)
        | {"contact sheet": sheet, "one cell": bytes_of_cell(layer) if place else 0}
    )
    with Bar("forward", layer.multiply_adds + request.work()) as progress:
        run = run_forward(layer, request.load(progress), relu, progress, algorithm)
    cell = cell_of(run, place) if place else None
    for path in targets:
        save_output(path, run)
    if format == "json":
        record = forward_record(run, targets)
        record |= {"cell": cell_record(cell)} if cell else {}
        record |= derivation_record(layer, Use(dtype)) if explain else {}
        write(to_json(record))
    elif cell:
        print_cell(console(), run, cell)
    else:
        print_forward(console(), run, targets)
    if explain and format == "table":
        write("")
        print_explanation(console(), layer, Use(dtype))
    request.warn(run.operands)
