"""Convolutions that share nothing, or whose filters see only some channels."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from convcalc.errors import BadRequest
from convcalc.layer.conv import ConvLayer
from convcalc.layer.options import Option
from convcalc.layer.parse import whole
from convcalc.layer.protocol import Connection, Count
from convcalc.layer.symbols import Symbol, Symbols


@dataclass(frozen=True, init=False, repr=False)
class Local(ConvLayer):
    """A locally connected layer: a convolution in which nothing is shared.

    >>> Local(input=(63, 63, 16), filter=9, filters=16).connections[-1].parameters.total
    62774800
    """

    kind: ClassVar[str] = "local"
    _biases: ClassVar[tuple[bool | str, ...]] = (True, False)
    _apart: ClassVar[str] = " unshared"

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Fully connected, and unshared."""
        return super().connections[:2]


def read_table(argument: str, text: str) -> tuple[tuple[int, ...], ...]:
    """Read a table of connections: a filter's channels joined by +, filters separated by /."""
    try:
        return tuple(tuple(map(int, row.split("+"))) for row in text.split("/"))
    except ValueError:
        raise BadRequest(argument, text, "is no table of channels", TABLE) from None


TABLE = "give each filter's channels from 0 up, such as 0+1+2/1+2+3"


@dataclass(frozen=True, init=False, repr=False)
class Tabled(ConvLayer):
    """A convolution whose filters each see only some channels, those in the `table`.

    >>> layer = Tabled(input=(14, 14, 6), filter=5, table=[[0, 1, 2], [1, 2, 3, 4]])
    >>> layer.connections[-1].parameters.total
    177
    """

    kind: ClassVar[str] = "tabled"
    _apart: ClassVar[str] = " by table"
    second: ClassVar[str | None] = None
    _biases: ClassVar[tuple[bool | str, ...]] = (True, False)
    options: ClassVar[tuple[Option, ...]] = (
        *(one for one in ConvLayer.options if one.name not in ("groups", "filters")),
        Option("table", read_table, needed=True),
    )

    table: tuple[tuple[int, ...], ...]

    def __init__(self, *, table: Sequence[Sequence[int]], **rest: Any) -> None:
        """Make the layer, or raise BadRequest."""
        if (
            not isinstance(table, list | tuple)
            or not table
            or not all(isinstance(row, list | tuple) for row in table)
        ):
            raise BadRequest("table", table, "is no table of channels", TABLE)
        rows = tuple(tuple(whole("table", one, 0, TABLE) for one in row) for row in table)
        self._set(table=rows)
        super().__init__(filters=len(rows), **rest)
        for row in rows:
            if not row or len(set(row)) < len(row) or max(row) >= self.input.depth:
                raise BadRequest(
                    "table",
                    "+".join(map(str, row)),
                    "names no channel, one twice, or one there is not",
                    f"give channels from 0 to {self.input.depth - 1}",
                )

    @property
    def family(self) -> str:
        """It is a convolution."""
        return ConvLayer.kind

    @property
    def pairs(self) -> int:
        """How many pairs of a filter and a channel are connected."""
        return sum(map(len, self.table))

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The three ways, with the weights there are; a sum of the pairs for each position."""
        cells = self.filter.width * self.filter.height * self.pairs
        full = self.input.cells
        return tuple(
            Connection(key, name, Count(sets * weights, self.biases_per_neuron * biases), work)
            for key, name, sets, weights, biases, work in (
                (
                    "fully_connected",
                    "fully connected",
                    self.neurons,
                    full,
                    self.neurons,
                    self.neurons * full,
                ),
                (
                    "unshared",
                    "unshared (local)",
                    self.positions,
                    cells,
                    self.neurons,
                    self.positions * cells,
                ),
                ("shared", "shared (conv)", 1, cells, self.filters, self.positions * cells),
            )
        )

    def symbols(self) -> Symbols:
        """Return a convolution's letters, with the channels that its filters see, added up."""
        layer, along = super().symbols()
        seen = Counter(map(len, self.table))
        written = " + ".join(
            f"{filters}·{channels}" if filters > 1 else f"{channels}"
            for channels, filters in sorted(seen.items())
        )
        return Symbols({**layer, "seen": Symbol(written, self.pairs)}, along)

    def __str__(self) -> str:
        return (
            f"{super().__str__()}, {self.pairs} of {self.filters * self.input.depth} channels seen"
        )
