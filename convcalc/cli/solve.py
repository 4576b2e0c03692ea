"""`convcalc solve`: from what is known of a layer to all layers that fit."""

from typing import Any

import click

from convcalc.cli.command import Command
from convcalc.cli.formats import show
from convcalc.cli.values import Choice, Whole

OPTIONS = (
    (
        "--input",
        "WxHxD|LxD",
        None,
        "Input volume: width, height, depth; or length, depth. Without it, the inputs before the "
        "output.",
    ),
    ("--output", "WxH|WxHxK|L|LxK", None, "Output wanted."),
    (
        "--filter",
        "F|FWxFH|A..B",
        None,
        "Receptive field, or a range of them; without it, 1..16, or any if all else is known.",
    ),
    (
        "--stride",
        "S|SWxSH|A..B",
        None,
        "Step between neighbouring windows; without it, 1..16, or any if all else is known.",
    ),
    (
        "--pad",
        "P|PWxPH|same|valid|A..B",
        None,
        "Zeros around the input, as in params, or a range for every side; without it, up to half "
        "the filter on each, or any if all else is known; without --input none.",
    ),
    (
        "--filters",
        "K|A..B",
        None,
        "Number of filters; of a range, the most that groups and limits allow.",
    ),
    ("--dilation", "D|DWxDH|A..B", "1", "Step between the pixels one filter sees."),
    ("--groups", "G|A..B", "1", "Groups of depth and filters."),
    ("--depth", "D", None, "Depth of an input whose width and height are looked for."),
    ("--params", "N", None, "Exactly so many parameters, such as 34944 or 1.5k."),
    ("--max-params", "N", None, "Budget of parameters, such as 50k or 1.5M."),
    ("--max-macs", "N", None, "At most so many multiply-adds, such as 100M."),
    ("--max-flops", "N", None, "At most so many FLOPs, 2 for a multiply-add."),
    (
        "--max-memory",
        "BYTES",
        None,
        "At most so many bytes for the output in float32, such as 500kB, 1.5M or 2MiB.",
    ),
)


def solve_options(command: Any) -> Any:
    """Add the options that say what is known."""
    for name, metavar, default, text in reversed(OPTIONS):
        command = click.option(
            name, metavar=metavar, default=default, show_default=default is not None, help=text
        )(command)
    return command


@click.command(cls=Command)
@solve_options
@click.option("--no-bias", is_flag=True, help="Neurons have no bias.")
@click.option("--keep-size", is_flag=True, help="The output is as wide and high as the input.")
@click.option("--halve", is_flag=True, help="It is half as wide and high, rounded up.")
@click.option("--allow-floor", is_flag=True, help="Also list filters that do not tile the input.")
@click.option(
    "--limit",
    type=Whole(1, 1000),
    metavar="N",
    default=20,
    show_default=True,
    help="How many to list, up to 1,000; all are counted.",
)
@click.option(
    "--format",
    type=Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print what fits.",
)
def solve(limit: int, format: str, **known: Any) -> None:
    """List the layers that fit what is known, the usual ones first.

    \b
    Example:
      convcalc solve --input 227x227x3 --output 55x55
    """
    from convcalc.arithmetic.solver.asked import solve as solve_for
    from convcalc.cli.ranges import read_known

    found = solve_for(**read_known(known), limit=limit)
    show("solutions", format, found, found.nearest)
