"""Least, most and mean of an output, of each of its feature maps, and of what overflows."""

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np

from convcalc.layer import Layer
from convcalc.shapes import Array

Stats = dict[str, float]
"""The least value `min`, the greatest `max` and the mean `mean`."""


class Maps(Protocol):
    """A layer's output (H_out, W_out, K), with figures of its first so many feature maps."""

    @property
    def layer(self) -> Layer:
        """The layer."""

    @property
    def output(self) -> Array:
        """Its output."""

    def map_stats(self, count: int) -> Iterator[Stats]:
        """Yield the figures of the first so many."""


def stats(values: Array) -> Stats:
    """Return the least, the greatest and the mean of an array, as Python floats."""
    return {"min": float(values.min()), "max": float(values.max()), "mean": float(mean(values))}


def map_stats(output: Array) -> Iterator[Stats]:
    """Yield each feature map's figures, all maps of (H, W, K) in one walk through the memory."""
    figures = output.min((0, 1)), output.max((0, 1)), mean(output, (0, 1))
    for least, most, average in zip(*figures, strict=True):
        yield {"min": float(least), "max": float(most), "mean": float(average)}


def mean(values: Array, axes: int | tuple[int, ...] | None = None) -> Any:
    """Return the mean in float64, also of values so large that their sum is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        average = values.mean(axes, dtype=np.float64)
    if np.isfinite(average).all():
        return average
    return (values * 2.0**-64).mean(axes, dtype=np.float64) * 2.0**64
