"""Normalisation: by the batch's statistics, and by a cell's neighbours in depth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from convcalc.layer.making import made_count, made_volume
from convcalc.layer.options import Option, count, yes
from convcalc.layer.protocol import Connection, Count, Kind
from convcalc.layer.symbols import Symbol, Symbols
from convcalc.layer.volume import Volume


@dataclass(frozen=True, init=False, repr=False)
class BatchNorm(Kind):
    """Batch normalisation: each channel to mean 0 and variance 1, then scaled and shifted.

    A channel has a scale and a shift, which are learned (`affine`), and moving averages of its
    mean and of its variance, which are kept and not learned. At inference all four are one factor
    and one summand, which the convolution before can take in: multiply-adds are not counted.

    >>> BatchNorm(input=(112, 112, 64)).connections[-1].parameters.total
    128
    """

    kind: ClassVar[str] = "batchnorm"
    main: ClassVar[str | None] = "affine"
    options: ClassVar[tuple[Option, ...]] = (Option("affine", yes, "yes"),)

    input: Volume
    affine: bool

    def __init__(self, *, input: Sequence[int], affine: bool = True) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), affine=bool(affine))

    @property
    def output(self) -> Volume:
        """A volume as large as the input."""
        return self.input

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Scales count as weights, shifts as biases."""
        learned = self.input.depth if self.affine else 0
        count = Count(learned, learned)
        return (Connection("trainable", "scale and shift", count, 0, 2 * self.input.depth),)

    def symbols(self) -> Symbols:
        """Return what the letters of its formulas stand for; A is 1 with scale and shift."""
        layer, along = super().symbols()
        return Symbols({**layer, "A": Symbol(str(int(self.affine)), int(self.affine))}, along)

    @property
    def phrase(self) -> str:
        """Batch norm, and where it has nothing to learn."""
        return "batch norm" if self.affine else "batch norm, nothing learned"

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: batch normalisation" + (
            "" if self.affine else " without scale and shift"
        )


@dataclass(frozen=True, init=False, repr=False)
class LocalResponseNorm(Kind):
    """Local response normalisation: each cell divided by what its neighbours in depth are.

    `size` channels around a cell take part, as AlexNet has it: x / (k + alpha / size Σ x²)^beta.

    >>> LocalResponseNorm(input=(55, 55, 96)).output.depth
    96
    """

    kind: ClassVar[str] = "lrn"
    main: ClassVar[str | None] = "size"
    options: ClassVar[tuple[Option, ...]] = (Option("size", count, "5"),)

    input: Volume
    size: int

    def __init__(self, *, input: Sequence[int], size: int = 5) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), size=made_count("size", size))

    @property
    def output(self) -> Volume:
        """A volume as large as the input."""
        return self.input

    @property
    def phrase(self) -> str:
        """Over how many channels."""
        return f"response norm over {self.size}"

    def symbols(self) -> Symbols:
        """Return the letters of the input's sides, and the size."""
        layer, along = super().symbols()
        return Symbols({**layer, "size": Symbol("size", self.size)}, along)

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: local response normalisation over {self.size}"
