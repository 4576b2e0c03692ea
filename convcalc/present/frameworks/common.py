"""What the code of every framework shares: sizes height first, and comments in plain ASCII."""

import textwrap
from typing import TypeVar

from convcalc.arithmetic.fit import fits, misfit
from convcalc.arithmetic.use import USUAL
from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer
from convcalc.numerals import memory
from convcalc.present.signs import to_ascii

COLUMNS = 88

PAD_ORDER = {1: "(left, right)", 2: "(top, bottom), (left, right)"}
ENDS_ORDER = {1: "left, right", 2: "left, right, top, bottom: here width first"}
"""What the numbers of a pad are, by the dimensions of the layer."""

NO_DILATION = "1 means none"

T = TypeVar("T")


class Sizes:
    """A layer's sizes in the order of every framework: (height, width), or (length,)."""

    def __init__(self, layer: ConvLayer) -> None:
        self.dimensions = layer.input.dimensions
        axes = layer.axes[: self.dimensions][::-1]
        self.order = ", ".join(axis.name for axis in axes)
        self.input = tuple(axis.size for axis in axes)
        self.output = tuple(axis.positions for axis in axes)
        self.filter = tuple(axis.filter for axis in axes)
        self.extent = tuple(axis.extent for axis in axes)
        self.stride = tuple(axis.stride for axis in axes)
        self.dilation = tuple(axis.dilation for axis in axes)
        self.pad = tuple((axis.before, axis.after) for axis in axes)
        self.ends = tuple(end for pad in self.pad[::-1] for end in pad)
        self.pad_order = PAD_ORDER[self.dimensions]
        self.ends_order = ENDS_ORDER[self.dimensions]

    def comment(self, note: str = "") -> str:
        """Return a comment on which number is which, where there are two, and a note."""
        parts = [*([self.order] if self.dimensions > 1 else []), *([note] if note else [])]
        return f"  # {': '.join(parts)}" if parts else ""

    def argument(self, sides: tuple[int, ...], note: str = "") -> str:
        """Return an argument's value, a number alone where there is one, and the comment on it.

        >>> sizes = Sizes(ConvLayer(input=(9, 8, 1), filter=(3, 2), filters=2))
        >>> sizes.argument(sizes.filter)
        '(2, 3),  # height, width'
        """
        return f"{plain(sides)},{self.comment(note)}"


def plain(sides: tuple[T, ...]) -> T | tuple[T, ...]:
    """Return one number alone, several as they are."""
    return sides if len(sides) > 1 else sides[0]


def require_tied(layer: ConvLayer, name: str) -> None:
    """Raise BadRequest for untied biases, which a framework's convolution has not."""
    if layer.untied:
        remedy = "give --bias yes, or --as pytorch or numpy"
        raise BadRequest("bias", layer.bias, f"{name} has one bias for each filter", remedy)


def heading(
    layer: ConvLayer, framework: str, order: str, shape: tuple[int, ...], unshared: bool
) -> str:
    """Say which layer this is, what the framework will report of it, and what it leaves out."""
    count = layer.parameters.unshared if unshared else layer.parameters.shared
    first = layer.axes[0].name.capitalize()
    sentences = [
        f"{layer}{', unshared' if unshared else ''}",
        f"{first} first above; {framework} is {order.format(sides=Sizes(layer).order)}.",
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
