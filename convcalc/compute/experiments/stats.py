"""Least, most and mean of an output, of each of its feature maps, and of what overflows."""

from typing import Any

import numpy as np

from convcalc.shapes import Array


def stats(values: Array) -> dict[str, float]:
    """Return the least, the greatest and the mean of an array, as Python floats."""
    return {"min": float(values.min()), "max": float(values.max()), "mean": float(mean(values))}


def map_stats(output: Array) -> list[dict[str, float]]:
    """Return each feature map's figures, all maps of (H, W, K) in one walk through the memory."""
    least, most = output.min((0, 1)).tolist(), output.max((0, 1)).tolist()
    means = mean(output, (0, 1)).tolist()
    figures = zip(least, most, means, strict=True)
    return [{"min": low, "max": high, "mean": middle} for low, high, middle in figures]


def mean(values: Array, axes: int | tuple[int, ...] | None = None) -> Any:
    """Return the mean in float64, also of values so large that their sum is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        average = values.mean(axes, dtype=np.float64)
    if np.isfinite(average).all():
        return average
    return (values * 2.0**-64).mean(axes, dtype=np.float64) * 2.0**64
