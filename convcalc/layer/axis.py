"""One axis of a layer: how a filter slides along a row of pixels.

Number the pixels of the padded row 0, 1, ..., size + before + after - 1. The dilated filter
covers `extent` of them, so its first pixel can stand at 0, stride, 2 * stride, ... as long as
its last pixel is still inside: first + extent <= padded. The largest first pixel is therefore
`room` = padded - extent, and the positions are the multiples of the stride from 0 to `room`:

    positions = floor(room / stride) + 1 = floor((W - F + 2 P) / S) + 1

The pixels behind the last window number room mod stride; when that is 0 the filter tiles the row.

Pooling may round up instead: one window more, which sticks out, if it starts inside the row or
in the pad before it. With a pad of at most half the window it then always does.
"""

from typing import NamedTuple

from convcalc.layer.sight import Sight
from convcalc.layer.symbols import Letters, Symbol
from convcalc.layer.volume import Pad, Pair, Volume

ONE = Pair(1, 1)
NO_PAD = Pad(0, 0, 0, 0)


class Axis(NamedTuple):
    """The width or the height of a layer, in pixels.

    >>> Axis("width", size=227, filter=11, stride=4).positions
    55
    """

    name: str
    size: int
    filter: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    up: bool = False

    @property
    def padded(self) -> int:
        """The row with its pad."""
        return self.size + self.before + self.after

    @property
    def extent(self) -> int:
        """Pixels from the filter's first to its last, holes of the dilation included."""
        return self.dilation * (self.filter - 1) + 1

    @property
    def room(self) -> int:
        """How far the filter can move from the first pixel; negative when it is too large."""
        return self.padded - self.extent

    @property
    def positions(self) -> int:
        """How many places the filter stands at: the size of the output along this axis."""
        return self.room // self.stride + 1 + self.sticks_out

    @property
    def sticks_out(self) -> bool:
        """Whether a last window, rounded `up` to, sticks out of the padded row."""
        start = (self.room // self.stride + 1) * self.stride
        return self.up and self.room % self.stride > 0 and start < self.before + self.size

    @property
    def unused(self) -> int:
        """Pixels of the padded row left over behind the last window, never looked at."""
        return 0 if self.sticks_out else self.room % self.stride

    @property
    def sight(self) -> Sight:
        """Which pixels of the row a position sees."""
        return Sight(self.extent, self.stride, self.before, gap=self.dilation)

    def window(self, position: int) -> range:
        """Return the places in the padded row that the filter covers at a position.

        >>> Axis("width", size=7, filter=3, stride=2, dilation=2).window(1)
        range(2, 7, 2)
        """
        first = position * self.stride
        return range(first, first + self.extent, self.dilation)

    def pixels(self, position: int) -> tuple[int | None, ...]:
        """Return which pixel of the row each tap of the filter sees; None where it is pad.

        >>> Axis("width", size=7, filter=3, before=1).pixels(0)
        (None, 0, 1)
        """
        places = (place - self.before for place in self.window(position))
        return tuple(place if 0 <= place < self.size else None for place in places)

    def alike(self, other: "Axis") -> bool:
        """Whether the other axis is the same in all but its name."""
        return self[1:] == other[1:]

    def symbols(self, side: str, field: str) -> Letters:
        """Return what the letters of its formulas stand for; `side` and `field` are W and F here.

        As the pad of both sides is one number mostly, it is then one letter.
        """
        even = self.before == self.after
        return {
            "W": Symbol(side, self.size),
            "F": Symbol(field, self.filter),
            "S": Symbol("S", self.stride),
            "d": Symbol("d", self.dilation),
            "P": Symbol("P", self.before),
            "P_before": Symbol("P" if even else "P_before", self.before),
            "P_after": Symbol("P" if even else "P_after", self.after),
        }

    def padded_to_same(self) -> "Axis":
        """Return the axis with TensorFlow's `same` pad: ceil(size / stride) positions.

        The last of n positions needs (n - 1) * stride + extent pixels; what the row lacks is
        added half on each side, the odd pixel after the row.
        """
        positions = -(-self.size // self.stride)
        missing = max((positions - 1) * self.stride + self.extent - self.size, 0)
        return self._replace(before=missing // 2, after=missing - missing // 2)


def sliding(
    input: Volume,
    filter: Pair | Volume,
    stride: Pair = ONE,
    dilation: Pair = ONE,
    pad: Pad = NO_PAD,
) -> tuple[Axis, Axis]:
    """Return the width and the height of an input along which a filter slides.

    >>> [axis.positions for axis in sliding(Volume(9, 7, 2), Pair(3, 2))]
    [7, 6]
    """
    return (
        Axis("width", input.width, filter[0], stride.x, dilation.x, pad.left, pad.right),
        Axis("height", input.height, filter[1], stride.y, dilation.y, pad.top, pad.bottom),
    )
