"""`convcalc network`: the table of a whole network."""

import click

from convcalc.cli.command import Command
from convcalc.cli.formats import show
from convcalc.cli.values import Choice
from convcalc.errors import BadRequest, alternatives


@click.command(cls=Command)
@click.argument("spec", required=False)
@click.option("--input", metavar="WxHxD", help="Input volume, where SPEC does not say it.")
@click.option(
    "--format",
    type=Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="How to print the counts.",
)
def network(spec: str | None, input: str | None, format: str) -> None:
    """Count a whole network layer by layer, and add it up.

    SPEC is a network of the gallery, a TOML or ONNX file, or layers in one line.

    \b
    Examples:
      convcalc network vgg16
      convcalc network "conv5-6, relu, pool2, fc-10" --input 32x32x1
    """
    from convcalc.gallery.shelf import names
    from convcalc.gallery.spec import find
    from convcalc.layer.options import volume

    if spec is None:
        remedy = f"give {alternatives(names())}, a TOML file, or layers such as conv3-64, fc-10"
        raise BadRequest("SPEC", None, "is missing", remedy)
    found = find(spec).at(None if input is None else volume(input))
    show("network", format, found)
