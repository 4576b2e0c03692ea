"""`convcalc params`: output volume and parameter counts, with and without sharing."""

from typing import Any

import click

from convcalc.arithmetic.use import Use
from convcalc.cli.command import Command
from convcalc.cli.formats import require_format, show
from convcalc.cli.options import (
    LayerText,
    bias_option,
    explain_option,
    layer_options,
    require_fit,
    svg_option,
    use_options,
    warn_of_misfit,
)
from convcalc.cli.values import FORMATS, FRAMEWORKS, Choice
from convcalc.present.streams import write


@click.command(cls=Command)
@layer_options
@bias_option
@use_options
@click.option(
    "--format",
    type=Choice(["table", "json", "csv", "markdown", "latex"], FORMATS),
    default="table",
    show_default=True,
    help="How to print the counts.",
)
@click.option(
    "--as",
    "framework",
    type=Choice(["pytorch", "keras", "flax", "numpy"], FRAMEWORKS),
    help="Print the layer as this framework's code instead.",
)
@click.option("--unshared", is_flag=True, help="With --as: every neuron has its own weights.")
@explain_option
@click.option(
    "--answer",
    metavar="COUNT|SIZE",
    help="Judge an answer such as 34,944, 35k or 55x55x96: right, or by which mistake.",
)
@click.option("--check", is_flag=True, help="With --answer: exit with 1 where it is wrong.")
@svg_option
@click.option("--strict", is_flag=True, help="Refuse a filter that does not tile the input.")
def params(
    dtype: str,
    batch: int,
    optimizer: str,
    format: str,
    framework: str | None,
    unshared: bool,
    explain: bool,
    answer: str | None,
    check: bool,
    svg: str | None,
    strict: bool,
    **spec: Any,
) -> None:
    """Count a layer's output, neurons and parameters, with and without sharing.

    \b
    Example:
      convcalc params --input 227x227x3 --filter 11 --stride 4 --filters 96
    """
    layer, use, failed = LayerText(spec).layer(), Use(dtype, batch, optimizer), False
    if strict:
        require_fit(layer)
    if svg is not None:
        from convcalc.files.save import target
        from convcalc.present.screens.layer import print_layer
        from convcalc.present.slides.table import save_snapshot

        save_snapshot(target("svg", svg, ".svg"), lambda on: print_layer(on, layer, use))
    if framework:
        from convcalc.present.frameworks import to_code

        write(to_code(layer, framework, unshared))
    elif answer is not None:
        from convcalc.arithmetic.answers.judging import judge

        require_format("verdict", format)
        verdict = judge(layer, answer, use)
        show("verdict", format, layer, verdict, use, explain)
        failed = check and not verdict.is_right
    else:
        show("derivation" if explain else "counts", format, layer, use)
    warn_of_misfit(layer)
    if failed:
        click.get_current_context().exit(1)
