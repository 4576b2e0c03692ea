"""A convolutional layer in one dimension: a layer of height 1 of which only the length is told.

An input of length x channels is a volume whose height is 1, a filter along it has height 1 too,
and so every pass and every count is that of the layer in two dimensions.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from convcalc.layer.axis import Axis
from convcalc.layer.conv import ConvLayer, with_depth
from convcalc.layer.options import Option, bias, count, ends, length, step
from convcalc.layer.parse import wholes
from convcalc.layer.symbols import Symbols
from convcalc.layer.volume import Along, Ends, Pad, Pair, Series, Volume
from convcalc.layer.wording import ENDS, INPUT, LENGTH, PACE

NO_HEIGHT = ("H", "FH", "P_top", "P_bottom")
"""Letters that nothing is told by of a series."""


class ConvLayer1D(ConvLayer):
    """What ConvLayer makes of an input of two numbers; filter, stride and dilation are one.

    Its volumes are Series: width is the length, height 1, depth the channels. `pad` may be a
    number, "same", "valid" or (left, right).

    >>> layer = ConvLayer(input=(60, 1), filter=40, filters=7)
    >>> print(layer)
    60x1 → 21x7: 7 filters of 40x1, stride 1, pad 0
    >>> layer == ConvLayer(input=(60, 1, 1), filter=(40, 1), filters=7)
    False
    """

    kind: ClassVar[str] = "conv1d"
    options: ClassVar[tuple[Option, ...]] = (
        Option("filter", length, needed=True),
        Option("stride", step, "1"),
        Option("pad", ends, "0"),
        Option("dilation", step, "1"),
        Option("groups", count, "1"),
        Option("filters", count, needed=True),
        Option("bias", bias, "yes"),
    )

    maker: ClassVar[str] = ConvLayer.__name__
    _pads: ClassVar[str] = ENDS

    def _input(self, value: Sequence[int]) -> Volume:
        sides = value.sides if isinstance(value, Series) else value
        return Volume.of(wholes("input", sides, (2,), 1, INPUT))

    def _filter(self, value: int | Sequence[int], input: Volume, groups: int) -> Volume:
        if isinstance(value, Along | Series):
            value = value[::2] if isinstance(value, Series) else value[0]
        sides = wholes("filter", value, (1, 2), 1, LENGTH)
        return with_depth(Series(sides[0], 1, input.depth // groups), sides, input)

    def _step(self, argument: str, value: int | Sequence[int]) -> Pair:
        step = value[0] if isinstance(value, Along) else value
        return Along(wholes(argument, step, (1,), 1, PACE)[0], 1)

    def _pad(self, value: int | Sequence[int]) -> Pad:
        sides = value[:2] if isinstance(value, Ends) else value
        return Ends.of(wholes("pad", sides, (1, 2), 0, ENDS))

    @property
    def same_pad(self) -> Ends:
        """The pad that TensorFlow's `same` gives this layer, whatever pad it has."""
        return Ends(*super().same_pad)

    @property
    def made_of(self) -> dict[str, Any]:
        """What `options` the layer has, as the constructor takes them."""
        return super().made_of | {"filter": Along(self.filter.width, 1)}

    def _axes(self, pad: Pad) -> tuple[Axis, Axis]:
        x, y = super()._axes(pad)
        return x._replace(name="length"), y

    def symbols(self) -> Symbols:
        """Return what the letters stand for that are left without a height; W is written L."""
        letters, _ = super().symbols()
        x, _ = self.axes
        told = {name: symbol for name, symbol in letters.items() if name not in NO_HEIGHT}
        along = x.symbols("L", "F")
        told |= {"W": along["W"], "FW": along["F"]}
        told |= {"P_left": along["P_before"], "P_right": along["P_after"]}
        return Symbols(told, {x.name: along})
