"""`convcalc network`: the table of a whole network."""

from typing import TYPE_CHECKING, Any

import click

from convcalc.cli.command import Command
from convcalc.cli.formats import show
from convcalc.cli.network_asked import asking_options, show_asked
from convcalc.cli.options import use_options, what_fits
from convcalc.cli.values import FORMATS, FRAMEWORKS, Choice, FileName, Whole
from convcalc.errors import BadRequest, shown
from convcalc.present.streams import say, write

if TYPE_CHECKING:
    from convcalc.files.network import Document
    from convcalc.files.onnx.load import Model
    from convcalc.layer.network import Network


@click.command(cls=Command)
@click.argument("spec", required=False)
@click.option("--input", metavar="WxHxD", help="Input volume, where SPEC says none or another.")
@click.option(
    "--format",
    type=Choice(["table", "json", "csv", "markdown", "latex", "html"], FORMATS),
    default="table",
    show_default=True,
    help="How to print the counts.",
)
@click.option(
    "--columns",
    metavar="NAME,NAME",
    help="Columns to add: input, padded, weights, biases, averages, trainable, unshared, flops, "
    "bytes, jump, centre, unused, or all.",
)
@click.option(
    "--depth",
    type=Whole(1, 100),
    metavar="N",
    help="Fold groups of layers that are more than N deep, with their sums.",
)
@click.option(
    "--svg",
    type=FileName(),
    metavar="FILE.svg",
    help="Draw the network for a slide too: volumes as boxes, branches as branches.",
)
@use_options
@click.option("--strict", is_flag=True, help="Refuse a window that does not tile its input.")
@click.option(
    "--published",
    is_flag=True,
    help="Show the paper's own figures beside the computed ones, and why they differ.",
)
@click.option(
    "--as",
    "framework",
    type=Choice(["pytorch"], FRAMEWORKS),
    help="Print the network as this framework's code instead.",
)
@asking_options
def network(
    spec: str | None,
    input: str | None,
    format: str,
    columns: str | None,
    depth: int | None,
    svg: str | None,
    dtype: str,
    batch: int,
    optimizer: str,
    strict: bool,
    published: bool,
    framework: str | None,
    explain: str | None,
    answer: str | None,
    check: bool,
) -> None:
    """Count a whole network layer by layer, and add it up.

    SPEC is the name of a network in the gallery, a TOML file (- is stdin), an .onnx file, or layers
    in one line.

    \b
    Examples:
      convcalc network vgg16
      convcalc network "conv5-6, relu, pool2, fc-10" --input 32x32x1
      convcalc network vgg16 --answer total=138M
    """
    from convcalc.arithmetic.use import Use
    from convcalc.files.save import target
    from convcalc.gallery.spec import find
    from convcalc.layer.options import volume
    from convcalc.present.text.network_columns import USUAL_COLUMNS, Listing, read_columns
    from convcalc.present.text.network_summary import misfits

    named = USUAL_COLUMNS if columns is None else read_columns(columns)
    listing, right = Listing(Use(dtype, batch, optimizer), depth, named), True
    where = None if input is None else volume(input)
    picture = None if svg is None else target("svg", svg, ".svg")
    document = find(spec)
    found = document.at(where)
    if strict:
        _require_fits(found)
    printed = _published(found, document) if published else []
    if picture:
        from convcalc.present.diagram.svg import save_drawing

        save_drawing(picture, found, depth)
    if published:
        from convcalc.arithmetic.published import compare

        source = document.about.get("source", "")
        show("published", format, found, source, compare(found, printed))
        return
    if framework:
        from convcalc.present.frameworks.network_code import network_to_code

        write(network_to_code(found, framework))
    elif explain is not None or answer is not None:
        right = show_asked(found, format, listing, explain, answer)
    else:
        show("network", format, found, listing)
    for sentence, layer in misfits(found):
        remedy = "" if layer is None else f"; {what_fits(layer, True, '{}={}')}"
        say(f"warning: {sentence}{remedy}")
    if check and not right:
        click.get_current_context().exit(1)


def _require_fits(found: "Network") -> None:
    """Raise BadRequest, naming the first layer whose window does not tile its input."""
    from convcalc.arithmetic.fit import fits, misfit

    for number, one in enumerate(found.layers, 1):
        if not fits(one.layer):
            where = f'layer {number} "{shown(one.path)}"'
            raise BadRequest("SPEC", where, misfit(one.layer), what_fits(one.layer, True, "{}={}"))


def _published(network: "Network", document: "Document | Model") -> Any:
    """Return the figures that are published of a network; raise BadRequest where none are known."""
    printed = document.about.get("published")
    if not printed:
        problem = "has no published figures here"
        raise BadRequest("SPEC", network.name, problem, "leave out --published")
    return printed
