"""Least, most and mean of an output, of each of its feature maps, and of what overflows."""

from typing import Any, NamedTuple

import numpy as np

from convcalc.shapes import Array

Stats = dict[str, float]
"""The least value `min`, the greatest `max` and the mean `mean`."""


class MapStats(NamedTuple):
    """The figures of each feature map, (K,) each: there may be a million maps."""

    least: Array
    most: Array
    means: Array

    def of(self, k: int) -> Stats:
        """Return the figures of one map, as Python floats."""
        return {
            "min": float(self.least[k]),
            "max": float(self.most[k]),
            "mean": float(self.means[k]),
        }


def stats(values: Array) -> Stats:
    """Return the least, the greatest and the mean of an array, as Python floats."""
    return {"min": float(values.min()), "max": float(values.max()), "mean": float(mean(values))}


def map_stats(output: Array) -> MapStats:
    """Return each feature map's figures, all maps of (H, W, K) in one walk through the memory."""
    return MapStats(output.min((0, 1)), output.max((0, 1)), mean(output, (0, 1)))


def mean(values: Array, axes: int | tuple[int, ...] | None = None) -> Any:
    """Return the mean in float64, also of values so large that their sum is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        average = values.mean(axes, dtype=np.float64)
    if np.isfinite(average).all():
        return average
    return (values * 2.0**-64).mean(axes, dtype=np.float64) * 2.0**64
