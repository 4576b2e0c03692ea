"""One layer, connected in several ways: counted, weighed and compared.

Sharing gives each depth slice one set of parameters where every position had its own, so

    unshared / shared = output width * output height

exactly, weights, biases and totals alike.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from convcalc.arithmetic.derivation import results
from convcalc.arithmetic.formulas import MULTIPLY_ADDS
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Count, Layer

if TYPE_CHECKING:
    from fractions import Fraction


class Rung(NamedTuple):
    """One way to connect the neurons, its work, its memory in bytes, and the last way's total."""

    key: str
    name: str
    parameters: Count
    multiply_adds: int
    bytes: int
    last_total: int

    @property
    def times(self) -> "Fraction":
        """How many times the parameters of the last way these are; 1 where that has none."""
        from fractions import Fraction

        return Fraction(self.parameters.total, self.last_total) if self.last_total else Fraction(1)


def compared(rungs: Sequence[Rung]) -> str:
    """Return the heading of how many times the last way's parameters are; none of one way alone."""
    return f"× {rungs[-1].key.replace('_', ' ')}" if rungs[1:] else ""


def ladder(layer: Layer, use: Use = USUAL) -> list[Rung]:
    """Return the ways to connect the layer, most parameters first.

    >>> from convcalc.layer import ConvLayer
    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [rung.bytes for rung in ladder(layer)]
    [179569420800, 422822400, 139776]
    """
    values = {one.name: one.value for one in results(layer, use)}
    names = [way.key.replace("_", " ") for way in layer.connections]
    return [
        Rung(
            way.key,
            way.name,
            Count(weights := values[f"{name} weights"], values[f"{name} parameters"] - weights),
            values.get(f"{name} {MULTIPLY_ADDS}", values[MULTIPLY_ADDS]),
            values[f"bytes of the {name} parameters"],
            values[f"{names[-1]} parameters"],
        )
        for way, name in zip(layer.connections, names, strict=True)
    ]
