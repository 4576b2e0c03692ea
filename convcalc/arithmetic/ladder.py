"""The ladder: one layer, connected in three ways, counted, weighed and compared.

Sharing gives each depth slice one set of parameters where every position had its own, so

    unshared / shared = output width * output height

exactly, weights, biases and totals alike.
"""

from typing import TYPE_CHECKING, NamedTuple

from convcalc.layer import ConvLayer, Count

if TYPE_CHECKING:
    from fractions import Fraction

DTYPE_BYTES = {"float16": 2, "float32": 4, "float64": 8}


class Rung(NamedTuple):
    """One way to connect the neurons, its memory in bytes, and the shared way's total."""

    key: str
    name: str
    parameters: Count
    bytes: int
    shared_total: int

    @property
    def times(self) -> "Fraction":
        """How many times the shared layer's parameters these are."""
        from fractions import Fraction

        return Fraction(self.parameters.total, self.shared_total)


def ladder(layer: ConvLayer, dtype: str = "float32") -> list[Rung]:
    """Return the three rungs, most parameters first.

    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [rung.bytes for rung in ladder(layer)]
    [179569420800, 422822400, 139776]
    """
    counts = layer.parameters
    names = ("fully connected", "unshared (local)", "shared (conv)")
    return [
        Rung(
            key,
            name,
            count,
            count.total * DTYPE_BYTES[dtype],
            counts.shared.total,
        )
        for key, name, count in zip(counts._fields, names, counts, strict=True)
    ]


def sharing_factor(layer: ConvLayer) -> int:
    """How many positions share each filter: unshared parameters over shared ones."""
    return layer.output.width * layer.output.height
