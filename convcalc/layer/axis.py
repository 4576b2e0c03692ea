"""One axis of a layer: how a filter slides along a row of pixels.

Number the pixels of the padded row 0, 1, ..., size + before + after - 1. The dilated filter
covers `extent` of them, so its first pixel can stand at 0, stride, 2 * stride, ... as long as
its last pixel is still inside: first + extent <= padded. The largest first pixel is therefore
`room` = padded - extent, and the positions are the multiples of the stride from 0 to `room`:

    positions = floor(room / stride) + 1 = floor((W - F + 2 P) / S) + 1

The pixels behind the last window number room mod stride; when that is 0 the filter tiles the row.
"""

from typing import NamedTuple


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
        return self.room // self.stride + 1

    @property
    def unused(self) -> int:
        """Pixels of the padded row left over behind the last window, never looked at."""
        return self.room % self.stride

    def padded_to_same(self) -> "Axis":
        """Return the axis with TensorFlow's `same` pad: ceil(size / stride) positions.

        The last of n positions needs (n - 1) * stride + extent pixels; what the row lacks is
        added half on each side, the odd pixel after the row.
        """
        positions = -(-self.size // self.stride)
        missing = max((positions - 1) * self.stride + self.extent - self.size, 0)
        return self._replace(before=missing // 2, after=missing - missing // 2)
