"""From medians to ratios."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from convcalc.compute.forward.choose import ALGORITHMS

TORCH = "torch"
LAYOUTS = (TORCH, "torch channels_last")
OWN = tuple(name for name in ALGORITHMS if name != "definition")
OTHERS = ("JAX", "ONNX Runtime", "SciPy")
Figures = dict[str, Any]


def ratio(ms: dict[str, float], name: str, others: Sequence[str]) -> float | None:
    """Return a contender's time over that of the fastest of the others that took part."""
    found = [ms[other] for other in others if other in ms]
    return ms[name] / min(found) if found and name in ms else None


def peers(ms: dict[str, float]) -> list[float | None]:
    """Return `auto` over torch, over torch's better layout, and over every other library."""
    each = [(TORCH,), LAYOUTS, *((other,) for other in OTHERS)]
    return [ratio(ms, "auto", names) for names in each]


def dense(layers: Figures) -> list[Figures]:
    """Return the figures of the layers without groups."""
    return [row for name, row in layers.items() if " G" not in name]


def number(value: float | None) -> str:
    """Return a ratio as it is printed: to two decimals, or its first digit."""
    if value is None:
        return ""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.1g}"


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Return p of the power law time = c * size^p that fits best: a line through the logarithms."""
    slope, _ = np.polyfit(np.log(sizes), np.log(times), 1)
    return float(slope)


def in_milliseconds(medians: dict[str, float]) -> dict[str, float]:
    """Return seconds as they are kept: milliseconds, to four digits."""
    return {name: float(f"{seconds * 1000:.4g}") for name, seconds in medians.items()}
