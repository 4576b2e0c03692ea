"""Layers that make a volume wider and higher: transposed convolution, and upsampling by a factor.

A transposed convolution lays its filter on the output instead, once for each cell of the input
and a stride further each time, scaled by that cell; where filters overlap, they add up. W cells
at stride S, the last with its whole filter of extent E, reach over (W − 1)·S + E places. The pad
cuts as much off each end, the output pad adds places after the last:

    W_out = (W − 1)·S + E − 2·P + output pad
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from convcalc.errors import NoSuchLayer
from convcalc.layer.axis import Axis, sliding
from convcalc.layer.making import (
    in_numbers,
    made_count,
    made_pad,
    made_pair,
    made_volume,
    require_even_groups,
)
from convcalc.layer.options import Option, count, pad, pair, pair_from_0, yes
from convcalc.layer.parse import wholes
from convcalc.layer.protocol import Connection, Count, Kind
from convcalc.layer.sight import Sight
from convcalc.layer.symbols import Letters, Symbol, Symbols
from convcalc.layer.volume import Pad, Pair, Volume
from convcalc.layer.wording import FILTER, FROM_0


@dataclass(frozen=True, init=False, repr=False)
class Transposed(Kind):
    """A transposed convolution, sometimes called deconvolution; `pad` may not be `same`.

    Pairs are (width, height). `output_pad` is less than the stride or the dilation.
    Raises BadRequest, naming the argument, when no such layer exists.

    >>> Transposed(input=(7, 7, 64), filter=4, stride=2, pad=1, filters=32).output
    Volume(width=14, height=14, depth=32)
    """

    kind: ClassVar[str] = "transposed"
    main: ClassVar[str | None] = "filter"
    second: ClassVar[str | None] = "filters"
    options: ClassVar[tuple[Option, ...]] = (
        Option("filter", partial(pair, remedy=FILTER), needed=True),
        Option("stride", pair, "1"),
        Option("pad", pad, "0"),
        Option("output_pad", pair_from_0, "0"),
        Option("dilation", pair, "1"),
        Option("groups", count, "1"),
        Option("filters", count, needed=True),
        Option("bias", yes, "yes"),
    )

    input: Volume
    filter: Pair
    filters: int
    stride: Pair
    pad: Pad
    output_pad: Pair
    dilation: Pair
    groups: int
    bias: bool

    def __init__(
        self,
        *,
        input: Sequence[int],
        filter: int | Sequence[int],
        filters: int,
        stride: int | Sequence[int] = 1,
        pad: int | str | Sequence[int] = 0,
        output_pad: int | Sequence[int] = 0,
        dilation: int | Sequence[int] = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(
            input=made_volume(input),
            filter=made_pair("filter", filter, FILTER),
            filters=made_count("filters", filters),
            stride=made_pair("stride", stride),
            output_pad=Pair.of(wholes("output_pad", output_pad, (1, 2), 0, FROM_0)),
            dilation=made_pair("dilation", dilation),
            groups=made_count("groups", groups),
            bias=bool(bias),
            pad=made_pad(in_numbers(pad, _no_same)),
        )
        require_even_groups(self.input, self.filters, self.groups)
        for axis, added in zip(self._reach, self.output_pad, strict=True):
            if added >= max(axis.stride, axis.dilation):
                raise NoSuchLayer(
                    "output_pad",
                    self.output_pad,
                    f"is not less than the stride {axis.stride} and the dilation {axis.dilation}",
                    f"give at most {max(axis.stride, axis.dilation) - 1}",
                )
            if _length(axis) + added < 1:
                raise NoSuchLayer(
                    "pad",
                    self.pad,
                    f"cuts off the whole {axis.name} of the output",
                    f"give at most {((axis.size - 1) * axis.stride + axis.extent - 1) // 2}",
                )

    @property
    def _reach(self) -> tuple[Axis, Axis]:
        """The numbers along each axis; no window slides along it."""
        return sliding(self.input, self.filter, self.stride, self.dilation, self.pad)

    @property
    def output(self) -> Volume:
        """The output volume; its depth is the number of filters."""
        x, y = (_length(axis) for axis in self._reach)
        return Volume(x + self.output_pad.x, y + self.output_pad.y, self.filters)

    @property
    def sights(self) -> tuple[Sight, Sight]:
        """A cell sees those whose filter reaches it: a window on the input spread by the stride."""
        x, y = (
            Sight(axis.extent, 1, axis.extent - 1 - axis.before, axis.stride, axis.dilation)
            for axis in self._reach
        )
        return x, y

    @property
    def weights_per_cell(self) -> int:
        """FW·FH·K/G: each cell of the input puts so many weights on the output."""
        return self.filter.x * self.filter.y * (self.filters // self.groups)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The one way: each filter on every cell of its channel."""
        weights = self.input.depth * self.weights_per_cell
        parameters = Count(weights, self.filters if self.bias else 0)
        work = self.input.cells * self.weights_per_cell
        return (Connection("shared", "shared (transposed conv)", parameters, work),)

    def symbols(self) -> Symbols:
        """Return what the letters of its formulas stand for; O is the output pad."""
        layer, _ = super().symbols()
        x, y = self._reach
        own = {
            "FW": Symbol("FW", self.filter.x),
            "FH": Symbol("FH", self.filter.y),
            "K": Symbol("K", self.filters),
            "G": Symbol("G", self.groups),
            "B": Symbol(str(int(self.bias)), int(self.bias)),
        }
        added = [{"O": Symbol("O", number)} for number in self.output_pad]
        along: dict[str, Letters] = {"width, height": {**x.symbols("W", "F"), **added[0]}}
        if not x.alike(y) or self.output_pad.x != self.output_pad.y:
            along = {
                "width": {**x.symbols("W", "FW"), **added[0]},
                "height": {**y.symbols("H", "FH"), **added[1]},
            }
        return Symbols({**layer, **own}, along)

    @property
    def phrase(self) -> str:
        """How many filters of which size; stride, pad and the rest where they are not the usual."""
        parts = [
            f"{self.filters} of {self.filter.x}x{self.filter.y} transposed",
            f"stride {self.stride}" if self.stride != (1, 1) else "",
            f"pad {self.pad}" if any(self.pad) else "",
            *self._unusual,
        ]
        return ", ".join(filter(None, parts))

    @property
    def _unusual(self) -> list[str]:
        """What is said of a layer only where it is not the usual, or empty texts."""
        return [
            f"output pad {self.output_pad}" if any(self.output_pad) else "",
            f"dilation {self.dilation}" if self.dilation != (1, 1) else "",
            f"{self.groups} groups" if self.groups > 1 else "",
            "" if self.bias else "no bias",
        ]

    def __str__(self) -> str:
        extras = [f"stride {self.stride}", f"pad {self.pad.words}", *self._unusual]
        filters = "1 filter" if self.filters == 1 else f"{self.filters} filters"
        size = f"{self.filter.x}x{self.filter.y}x{self.filters // self.groups}"
        parts = [f"transposed, {filters}, {size} a channel", *(part for part in extras if part)]
        return f"{self.input} → {self.output}: {', '.join(parts)}"


def _no_same() -> Pad:
    raise NoSuchLayer("pad", "same", "is for windows on the input", "give numbers from 0 up")


def _length(axis: Axis) -> int:
    return (axis.size - 1) * axis.stride + axis.extent - axis.before - axis.after


@dataclass(frozen=True, init=False, repr=False)
class Upsample(Kind):
    """Every cell repeated, `factor` times along each axis.

    >>> Upsample(input=(7, 7, 64), factor=2).output
    Volume(width=14, height=14, depth=64)
    """

    kind: ClassVar[str] = "upsample"
    main: ClassVar[str | None] = "factor"
    options: ClassVar[tuple[Option, ...]] = (Option("factor", pair, needed=True),)

    input: Volume
    factor: Pair

    def __init__(self, *, input: Sequence[int], factor: int | Sequence[int]) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), factor=made_pair("factor", factor))

    @property
    def output(self) -> Volume:
        """A volume `factor` times as wide and high."""
        width, height, depth = self.input
        return Volume(width * self.factor.x, height * self.factor.y, depth)

    @property
    def sights(self) -> tuple[Sight, Sight]:
        """A cell sees the one it repeats: floor(i / factor)."""
        x, y = (Sight(times, 1, times - 1, times) for times in self.factor)
        return x, y

    def symbols(self) -> Symbols:
        """Return what the letters of its formulas stand for."""
        layer, _ = super().symbols()
        x, y = (
            {"W": Symbol(side, size), "U": Symbol("factor", times)}
            for side, size, times in zip("WH", self.input, self.factor, strict=False)
        )
        alike = x["W"].number == y["W"].number and x["U"] == y["U"]
        return Symbols(layer, {"width, height": x} if alike else {"width": x, "height": y})

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: upsampling by {self.factor}"
