"""Where branches come together: added cell by cell, or laid one behind the other in depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from convcalc.errors import NoSuchLayer
from convcalc.layer.making import made_volume
from convcalc.layer.options import Option
from convcalc.layer.protocol import Kind
from convcalc.layer.symbols import Symbol, Symbols
from convcalc.layer.volume import Volume
from convcalc.numerals import counted


class Merge(Kind):
    """A layer with several inputs; `input` is the first of them, `others` are the rest."""

    options: ClassVar[tuple[Option, ...]] = ()

    input: Volume
    others: tuple[Volume, ...]

    def __init__(self, *, input: Sequence[int], others: Sequence[Sequence[int]] = ()) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), others=tuple(map(made_volume, others)))
        self._check()

    def _check(self) -> None:
        """Raise NoSuchLayer where the volumes do not go together."""

    @property
    def inputs(self) -> tuple[Volume, ...]:
        """All volumes that come together."""
        return (self.input, *self.others)

    def symbols(self: Any) -> Symbols:
        """Return the letters of the first volume, the depths of all, and how many there are."""
        layer, along = Kind.symbols(self)
        depths = [one.depth for one in self.inputs]
        own = {
            "depths": Symbol(" + ".join(map(str, depths)), sum(depths)),
            "volumes": Symbol("volumes", len(depths)),
        }
        return Symbols({**layer, **own}, along)


@dataclass(frozen=True, init=False, repr=False)
class Add(Merge):
    """The sum of equal volumes, cell by cell.

    >>> Add(input=(56, 56, 256), others=[(56, 56, 256)]).output
    Volume(width=56, height=56, depth=256)
    """

    kind: ClassVar[str] = "add"

    input: Volume
    others: tuple[Volume, ...]

    def _check(self) -> None:
        for other in self.others:
            if other != self.input:
                raise NoSuchLayer(
                    "add",
                    None,
                    "adds volumes of different sizes",
                    f"give branches that all end in {self.input}",
                )

    @property
    def output(self) -> Volume:
        """A volume as large as each of them."""
        return self.input

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: sum of {counted(len(self.inputs), 'volume')}"


@dataclass(frozen=True, init=False, repr=False)
class Concat(Merge):
    """Volumes one behind the other; the branches' outputs are written where they are to be.

    >>> Concat(input=(28, 28, 64), others=[(28, 28, 128)]).output
    Volume(width=28, height=28, depth=192)
    """

    kind: ClassVar[str] = "concat"
    in_place: ClassVar[bool] = True

    input: Volume
    others: tuple[Volume, ...]

    def _check(self) -> None:
        for other in self.others:
            if other[:2] != self.input[:2]:
                raise NoSuchLayer(
                    "concat",
                    None,
                    "joins volumes of different width or height",
                    f"give branches that all end in {self.input.width}x{self.input.height}",
                )

    @property
    def output(self) -> Volume:
        """A volume as deep as all together."""
        width, height, _ = self.input
        return Volume(width, height, sum(one.depth for one in self.inputs))

    def __str__(self) -> str:
        depths = " + ".join(str(one.depth) for one in self.inputs)
        return f"{self.input} → {self.output}: depths {depths}, in place"
