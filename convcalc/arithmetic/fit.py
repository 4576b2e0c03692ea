"""Does the filter tile the input? If not: by how much it misses, and what would fit.

Along one axis the filter tiles the padded row when `room` = W - F + pads is a multiple of the
stride S. Each repair solves that one congruence for another unknown:

    input   W' = W - (room mod S), or one stride more
    stride  S' = a divisor of room
    pad     2 P' = F - W (mod S): one residue when S is odd, two or none when S is even
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from convcalc.errors import BadRequest
from convcalc.layer import Axis, Layer, Pad, Pair, Volume

if TYPE_CHECKING:
    from fractions import Fraction


STRIDES_TRIED = 10_000
"""How far from the asked stride a divisor is looked for; stride 1 fits whatever the layer."""


def exact_positions(axis: Axis) -> "int | Fraction":
    """Return room / stride + 1 unrounded: the number of positions if pixels could be cut.

    A whole number is an int, so that a layer that fits never waits for fractions to be imported.

    >>> print(exact_positions(Axis("width", size=224, filter=11, stride=4)))
    217/4
    """
    if not axis.unused:
        return axis.positions
    from fractions import Fraction

    return Fraction(axis.room, axis.stride) + 1


def fits(layer: Layer) -> bool:
    """Whether the filter tiles the padded input evenly along both axes."""
    return not any(axis.unused for axis in layer.axes)


class Fit(NamedTuple):
    """How the filter tiles the padded input. True where it does, otherwise what the floor hides.

    The width and the height are the output's before they are floored, exactly: a Fraction where
    they are not whole. The columns and rows are pixels of the padded input that no window sees.
    """

    exact: bool
    width: "int | Fraction"
    height: "int | Fraction"
    unused_columns: int
    unused_rows: int
    words: str

    def __bool__(self) -> bool:
        return self.exact

    def __str__(self) -> str:
        return self.words


def fit(layer: Layer) -> Fit:
    """Return how the layer's filter tiles its input; a layer without a window fits.

    >>> from convcalc.layer import ConvLayer
    >>> found = fit(ConvLayer(input=(224, 224, 3), filter=11, stride=4, filters=96))
    >>> found.exact, str(found.width), found.unused_columns
    (False, '217/4', 1)
    """
    if not layer.axes:
        return Fit(True, *layer.output[:2], 0, 0, "there is no window to fit")
    exact = fits(layer)
    width, height = map(exact_positions, layer.axes)
    columns, rows = (axis.unused for axis in layer.axes)
    words = "the filter tiles the input evenly" if exact else misfit(layer)
    return Fit(exact, width, height, columns, rows, words)


def misfit(layer: Layer) -> str:
    """Say what the floor hides: the fraction it is taken of, and what is never looked at.

    >>> from convcalc.layer import ConvLayer
    >>> print(misfit(ConvLayer(input=(9, 8, 1), filter=3, stride=2, filters=1)))
    (8 − 3 + 2·0)/2 + 1 = 5/2 + 1 = 3.5, floored to 3 (height): the last row is never looked at
    """
    from convcalc.arithmetic.formula import say
    from convcalc.arithmetic.formulas import FLOORED, LEFT_OVER, SHORTS
    from convcalc.layer.symbols import Symbol
    from convcalc.layer.wording import PIXELS

    shorts, along = SHORTS[layer.kind], layer.symbols().axes
    floored = [
        f"{say(FLOORED, letters, shorts)} ({name})"
        for (name, letters), axis in zip(along.items(), layer.axes, strict=False)
        if axis.unused
    ]
    each = [*along.values()]
    left_over = [
        say(LEFT_OVER, {**letters, "side": Symbol(PIXELS[axis.name], 1)}, shorts)
        for letters, axis in zip((each[0], each[-1]), layer.axes, strict=True)
        if axis.unused
    ]
    are = "are" if sum(axis.unused for axis in layer.axes) > 1 else "is"
    return f"{'; '.join(floored)}: {' and '.join(left_over)} {are} never looked at"


class Repair(NamedTuple):
    """One option changed so that the filter tiles the input: its name, its text, the layer."""

    option: str
    value: str
    layer: Layer


def repairs(layer: Layer) -> Iterator[Repair]:
    """Yield the nearest settings that fit: a pad, a stride, one or two input sizes.

    No pad is yielded where neither equal pads nor `same` fit.
    """
    x, y = layer.axes
    yield from _pad_repair(layer)
    stride = layer.made_of["stride"]._replace(x=_nearest_stride(x), y=_nearest_stride(y))
    yield from _repaired(layer, "stride", stride)
    sizes = [(_smaller(x), _smaller(y)), (_larger(x), _larger(y))]
    for width, height in sorted(sizes, key=lambda size: abs(size[0] - x.size + size[1] - y.size)):
        yield from _repaired(layer, "input", layer.input._replace(width=width, height=height))


def _repaired(layer: Layer, option: str, value: Pad | Pair | Volume | str) -> Iterator[Repair]:
    """Yield the layer with one option changed; nothing where there is no such layer."""
    with suppress(BadRequest):
        yield Repair(option, str(value), layer.replace(**{option: value}))


def _pad_repair(layer: Layer) -> Iterator[Repair]:
    x, y = (_nearest_pad(axis) for axis in layer.axes)
    if x is not None and y is not None:
        pad = layer.made_of["pad"]._replace(left=x, right=x, top=y, bottom=y)
        yield from _repaired(layer, "pad", pad)
    else:
        for repair in _repaired(layer, "pad", "same"):
            if fits(repair.layer):
                yield repair


def _nearest_pad(axis: Axis) -> int | None:
    lacking = axis.extent - axis.size
    if axis.stride % 2:
        period = axis.stride
        residue = lacking * (period + 1) // 2 % period  # (S + 1) / 2 is the inverse of 2
    elif lacking % 2 == 0:
        period = axis.stride // 2
        residue = lacking // 2 % period
    else:
        return None
    below = axis.before - (axis.before - residue) % period
    enough = [pad for pad in (below, below + period) if pad >= 0 and 2 * pad >= lacking]
    return min(enough, key=lambda pad: abs(pad - axis.before), default=None)


def _nearest_stride(axis: Axis) -> int:
    asked = min(axis.stride, axis.room) if axis.unused else axis.stride
    for distance in range(STRIDES_TRIED):
        for stride in (asked - distance, asked + distance):
            if stride > 0 and axis.room % stride == 0:
                return stride
    return 1


def _smaller(axis: Axis) -> int:
    return axis.size - axis.unused


def _larger(axis: Axis) -> int:
    return axis.size - axis.unused + (axis.stride if axis.unused else 0)
