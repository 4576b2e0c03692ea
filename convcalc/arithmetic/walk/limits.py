"""How large a layer may be to be gone through one step at a time, and what to try instead."""

from convcalc.errors import BadRequest, shown
from convcalc.layer import ConvLayer
from convcalc.numerals import grouped

MOST = {"neurons": 10_000, "multiply-adds": 200_000, "pixels with the pad": 100_000}
"""What can be gone through one step at a time."""


def require_small(layer: ConvLayer) -> None:
    """Raise BadRequest for a layer too large to go through, naming a smaller one."""
    if problem := _too_large(layer):
        x, y = layer.axes
        sides = [
            max(axis.extent + 2 * axis.stride - axis.before - axis.after, 1) for axis in (x, y)
        ]
        smaller = layer.replace(input=(*sides, layer.input.depth), filters=layer.groups)
        raise BadRequest(
            "input",
            layer.input,
            f"makes a layer too large to step through, {problem}",
            "leave the layer out for a small one"
            if _too_large(smaller)
            else f"try --input {smaller.input} --filters {smaller.filters}",
        )


def _too_large(layer: ConvLayer) -> str:
    x, y = layer.axes
    counts = (layer.neurons, layer.multiply_adds, x.padded * y.padded * layer.input.depth)
    for (name, most), count in zip(MOST.items(), counts, strict=True):
        if count > most:
            return f"{shown(grouped(count))} {name} where {grouped(most)} are the most"
    return ""
