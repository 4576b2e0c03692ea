"""What a demo runs on: numbers by plain functions, in grids by channel, row and column."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import NamedTuple

from convcalc.arithmetic.walk.integers import small, smalls
from convcalc.arithmetic.walk.limits import MOST
from convcalc.layer import ConvLayer, Volume

Grid = tuple[tuple[int, ...], ...]
Block = tuple[Grid, ...]
"""Numbers by channel, row and column."""


class Numbers(NamedTuple):
    """What a layer runs on, by plain functions; a position of None asks for the shared one."""

    input: Callable[[int, int, int], int]
    """Of row, column, channel."""

    weights: Callable[[int, int | None], Block]
    """Of filter and position."""

    bias: Callable[[int, int | None], int]
    """Of filter and position."""

    upstream: Callable[[int, int], int]
    """The gradient of the output, of filter and position."""


def small_numbers(
    layer: ConvLayer, seed: int, input: Callable[[int, int, int], int] | None = None
) -> Numbers:
    """Return small integers for a layer, the same for the same seed; the input may be another."""
    columns = layer.output.width
    return Numbers(
        input=input or partial(small, seed, "input"),
        weights=partial(_weights, seed, layer.filter, columns),
        bias=partial(_figure, seed, "bias", columns),
        upstream=partial(_figure, seed, "upstream", columns),
    )


@lru_cache(MOST["neurons"])
def _weights(seed: int, filter: Volume, columns: int, k: int, position: int | None) -> Block:
    width, height, depth = filter
    place = _place(position, columns)
    drawn = smalls(seed, "weights", *place, k, sizes=(height, width, depth))
    return tuple(in_rows(drawn[c::depth], width) for c in range(depth))


@lru_cache(2 * MOST["neurons"])
def _figure(seed: int, name: str, columns: int, k: int, position: int | None) -> int:
    return small(seed, name, *_place(position, columns), k)


def _place(position: int | None, columns: int) -> tuple[int, ...]:
    return () if position is None else divmod(position, columns)


def in_rows(numbers: Iterable[int], width: int) -> Grid:
    """Return numbers in rows of a width.

    >>> in_rows([1, 2, 3, 4, 5, 6], width=3)
    ((1, 2, 3), (4, 5, 6))
    """
    return tuple(zip(*[iter(numbers)] * width, strict=True))


def each(operation: Callable[..., int], *grids: Grid) -> Grid:
    """Apply an operation to the numbers of grids, one by one.

    >>> from operator import mul
    >>> each(mul, ((1, 2),), ((3, 4),))
    ((3, 8),)
    """
    return tuple(tuple(map(operation, *rows)) for rows in zip(*grids, strict=True))


def total(grid: Grid) -> int:
    """Return the sum of a grid's numbers."""
    return sum(map(sum, grid))
