"""Named filter banks: filters made by formula, for any size, depth and number that makes sense.

Each bank is drawn on the filter's own grid, (u, v) counted from its centre, under a Gaussian
window a quarter of the filter wide. Edges are its slope along one direction, blurs its bell at
several widths, sharpeners the pixel itself plus its difference from the blur, and Gabors a wave
under the bell. All but the Gabors see every channel alike, in weights divided by the depth.
"""

import math
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from convcalc.compute.tools.progress import Progress, nobody
from convcalc.errors import BadRequest
from convcalc.layer import ConvLayer, Pair
from convcalc.shapes import Array, weights_shape

FIRST_DIRECTIONS = (90.0, 0.0, 45.0, 135.0, 270.0, 180.0, 225.0, 315.0)
GOLDEN = (math.sqrt(5) - 1) / 2
GREY_WAVES = (0.8, 0.55, 0.4)
"""Wavelengths of the grey Gabors, as shares of the filter."""


def bank_weights(
    name: str, layer: ConvLayer, dtype: np.dtype[Any], progress: Progress = nobody
) -> Array:
    """Return the bank's shared weights (K, FH, FW, D / groups), every filter another.

    `progress` is called with the numbers of each filter when it is made.

    Raises BadRequest where the bank makes no sense for the filter's size.
    """
    weights = np.empty(weights_shape(layer), dtype)
    for k, one in enumerate(BANKS[name](layer)):
        weights[k] = one
        progress(weights[k].size)
    return weights


def edges(layer: ConvLayer) -> Iterator[Array]:
    """Yield edge detectors: horizontal, vertical, the diagonals, each then reversed, then finer.

    A filter answers 0 on an even area and at most 1 on a picture of values 0 to 1: the
    horizontal one where it is brighter below, the vertical one where it is brighter on the right.
    """
    _needs(min, layer, "edges", 2)
    u, v = _grid(layer)
    bell = _bell(layer, 0.25)
    for degrees in islice(_directions(), layer.filters):
        angle = math.radians(degrees)
        slope = (u * math.cos(angle) + v * math.sin(angle)) * bell
        yield _through_depth(2 * slope / np.abs(slope).sum(), layer)


def blur(layer: ConvLayer) -> Iterator[Array]:
    """Yield Gaussian blurs, from a narrow to a wide bell; each sums to 1."""
    _needs(max, layer, "blur", 3)
    for k in range(layer.filters):
        yield _through_depth(_bell(layer, 0.125 + 0.25 * (k + 0.5) / layer.filters), layer)


def sharpen(layer: ConvLayer) -> Iterator[Array]:
    """Yield sharpeners, from weak to strong: the pixel plus its difference from the blur."""
    _needs(max, layer, "sharpen", 3)
    if not layer.filter.width % 2 or not layer.filter.height % 2:
        raise _senseless(layer, "sharpen", "a middle pixel", "odd sides, such as 3 or 5")
    bell = _bell(layer, 0.25)
    pixel = np.zeros_like(bell)
    pixel[layer.filter.height // 2, layer.filter.width // 2] = 1
    for k in range(layer.filters):
        amount = 2 * (k + 1) / (layer.filters + 1)
        yield _through_depth(pixel + amount * (pixel - bell), layer)


def gabor(layer: ConvLayer) -> Iterator[Array]:
    """Yield oriented waves, two grey ones for every one between opposite colours.

    Grey filters sum to 0; colour filters weigh the channels by a cosine over the depth, which
    sums to 0 as well, and vary more slowly: the look of a trained first layer. All have norm 1.
    """
    _needs(min, layer, "gabor", 3)
    u, v = _grid(layer)
    bell = _bell(layer, 0.22)
    size, depth = max(layer.filter.width, layer.filter.height), layer.filter.depth
    for k in range(layer.filters):
        coloured = depth > 1 and k % 3 == 2
        angle = math.pi * (k * GOLDEN % 1)
        wavelength = size * (1.6 if coloured else GREY_WAVES[k // 2 % len(GREY_WAVES)])
        phase = math.pi / 2 * (k // 6 % 2 if coloured else k % 2)
        along = u * math.cos(angle) + v * math.sin(angle)
        wave = bell * np.cos(2 * math.pi * along / max(wavelength, 2.5) + phase)
        if coloured:
            index = 1 + k // 3 % (depth - 1)
            channels = np.cos(math.pi * (2 * np.arange(depth) + 1) * index / (2 * depth))
        else:
            channels = np.ones(depth)
            wave -= bell * wave.sum() / bell.sum()
        yield wave[:, :, None] * (channels / (np.linalg.norm(wave) * np.linalg.norm(channels)))


BANKS: dict[str, Callable[[ConvLayer], Iterator[Array]]] = {
    bank.__name__: bank for bank in (edges, blur, sharpen, gabor)
}


def _directions() -> Iterator[float]:
    """Yield directions in degrees without end, each round halving the angles between them."""
    yield from FIRST_DIRECTIONS
    step = 22.5
    while True:
        yield from np.arange(step, 360, 2 * step)
        step /= 2


def _grid(layer: ConvLayer) -> tuple[Array, Array]:
    """Return u (FW,) along the width and v (FH, 1) along the height, 0 in the middle."""
    u = np.arange(layer.filter.width) - (layer.filter.width - 1) / 2
    v = np.arange(layer.filter.height) - (layer.filter.height - 1) / 2
    return u, v[:, None]


def _bell(layer: ConvLayer, width: float) -> Array:
    """Return a Gaussian (FH, FW) that sums to 1, its deviation a share `width` of each side."""
    u, v = _grid(layer)
    across, down = width * layer.filter.width, width * layer.filter.height
    bell = np.exp(-((u / across) ** 2 + (v / down) ** 2) / 2)
    return np.asarray(bell / bell.sum())


def _through_depth(flat: Array, layer: ConvLayer) -> Array:
    """Return a filter (FH, FW) as (FH, FW, 1), to see all channels alike."""
    return flat[..., None] / layer.filter.depth


def _needs(of: Callable[[int, int], int], layer: ConvLayer, bank: str, side: int) -> None:
    """Raise BadRequest unless the shorter (min) or longer (max) side is at least `side`."""
    if of(layer.filter.width, layer.filter.height) < side:
        which = "sides" if of is min else "a side"
        raise _senseless(layer, bank, f"{side} pixels across", f"{which} of at least {side}")


def _senseless(layer: ConvLayer, bank: str, needed: str, remedy: str) -> BadRequest:
    return BadRequest(
        "filter",
        Pair(layer.filter.width, layer.filter.height),
        f"the bank {bank} needs a filter with {needed}",
        f"give {remedy}, or take random weights",
    )
