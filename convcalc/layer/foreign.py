"""A layer of another program that is not counted here: its operator, and what it puts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convcalc.layer.axis import sliding
from convcalc.layer.making import made_volume
from convcalc.layer.options import Option
from convcalc.layer.protocol import Kind
from convcalc.layer.sight import ITSELF, Sight
from convcalc.layer.volume import Volume


@dataclass(frozen=True, init=False, repr=False)
class Foreign(Kind):
    """An operator whose parameters and multiply-adds are not counted.

    One that `moves` numbers only has none. Where the sides stay, a cell is taken to see the one
    in its place, otherwise all of the input.

    >>> norm = Foreign(input=(1, 197, 768), operator="LayerNormalization", puts_out=(1, 197, 768))
    >>> norm.phrase
    'LayerNormalization, not counted'
    """

    kind: ClassVar[str] = "foreign"
    options: ClassVar[tuple[Option, ...]] = ()
    in_place: ClassVar[bool] = True

    input: Volume
    others: tuple[Volume, ...]
    operator: str
    puts_out: Volume
    moves: bool

    def __init__(
        self,
        *,
        input: Sequence[int],
        operator: str,
        puts_out: Sequence[int],
        others: Sequence[Sequence[int]] = (),
        moves: bool = False,
    ) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(
            input=made_volume(input),
            others=tuple(map(made_volume, others)),
            operator=operator,
            puts_out=made_volume(puts_out),
            moves=moves,
        )

    @property
    def output(self) -> Volume:
        """The output volume, as it was given."""
        return self.puts_out

    @property
    def sights(self) -> tuple[Sight, Sight]:
        """The cell in the same place, or all of them."""
        if self.output[:2] == self.input[:2]:
            return ITSELF, ITSELF
        x, y = sliding(self.input, self.input)
        return x.sight, y.sight

    @property
    def phrase(self) -> str:
        """The operator, and that it is not counted."""
        return f"{self.operator}, {'moves numbers' if self.moves else 'not counted'}"

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: {self.phrase}"
