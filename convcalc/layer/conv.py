"""ConvLayer: the one validated description of a layer that everything else is handed.

The counts are the course notes' own. A layer has one neuron per cell of its output; each looks
at FW * FH * D / groups inputs and has that many weights and one bias. How many of those are
different numbers is the whole question:

    fully connected   every neuron has a weight for every cell of the input volume
    unshared          every neuron has its own weights, for its own window only
    shared            all neurons of a depth slice use the same weights and bias

Untied biases are one for each neuron, whatever the weights are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from convcalc.errors import BadRequest, NoSuchLayer, alternatives, shown
from convcalc.layer import wording
from convcalc.layer.axis import NO_PAD, Axis, sliding
from convcalc.layer.making import (
    depth_last,
    in_numbers,
    made_count,
    made_pad,
    made_pair,
    made_volume,
    require_even_groups,
    require_room,
    same_pad,
)
from convcalc.layer.options import Option, bias, count, pad, pair, window
from convcalc.layer.parse import wholes
from convcalc.layer.protocol import Connection, Count, Kind
from convcalc.layer.spellings import told_keywords
from convcalc.layer.symbols import Letters, Symbol, Symbols
from convcalc.layer.volume import Pad, Pair, Series, Volume
from convcalc.layer.wording import FILTER, PAD, UNTIED


class Parameters(NamedTuple):
    """The three rungs of the ladder: the same neurons, connected in three ways."""

    fully_connected: Count
    unshared: Count
    shared: Count

    def __repr__(self) -> str:
        rungs = "".join(f"    {name}={count},\n" for name, count in self._asdict().items())
        return f"Parameters(\n{rungs})"


@dataclass(frozen=True, init=False, repr=False)
class ConvLayer(Kind):
    """A convolutional layer: input volume, filters, stride, pad, dilation, groups.

    Pairs are (width, height). `filter` becomes a volume, its depth the input's divided by the
    groups; `pad` may be a number, a pair, "same", "valid" or (left, right, top, bottom); `bias`
    is True for one a filter, False for none, "untied" for one a neuron.

    Raises BadRequest, naming the argument, when no such layer exists.

    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> layer.output
    Volume(width=55, height=55, depth=96)
    >>> layer.parameters.unshared.total, layer.parameters.shared.total
    (105705600, 34944)
    """

    kind: ClassVar[str] = "conv"
    main: ClassVar[str | None] = "filter"
    second: ClassVar[str | None] = "filters"
    options: ClassVar[tuple[Option, ...]] = (
        Option("filter", window, needed=True),
        Option("stride", pair, "1"),
        Option("pad", pad, "0"),
        Option("dilation", pair, "1"),
        Option("groups", count, "1"),
        Option("filters", count, needed=True),
        Option("bias", bias, "yes"),
    )

    _pads: ClassVar[str] = PAD
    _biases: ClassVar[tuple[bool | str, ...]] = (True, False, UNTIED)
    _apart: ClassVar[str] = ""

    input: Volume
    filter: Volume
    filters: int
    stride: Pair
    pad: Pad
    dilation: Pair
    groups: int
    bias: bool | str

    def __new__(cls, *, input: Sequence[int] = (), **options: Any) -> "ConvLayer":
        """Return a layer in the making: of one dimension where the input has two numbers."""
        if isinstance(input, Series) or (isinstance(input, tuple | list) and len(input) == 2):
            from convcalc.layer.conv1d import ConvLayer1D

            return super().__new__(ConvLayer1D)
        return super().__new__(cls)

    @told_keywords
    def __init__(
        self,
        *,
        input: Sequence[int],
        filter: int | Sequence[int],
        filters: int,
        stride: int | Sequence[int] = 1,
        pad: int | str | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool | str = True,
    ) -> None:
        """Make the layer, or raise BadRequest."""
        volume = self._input(input)
        groups = made_count("groups", groups)
        filters = made_count("filters", filters)
        require_even_groups(volume, filters, groups)
        self._set(
            input=volume,
            filter=self._filter(filter, volume, groups),
            filters=filters,
            stride=self._step("stride", stride),
            dilation=self._step("dilation", dilation),
            groups=groups,
            bias=self._bias(bias),
        )
        self._set(pad=self._pad(in_numbers(pad, lambda: self.same_pad, self._pads)))
        require_room("filter", self.made_of["filter"], self.axes, volume)

    @property
    def made_of(self) -> dict[str, Any]:
        """What `options` the layer has, as the constructor takes them."""
        return super().made_of | {"filter": Pair(self.filter.width, self.filter.height)}

    def replace(self, **changes: Any) -> "ConvLayer":
        """Return the layer with some arguments changed, validated anew.

        >>> ConvLayer(input=(9, 9, 1), filter=3, filters=2).replace(pad="same").output.width
        9
        """
        maker = ConvLayer if isinstance(self.input, Series) else type(self)
        return maker(**{"input": self.input} | self.made_of | changes)

    def _input(self, value: Sequence[int]) -> Volume:
        return made_volume(value)

    def _filter(self, value: int | Sequence[int], input: Volume, groups: int) -> Volume:
        sides = wholes("filter", value, (1, 2, 3), 1, FILTER)
        width, height = sides[0], sides[1 if len(sides) > 1 else 0]
        return with_depth(Volume(width, height, input.depth // groups), sides, input)

    def _step(self, argument: str, value: int | Sequence[int]) -> Pair:
        return made_pair(argument, value)

    def _bias(self, value: bool | str) -> bool | str:
        if isinstance(value, str) and value not in self._biases:
            kinds = alternatives(map(repr, self._biases))
            raise BadRequest("bias", value, "is no kind of bias here", f"give {kinds}")
        return value if isinstance(value, str) else bool(value)

    def _pad(self, value: int | Sequence[int]) -> Pad:
        return made_pad(value)

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height, each with its filter, stride, dilation and pad."""
        return self._axes(self.pad)

    def _axes(self, pad: Pad) -> tuple[Axis, Axis]:
        return sliding(self.input, self.filter, self.stride, self.dilation, pad)

    @property
    def same_pad(self) -> Pad:
        """The pad that TensorFlow's `same` gives this layer, whatever pad it has."""
        return same_pad(self._axes(NO_PAD))

    @cached_property
    def output(self) -> Volume:
        """The output volume; its depth is the number of filters."""
        x, y = self.axes
        return self.input._replace(width=x.positions, height=y.positions, depth=self.filters)

    @property
    def positions(self) -> int:
        """How many places a filter stands at: the neurons of each depth slice."""
        return self.output.width * self.output.height

    @property
    def neurons(self) -> int:
        """One neuron for every cell of the output volume."""
        return self.output.cells

    @property
    def weights_per_neuron(self) -> int:
        """FW * FH * D / groups: local along width and height, full along the depth."""
        return self.filter.cells

    @property
    def untied(self) -> bool:
        """Whether every neuron has its own bias, though the weights may be shared."""
        return self.bias == UNTIED

    @property
    def biases_per_neuron(self) -> int:
        """How many numbers each neuron adds to its sum: one or none."""
        return int(bool(self.bias))

    @property
    def multiply_adds(self) -> int:
        """Every neuron multiplies each of its weights once, shared or not; biases not counted."""
        return self.neurons * self.weights_per_neuron

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The three ways to connect the neurons, most parameters first."""
        full, local = self.input.cells, self.weights_per_neuron
        return (
            self._connected("fully_connected", "fully connected", self.neurons, full),
            self._connected("unshared", "unshared (local)", self.neurons, local),
            self._connected("shared", "shared (conv)", self.filters, local),
        )

    def _connected(self, key: str, name: str, weight_sets: int, weights: int) -> Connection:
        biases = self.neurons if self.untied else weight_sets
        count = Count(weight_sets * weights, biases * self.biases_per_neuron)
        return Connection(key, name, count, self.neurons * weights)

    @property
    def parameters(self) -> Parameters:
        """How many parameters the layer has, fully connected, unshared and shared."""
        return Parameters(*(way.parameters for way in self.connections))

    def channels_of(self, filter: int) -> range:
        """Return the input's channels that a filter sees: those of its group."""
        first = filter // (self.filters // self.groups) * self.filter.depth
        return range(first, first + self.filter.depth)

    @property
    def spec(self) -> dict[str, Any]:
        """What makes the layer besides its input, as plain data."""
        return {
            "filter": self.filter._asdict(),
            "filters": self.filters,
            "stride": self.stride._asdict(),
            "dilation": self.dilation._asdict(),
            "pad": self.pad._asdict(),
            "groups": self.groups,
            "bias": self.bias,
        }

    def symbols(self) -> Symbols:
        """Return what the letters of a convolution's formulas stand for."""
        layer, axes = super().symbols()
        own = {
            "K": Symbol("K", self.filters),
            "G": Symbol("G", self.groups),
            "B": Symbol(str(self.biases_per_neuron), self.biases_per_neuron),
            "untied": Symbol("untied", int(self.untied)),
        }
        return Symbols({**layer, **own, **self._pad_symbols()}, axes)

    def _pad_symbols(self) -> Letters:
        """Return the letters of the four pads, written alike where they are one number."""
        left, right, top, bottom = self.pad
        across, down = ("P", "P") if left == top else ("PW", "PH")
        return {
            "P_left": Symbol(across if left == right else "P_left", left),
            "P_right": Symbol(across if left == right else "P_right", right),
            "P_top": Symbol(down if top == bottom else "P_top", top),
            "P_bottom": Symbol(down if top == bottom else "P_bottom", bottom),
        }

    @property
    def phrase(self) -> str:
        """How many filters of which size; stride, pad and the rest where they are not the usual."""
        size = "x".join(map(str, self.filter.sides[:-1]))
        parts = [
            f"{self.filters} of {size}{self._apart}",
            f"stride {self.stride}" if self.stride != (1, 1) else "",
            f"pad {self.pad}" if any(self.pad) else "",
            *self._unusual,
        ]
        return ", ".join(filter(None, parts))

    @property
    def _unusual(self) -> list[str]:
        """What is said of a layer only where it is not the usual, or empty texts."""
        return [
            f"dilation {self.dilation}" if self.dilation != (1, 1) else "",
            f"{self.groups} groups" if self.groups > 1 else "",
            "untied biases" if self.untied else "" if self.bias else "no bias",
        ]

    def __str__(self) -> str:
        filters = "1 filter" if self.filters == 1 else f"{self.filters} filters"
        parts = [
            f"{filters} of {self.filter}",
            f"stride {self.stride}",
            f"pad {self.pad.words}",
            *self._unusual,
        ]
        return f"{self.input} → {self.output}: " + ", ".join(filter(None, parts))


def with_depth(window: Volume, sides: Sequence[int], input: Volume) -> Volume:
    """Return a filter; raise NoSuchLayer where another depth was said among its sides."""
    if len(sides) == len(window.sides) and sides[-1] != window.depth:
        raise NoSuchLayer(
            "filter",
            "x".join(map(str, sides)),
            wording.FILTER_DEPTH.format(found=shown(sides[-1]), depth=shown(window.depth)),
            depth_last(input)
            or wording.WITH_DEPTH.format(
                filter=shown(window), alone=shown("x".join(map(str, window.sides[:-1])))
            ),
        )
    return window
