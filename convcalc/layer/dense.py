"""Fully connected layers, and the flattening before them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convcalc.layer.axis import Axis, sliding
from convcalc.layer.making import made_count, made_volume
from convcalc.layer.options import Option, count, yes
from convcalc.layer.protocol import Connection, Count, Kind
from convcalc.layer.symbols import Symbol, Symbols
from convcalc.layer.volume import Volume
from convcalc.numerals import grouped


@dataclass(frozen=True, init=False, repr=False)
class Flatten(Kind):
    """The cells of a volume as one column, 1x1 and as deep as there are cells.

    >>> Flatten(input=(7, 7, 512)).output
    Volume(width=1, height=1, depth=25088)
    """

    kind: ClassVar[str] = "flatten"
    sees_all: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = ()
    in_place: ClassVar[bool] = True

    input: Volume

    def __init__(self, *, input: Sequence[int]) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input))

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height: the column sees all of them."""
        return sliding(self.input, self.input)

    @property
    def output(self) -> Volume:
        """All cells, one behind the other."""
        return Volume(1, 1, self.input.cells)

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: flatten, in place"


@dataclass(frozen=True, init=False, repr=False)
class Dense(Kind):
    """A fully connected layer: each of its units has a weight for every cell of the input.

    It is the convolution whose filter is as large as the input; a volume is flattened first.
    Raises BadRequest, naming the argument, when no such layer exists.

    >>> Dense(input=(7, 7, 512), units=4096).connections[-1].parameters.total
    102764544
    """

    kind: ClassVar[str] = "dense"
    sees_all: ClassVar[bool] = True
    main: ClassVar[str | None] = "units"
    options: ClassVar[tuple[Option, ...]] = (
        Option("units", count, needed=True),
        Option("bias", yes, "yes"),
    )

    input: Volume
    units: int
    bias: bool

    def __init__(self, *, input: Sequence[int], units: int, bias: bool = True) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), units=made_count("units", units), bias=bool(bias))

    @property
    def axes(self) -> tuple[Axis, Axis]:
        """The width and the height: every unit sees all of them."""
        return sliding(self.input, self.input)

    @property
    def output(self) -> Volume:
        """One cell for each unit."""
        return Volume(1, 1, self.units)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The one way there is."""
        weights = self.units * self.input.cells
        count = Count(weights, self.units if self.bias else 0)
        return (Connection("dense", "dense (fully connected)", count, weights),)

    def symbols(self) -> Symbols:
        """Return what the letters of a dense layer's formulas stand for."""
        layer, along = super().symbols()
        own = {
            "K": Symbol("K", self.units),
            "B": Symbol(str(int(self.bias)), int(self.bias)),
        }
        return Symbols({**layer, **own}, along)

    @property
    def phrase(self) -> str:
        """The units, whether a volume is flattened before them, and where they have no bias."""
        units = "1 unit" if self.units == 1 else f"{grouped(self.units)} units"
        flattened = "flattened, " if self.input.width * self.input.height > 1 else ""
        return f"{flattened}{units}{'' if self.bias else ', no bias'}"

    def __str__(self) -> str:
        flattened = self.input.width * self.input.height > 1
        cells = f"flattened to {grouped(self.input.cells)}, " if flattened else ""
        bias = "" if self.bias else ", no bias"
        units = "1 unit" if self.units == 1 else f"{grouped(self.units)} units"
        return f"{self.input} → {self.output}: {cells}dense, {units}{bias}"
