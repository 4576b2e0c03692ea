"""`convcalc demo`: a small layer one position at a time, in the terminal or as a picture."""

import sys
from typing import TYPE_CHECKING, Any

import click

from convcalc.cli.command import Command
from convcalc.cli.options import (
    LayerText,
    bias_option,
    layer_options,
    warn_of_darkness,
    warn_of_misfit,
)
from convcalc.cli.values import FileName, Whole
from convcalc.present.streams import console, say

if TYPE_CHECKING:
    from rich.console import Console

    from convcalc.arithmetic.walk.numbers import Numbers
    from convcalc.arithmetic.walk.steps import Mode, Walk
    from convcalc.layer import ConvLayer
    from convcalc.shapes import Scale

INPUT = "5x5x3"
DEFAULTS = {"filter": "3", "stride": "2", "pad": "1", "filters": "2"}
"""The demo's own layer, where the options say nothing else; an image is its own input."""


@click.command(cls=Command)
@layer_options
@bias_option
@click.option(
    "--seed",
    type=Whole(0, 2**32 - 1),
    metavar="N",
    default=1,
    show_default=True,
    help="Which small integers the layer runs on.",
)
@click.option(
    "--image",
    type=FileName(),
    metavar="FILE",
    help="An image as the input, scaled down, in levels 0 to 9.",
)
@click.option("--unshared", is_flag=True, help="Begin with every position its own filter.")
@click.option("--gradient", is_flag=True, help="Begin with the gradient of the weights.")
@click.option(
    "--steps",
    is_flag=True,
    help="Print the steps as text, as is done without a terminal: of many the first and the last.",
)
@click.option(
    "--gif", type=FileName(), metavar="FILE.gif", help="Write the steps as an animated GIF."
)
@click.option(
    "--svg", type=FileName(), metavar="FILE.svg", help="Write the steps as an animated SVG."
)
@click.option(
    "--html",
    type=FileName(),
    metavar="FILE.html",
    help="Write the lesson as a page for a browser; it needs no network.",
)
def demo(
    seed: int,
    image: str | None,
    unshared: bool,
    gradient: bool,
    steps: bool,
    gif: str | None,
    svg: str | None,
    html: str | None,
    **spec: Any,
) -> None:
    """Go through a small layer one position at a time, in integers to check by hand.

    In a terminal the keys at the bottom of the screen go on, back and elsewhere.

    \b
    Examples:
      convcalc demo
      convcalc demo --input 6x6x1 --filter 2 --stride 2 --pad 0 --filters 1 --unshared --steps
      convcalc demo --gradient --gif gradient.gif
      convcalc demo --html page.html
    """
    from convcalc.arithmetic.walk.steps import Mode, Walk
    from convcalc.files.save import target

    named = (("gif", gif), ("svg", svg))
    targets = [target(name, text, f".{name}") for name, text in named if text is not None]
    if html is not None:
        from convcalc.cli.page import write_page

        page = target("html", html, ".html")
        write_page(page, LayerText(spec).with_defaults(input=INPUT), seed, unshared, gradient)
        return
    layer, numbers, source, scale = _operands(LayerText(spec), seed, image)
    walk, mode, screen = Walk(layer, numbers), Mode(not unshared, gradient), console()
    if targets:
        from convcalc.present.slides.steps import save_steps

        for path in targets:
            save_steps(screen, path, walk, mode)
    if steps or not (targets or _fill_screen(screen, walk, mode)):
        from convcalc.present.player.step import print_steps

        print_steps(screen, walk, mode, source)
    warn_of_misfit(layer)
    if scale:
        warn_of_darkness("--image", image, scale)


def _fill_screen(screen: "Console", walk: "Walk", mode: "Mode") -> bool:
    """Go through the steps in a terminal with keys; return False where there is none."""
    both = sys.stdin.isatty() and sys.stdout.isatty()
    if not both or not screen.is_terminal or screen.is_dumb_terminal:
        return False
    try:
        from convcalc.present.player.keys import Player, perform
        from convcalc.present.player.terminal import full_screen
    except ImportError as error:
        why = str(error).partition(" (")[0]  # a path may follow, which says nothing more
        say(f"warning: this system cannot fill a screen ({why}); the steps are printed")
        return False
    with full_screen(screen) as terminal:
        perform(Player(walk, mode), terminal)
    return True


def _operands(
    spec: LayerText, seed: int, image: str | None
) -> tuple["ConvLayer", "Numbers", str, "Scale | None"]:
    """Return the layer, its numbers, where its input comes from, and the scale of an image."""
    from convcalc.arithmetic.walk.limits import require_small
    from convcalc.arithmetic.walk.numbers import small_numbers

    if image is None:
        layer = spec.with_defaults(input=INPUT).layer()
        return layer, small_numbers(layer, seed), f"small integers of seed {seed}", None
    from pathlib import Path

    from convcalc.compute.tools.memory import require_memory
    from convcalc.errors import printable
    from convcalc.files.levels import SmallImage

    small = SmallImage(Path(image), spec.input)
    layer = spec.layer(small.volume)
    require_small(layer)
    require_memory({"image": small.bytes_to_read()})
    levels, scale = small.read()
    numbers = small_numbers(layer, seed, lambda row, column, channel: levels[row][column][channel])
    source = f"{printable(image)}, scaled down, in levels 0 to 9; seed {seed}"
    return layer, numbers, source, scale


for option in demo.params:
    if option.name in DEFAULTS and isinstance(option, click.Option):
        option.default, option.show_default = DEFAULTS[option.name], True
    elif option.name == "input" and isinstance(option, click.Option):
        option.help = f"{option.help}  [default: {INPUT}]"
