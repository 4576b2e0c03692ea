"""What the code of every framework shares: sizes height first, and comments in plain ASCII."""

import textwrap

from convcalc.arithmetic.fit import fits, misfit
from convcalc.arithmetic.use import USUAL
from convcalc.layer import ConvLayer
from convcalc.numerals import memory
from convcalc.present.signs import to_ascii

COLUMNS = 88


class Sizes:
    """A layer's sizes in the order of every framework: (height, width)."""

    def __init__(self, layer: ConvLayer) -> None:
        x, y = layer.axes
        self.input = y.size, x.size
        self.output = y.positions, x.positions
        self.filter = y.filter, x.filter
        self.extent = y.extent, x.extent
        self.stride = y.stride, x.stride
        self.dilation = y.dilation, x.dilation
        self.pad = (y.before, y.after), (x.before, x.after)


def heading(
    layer: ConvLayer, framework: str, order: str, shape: tuple[int, ...], unshared: bool
) -> str:
    """Say which layer this is, what the framework will report of it, and what it leaves out."""
    count = layer.parameters.unshared if unshared else layer.parameters.shared
    sentences = [
        f"{layer}{', unshared' if unshared else ''}",
        f"Width first above; {framework} is {order}.",
        f"{framework} reports output {shape}, parameters {count.total}: "
        f"{memory(count.total * USUAL.bytes_each)} in {USUAL.dtype}.",
    ]
    if not fits(layer):
        sentences.append(f"{framework} rounds down in silence: {misfit(layer)}.")
    return "\n".join(map(comment, sentences))


def comment(sentence: str) -> str:
    """Return a sentence as lines of comment, in ASCII."""
    return textwrap.fill(
        to_ascii(sentence),
        COLUMNS,
        initial_indent="# ",
        subsequent_indent="# ",
        break_long_words=False,
        break_on_hyphens=False,
    )
