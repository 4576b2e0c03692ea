"""The layer options every command has, read once into what the command needs."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from convcalc.arithmetic.use import OPTIMIZERS
from convcalc.cli.values import DTYPES, Choice, FileName, Whole
from convcalc.errors import BadRequest, shown
from convcalc.layer import ConvLayer, Layer, Recipe, Series, Volume
from convcalc.layer.kinds import convolution_of
from convcalc.layer.options import volume
from convcalc.layer.wording import FILTER, INPUT, LENGTH, UNTIED
from convcalc.present.streams import say

if TYPE_CHECKING:
    from convcalc.shapes import Scale

HOW_MANY = "give how many, for example 96"

Command = TypeVar("Command", bound=Callable[..., Any])

LAYER_OPTIONS = (
    click.option(
        "--input",
        metavar="WxHxD|LxC",
        help="Input volume: width, height, depth; or a series: length, channels.",
    ),
    click.option("--filter", metavar="F|FWxFH", help="Receptive field of a neuron."),
    click.option(
        "--stride",
        metavar="S|SWxSH",
        default="1",
        show_default=True,
        help="Step between neighbouring windows.",
    ),
    click.option(
        "--pad",
        metavar="P|PWxPH|same|valid",
        default="0",
        show_default=True,
        help="Zeros around the input: on both sides alike, or LEFTxRIGHTxTOPxBOTTOM; "
        "same: as many as make the output ceil(input/stride); valid: none.",
    ),
    click.option("--filters", metavar="K", help="Number of filters, the depth of the output."),
    click.option(
        "--dilation",
        metavar="D|DWxDH",
        default="1",
        show_default=True,
        help="Step between the pixels one filter sees; 1 means none.",
    ),
    click.option(
        "--groups",
        metavar="G",
        default="1",
        show_default=True,
        help="Split depth and filters into groups; as many as the depth: depthwise.",
    ),
    click.option("--no-bias", is_flag=True, help="Neurons have no bias."),
)


class LayerText:
    """The layer options as typed: a layer once the input is known."""

    def __init__(self, texts: dict[str, Any]) -> None:
        self.texts = texts

    @property
    def input(self) -> Volume | None:
        """The input volume, where it was given."""
        text = self.texts["input"]
        if text is None:
            return None
        return volume(text)

    def with_defaults(self, **texts: str) -> "LayerText":
        """Return the same options with texts for those that were not given."""
        return LayerText(
            {name: texts.get(name) if text is None else text for name, text in self.texts.items()}
        )

    def untied(self) -> "LayerText":
        """Return the same options, and untied biases."""
        return LayerText(self.texts | {"bias": UNTIED})

    def layer(self, input: Volume | None = None) -> ConvLayer:
        """Return the layer, for an input found elsewhere or the one that was typed.

        Raises BadRequest for an option that is missing or that no layer can have.
        """
        where = input or self.input
        if where is None:
            raise BadRequest("input", None, "is missing", INPUT)
        size = LENGTH if isinstance(where, Series) else FILTER
        for option, remedy in (("filter", size), ("filters", HOW_MANY)):
            if self.texts[option] is None:
                raise BadRequest(option, None, "is missing", remedy)
        bias = "no" if self.texts["no_bias"] else self.texts.get("bias") or "yes"
        layer: ConvLayer = Recipe.read(convolution_of(where), self.texts | {"bias": bias}).at(where)
        return layer


def bias_option(command: Command) -> Command:
    """Add `--bias yes|no|untied`, another of the texts of a LayerText."""
    return click.option(
        "--bias",
        type=Choice(["yes", "no", UNTIED]),
        default="yes",
        show_default=True,
        help="One bias for each filter, none, or untied: one for each neuron.",
    )(command)


def layer_options(command: Command) -> Command:
    """Add the layer options, the texts of a LayerText."""
    for option in reversed(LAYER_OPTIONS):
        command = option(command)
    return command


def operand_options(dtype: str) -> Callable[[Command], Command]:
    """Add SOURCE and the options for weights, type (this one unless asked) and seed."""
    options = (
        click.argument("source", required=False, type=FileName()),
        click.option(
            "--weights",
            type=FileName(),
            metavar="NAME|FILE.npy",
            default="random",
            show_default=True,
            help="A filter bank (random, edges, blur, sharpen, gabor), or an array "
            "(K, FH, FW, D/groups), which then also says --filter and --filters.",
        ),
        click.option(
            "--dtype",
            type=Choice(["float32", "float64"], DTYPES),
            default=dtype,
            show_default=True,
            help="What to compute in.",
        ),
        click.option(
            "--seed",
            type=Whole(0, 2**63 - 1),
            metavar="N",
            help="Makes random data repeatable; without it one is drawn, and shown.",
        ),
    )

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


USE_OPTIONS = (
    click.option(
        "--dtype",
        type=Choice(["float32", "float64", "float16"], DTYPES),
        default="float32",
        show_default=True,
        help="Type of the numbers in memory.",
    ),
    click.option(
        "--batch",
        type=Whole(1, 10**12),
        metavar="N",
        default=1,
        show_default=True,
        help="Inputs at once: they multiply the work and the activations, never the parameters.",
    ),
    click.option(
        "--optimizer",
        type=Choice(list(OPTIMIZERS)),
        default="none",
        show_default=True,
        help="What updates the parameters: a training step also keeps its numbers.",
    ),
)


def use_options(command: Command) -> Command:
    """Add `--dtype`, `--batch` and `--optimizer`, the parts of a Use."""
    for option in reversed(USE_OPTIONS):
        command = option(command)
    return command


def format_option(command: Command) -> Command:
    """Add `--format table|json`."""
    return click.option(
        "--format",
        type=Choice(["table", "json"]),
        default="table",
        show_default=True,
        help="How to print what was run.",
    )(command)


def explain_option(command: Command) -> Command:
    """Add `--explain`."""
    return click.option(
        "--explain", is_flag=True, help="Show the arithmetic step by step, and why."
    )(command)


def svg_option(command: Command) -> Command:
    """Add `--svg FILE.svg`."""
    return click.option(
        "--svg",
        type=FileName(),
        metavar="FILE.svg",
        help="Write the table as a picture for a slide too.",
    )(command)


def require_fit(layer: Layer) -> None:
    """Raise BadRequest unless the filter tiles the padded input evenly."""
    from convcalc.arithmetic.fit import fits, misfit

    if not fits(layer):
        raise BadRequest("stride", layer.made_of["stride"], misfit(layer), what_fits(layer))


def warn_of_misfit(layer: Layer, input_is_fixed: bool = False) -> None:
    """Say on stderr what the floor hides, where the filter does not tile the input."""
    from convcalc.arithmetic.fit import fits, misfit

    if not fits(layer):
        say(f"warning: {misfit(layer)}; {what_fits(layer, input_is_fixed)}")


def warn_of_darkness(argument: str, path: object, scale: "Scale") -> None:
    """Say on stderr where an image is nearly black, such as one of 12 bits that are kept in 16."""
    if scale.is_dark:
        say(
            f"warning: {argument} {shown(path)}: its values go up to {scale.greatest:.6g} where "
            f"{scale.one:.6g} is white, so the input is nearly black; stretch the picture, or give "
            "an array, which is taken as it is"
        )


def what_fits(layer: Layer, input_is_fixed: bool = False, form: str = "--{} {}") -> str:
    """Name the nearest settings that fit, as options to type: a name and values in a form."""
    from convcalc.arithmetic.fit import repairs

    options: dict[str, list[str]] = {}
    for repair in repairs(layer):
        if repair.option != "input" or not input_is_fixed:
            options.setdefault(repair.option, []).append(repair.value)
    choices = [form.format(option, " or ".join(values)) for option, values in options.items()]
    return "what fits: " + ", ".join(choices)
