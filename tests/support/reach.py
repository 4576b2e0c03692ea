"""What cells of a network see, found without the code under test: by following every tap back."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from convcalc.layer.network import INPUT, Network

WHOLE = ("dense", "flatten", "globalpool")
SLIDING = ("conv", "local", "tabled", "pool")


def taps(layer: Any, axis: int, cell: int) -> list[int]:
    """The cells of a layer's input, along an axis, that a cell of its output is made of."""
    if layer.kind in WHOLE:
        return list(range(layer.input[axis]))
    if layer.kind == "upsample":
        return [cell // layer.factor[axis]]
    if layer.kind not in (*SLIDING, "transposed"):
        return [cell]
    size = layer.window if layer.kind == "pool" else layer.filter
    apart = 1 if layer.kind == "pool" else layer.dilation[axis]
    before, stride = layer.pad[2 * axis], layer.stride[axis]
    steps = [apart * tap for tap in range(size[axis])]
    if layer.kind == "transposed":  # cell c lies on c·stride − before and `steps` further
        return [
            (cell + before - step) // stride
            for step in steps
            if not (cell + before - step) % stride
        ]
    return [cell * stride - before + step for step in steps]


class Reach:
    """Follows cells of a network back to its input, along one axis, pads being pixels."""

    def __init__(self, network: Network, axis: int) -> None:
        self.network, self.axis = network, axis
        self._known: dict[tuple[int, int], frozenset[int]] = {}

    def of(self, place: int, cell: int) -> frozenset[int]:
        """The pixels that a cell of a layer sees."""
        if place == INPUT:
            return frozenset([cell])
        if (place, cell) not in self._known:
            one = self.network.layers[place]
            self._known[place, cell] = frozenset().union(
                *(
                    self.of(source, tap)
                    for source in one.sources
                    for tap in taps(one.layer, self.axis, cell)
                )
            )
        return self._known[place, cell]

    def size(self, place: int) -> int:
        """The largest span of pixels of any cell of a layer."""
        cells = range(self.network.layers[place].layer.output[self.axis])
        return max(span(self.of(place, cell)) for cell in cells)


def span(pixels: Iterable[int]) -> int:
    """How many pixels there are from the first to the last."""
    seen = list(pixels)
    return max(seen) - min(seen) + 1 if seen else 0


def jump(network: Network, axis: int, place: int) -> Fraction:
    """How many pixels further neighbours look: strides multiplied, along the slowest way."""
    if place == INPUT:
        return Fraction(1)
    one = network.layers[place]
    before = min(jump(network, axis, source) for source in one.sources)
    if one.layer.kind == "transposed":
        return before / one.layer.stride[axis]
    if one.layer.kind == "upsample":
        return before / one.layer.factor[axis]
    return before * one.layer.stride[axis] if one.layer.kind in SLIDING else before


def enlarges(network: Network, axis: int, place: int) -> bool:
    """Whether cells of a layer lie between pixels, so that what they see differs."""
    if place == INPUT:
        return False
    one = network.layers[place]
    larger = {"transposed": "stride", "upsample": "factor"}.get(one.layer.kind)
    jumps = {jump(network, axis, source) for source in one.sources}
    return (
        (larger is not None and getattr(one.layer, larger)[axis] > 1)
        or len(jumps) > 1
        or any(enlarges(network, axis, source) for source in one.sources)
    )


def moved(network: Network, place: int, cell: tuple[int, int]) -> frozenset[tuple[int, int]]:
    """The pixels that are there, by column and row, that a cell of a layer is made of."""
    return _there(network, place, cell, {})


def _there(network: Network, place: int, cell: tuple[int, int], known: Any) -> Any:
    output = network.input if place == INPUT else network.layers[place].layer.output
    if not all(0 <= at < side for at, side in zip(cell, output, strict=False)):
        return frozenset()
    if place == INPUT:
        return frozenset([cell])
    if (place, cell) not in known:
        one = network.layers[place]
        columns, rows = (taps(one.layer, axis, cell[axis]) for axis in (0, 1))
        known[place, cell] = frozenset().union(
            *(
                _there(network, source, (column, row), known)
                for source in one.sources
                for column in columns
                for row in rows
            )
        )
    return known[place, cell]
