"""ConvLayer: the one validated description of a layer that everything else is handed.

The counts are the course notes' own. A layer has one neuron per cell of its output; each looks
at FW * FH * D / groups inputs and has that many weights and one bias. How many of those are
different numbers is the whole question:

    fully connected   every neuron has a weight for every cell of the input volume
    unshared          every neuron has its own weights, for its own window only
    shared            all neurons of a depth slice use the same weights and bias
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from convcalc.errors import BadRequest, NoSuchLayer, shown
from convcalc.figures import plural
from convcalc.layer.axis import Axis
from convcalc.layer.parse import numbers, read, whole, wholes
from convcalc.layer.volume import Pad, Pair, Volume

INPUT = "give WIDTHxHEIGHTxDEPTH, for example 227x227x3"
FILTER = "give a size such as 11, or WIDTHxHEIGHT such as 5x3"
STEP = "give a number from 1 up, or one each along width and height such as 2x1"
PAD = "give a number from 0 up, WIDTHxHEIGHT such as 2x0, same or valid"
COUNT = "give a number from 1 up"


class Count(NamedTuple):
    """Parameters of one kind of layer, as exact integers."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


class Parameters(NamedTuple):
    """The three rungs of the ladder: the same neurons, connected in three ways."""

    fully_connected: Count
    unshared: Count
    shared: Count


class Fields(NamedTuple):
    """What a layer is made of; ConvLayer makes only those that can exist."""

    input: Volume
    filter: Volume
    filters: int
    stride: Pair
    pad: Pad
    dilation: Pair
    groups: int
    bias: bool


class ConvLayer(Fields):
    """A convolutional layer: input volume, filters, stride, pad, dilation, groups.

    Pairs are (width, height). `filter` becomes a volume, its depth the input's divided by the
    groups; `pad` may be a number, a pair, "same", "valid" or (left, right, top, bottom).

    Raises BadRequest, naming the argument, when no such layer exists.

    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> layer.output
    Volume(width=55, height=55, depth=96)
    >>> layer.parameters.unshared.total, layer.parameters.shared.total
    (105705600, 34944)
    """

    __slots__ = ()

    def __new__(
        cls,
        *,
        input: Sequence[int],
        filter: int | Sequence[int],
        filters: int,
        stride: int | Sequence[int] = 1,
        pad: int | str | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> "ConvLayer":
        """Make the layer, or raise BadRequest."""
        volume = Volume(*wholes("input", input, (3,), 1, INPUT))
        groups = whole("groups", groups, 1, COUNT)
        filters = whole("filters", filters, 1, COUNT)
        for count, noun in ((volume.depth, "input channel"), (filters, "filter")):
            if count % groups:
                raise NoSuchLayer(
                    "groups",
                    groups,
                    f"does not divide the {shown(count)} {plural(count, noun)} evenly",
                    _depth_last(volume)
                    or f"give a divisor of both the input's depth {shown(volume.depth)} "
                    f"and the {shown(filters)} {plural(filters, 'filter')}",
                )
        layer = super().__new__(
            cls,
            volume,
            _filter(filter, volume, groups),
            filters,
            _pair("stride", stride),
            Pad(0, 0, 0, 0),
            _pair("dilation", dilation),
            groups,
            bool(bias),
        )
        layer = layer._replace(pad=layer._resolved(pad))
        layer._check_room()
        return layer

    @classmethod
    def parse(
        cls,
        *,
        input: str | Volume,
        filter: str,
        filters: str,
        stride: str = "1",
        pad: str = "0",
        dilation: str = "1",
        groups: str = "1",
        bias: bool = True,
    ) -> "ConvLayer":
        """Read a layer from text, as typed on a command line.

        >>> ConvLayer.parse(input="28x28x32", filter="5x3", filters="96", pad="same").output
        Volume(width=28, height=28, depth=96)
        """
        return cls(
            input=input if isinstance(input, Volume) else numbers("input", input, INPUT),
            filter=numbers("filter", filter, FILTER),
            filters=read("filters", filters, (1,), 1, COUNT)[0],
            stride=numbers("stride", stride, STEP),
            pad=pad if pad in ("same", "valid") else numbers("pad", pad, PAD),
            dilation=numbers("dilation", dilation, STEP),
            groups=read("groups", groups, (1,), 1, COUNT)[0],
            bias=bias,
        )

    def __getnewargs_ex__(self) -> tuple[tuple[()], dict[str, Any]]:
        return (), self._asdict()

    def replace(self, **changes: Any) -> "ConvLayer":
        """Return the layer with some arguments changed, validated anew.

        >>> ConvLayer(input=(9, 9, 1), filter=3, filters=2).replace(pad="same").output.width
        9
        """
        return ConvLayer(**self._asdict() | changes)

    def _check_room(self) -> None:
        for axis, side in zip(self.axes, ("column", "row"), strict=True):
            if axis.room < 0:
                dilated = f", {shown(axis.extent)} with the dilation," if axis.dilation > 1 else ""
                raise NoSuchLayer(
                    "filter",
                    Pair(self.filter.width, self.filter.height),
                    f"its {axis.name} {shown(axis.filter)}{dilated} is more than the "
                    f"{shown(axis.padded)} {plural(axis.padded, side)} of the padded input",
                    _depth_last(self.input)
                    or f"give a {axis.name} of at most "
                    f"{shown((axis.padded - 1) // axis.dilation + 1)}, "
                    f"or a pad of at least {shown((axis.extent - axis.size + 1) // 2)}",
                )

    def _resolved(self, pad: int | str | Sequence[int]) -> Pad:
        if pad == "same":
            pad = self.same_pad
        elif pad == "valid":
            pad = 0
        elif isinstance(pad, str):
            raise BadRequest("pad", pad, "is not a pad", PAD)
        sides = wholes("pad", pad, (1, 2, 4), 0, PAD)
        return Pad(*sides) if len(sides) == 4 else Pad(sides[0], sides[0], sides[-1], sides[-1])

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height, each with its filter, stride, dilation and pad."""
        return (
            Axis(
                "width",
                self.input.width,
                self.filter.width,
                self.stride.x,
                self.dilation.x,
                self.pad.left,
                self.pad.right,
            ),
            Axis(
                "height",
                self.input.height,
                self.filter.height,
                self.stride.y,
                self.dilation.y,
                self.pad.top,
                self.pad.bottom,
            ),
        )

    @property
    def same_pad(self) -> Pad:
        """The pad that TensorFlow's `same` gives this layer, whatever pad it has."""
        x, y = (axis.padded_to_same() for axis in self.axes)
        return Pad(x.before, x.after, y.before, y.after)

    @property
    def output(self) -> Volume:
        """The output volume; its depth is the number of filters."""
        x, y = self.axes
        return Volume(x.positions, y.positions, self.filters)

    @property
    def neurons(self) -> int:
        """One neuron for every cell of the output volume."""
        return self.output.cells

    @property
    def weights_per_neuron(self) -> int:
        """FW * FH * D / groups: local along width and height, full along the depth."""
        return self.filter.cells

    @property
    def multiply_adds(self) -> int:
        """Every neuron multiplies each of its weights once, shared or not; biases not counted."""
        return self.neurons * self.weights_per_neuron

    @property
    def parameters(self) -> Parameters:
        """How many parameters the layer has, fully connected, unshared and shared."""
        return Parameters(
            fully_connected=self._count(self.neurons, self.input.cells),
            unshared=self._count(self.neurons, self.weights_per_neuron),
            shared=self._count(self.filters, self.weights_per_neuron),
        )

    def _count(self, weight_sets: int, weights: int) -> Count:
        return Count(weight_sets * weights, weight_sets if self.bias else 0)

    def __str__(self) -> str:
        extras = [
            f"dilation {self.dilation}" if self.dilation != (1, 1) else "",
            f"{self.groups} groups" if self.groups > 1 else "",
            "" if self.bias else "no bias",
        ]
        filters = "1 filter" if self.filters == 1 else f"{self.filters} filters"
        parts = [
            f"{filters} of {self.filter}",
            f"stride {self.stride}",
            f"pad {self.pad.words}",
            *extras,
        ]
        return f"{self.input} → {self.output}: " + ", ".join(part for part in parts if part)


def _pair(argument: str, value: int | Sequence[int]) -> Pair:
    sides = wholes(argument, value, (1, 2), 1, STEP)
    return Pair(sides[0], sides[-1])


def _filter(value: int | Sequence[int], input: Volume, groups: int) -> Volume:
    sides = wholes("filter", value, (3,) if isinstance(value, Volume) else (1, 2), 1, FILTER)
    depth = input.depth // groups
    if len(sides) == 3 and sides[2] != depth:
        raise NoSuchLayer(
            "filter",
            value,
            f"has depth {sides[2]}, where the input's depth divided by the groups is {depth}",
            _depth_last(input) or "give WIDTHxHEIGHT alone",
        )
    return Volume(sides[0], sides[1 if len(sides) > 1 else 0], depth)


def _depth_last(input: Volume) -> str:
    """Return what to give instead of an input whose depth seems to come first, or nothing."""
    meant = input.depth_last
    return f"depth comes last: give input={tuple(meant)}" if meant else ""
