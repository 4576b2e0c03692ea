"""The tables of Winograd's algorithm, from the points at which polynomials are evaluated.

Multiplying two polynomials by their values at six points, and interpolating, is linear in each:
product = C ((A u) * (G g)), with A and G powers of the points and C the interpolation. Filtering
asks for its transpose: inputs take the place of the product, and outputs that of u, so that
y = A' ((G g) * (C' d)). The points are small and few of them share their size, for rounding.
"""

from fractions import Fraction
from functools import cache
from math import prod

import numpy as np

from convcalc.shapes import Array

FINITE_POINTS = (Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 2), Fraction(-2))
POINTS = len(FINITE_POINTS) + 1


@cache
def transforms(taps: int) -> tuple[Array, Array, Array]:
    """Return A (7 - taps x 6), G (6 x taps) and B (6x6), exact but for rounding to float64.

    At a point p, G evaluates the taps, divided by how far p is from the other points, and A
    holds the powers of p. A row of B has the coefficients of the product of (X - q) over all
    other points q. At infinity only the highest power counts.

    >>> a, g, b = transforms(3)
    >>> d, taps = np.array([1, 2, 3, 4, 5, 6]), np.array([1, 10, 100])
    >>> (a @ ((g @ taps) * (b @ d))).round(9)  # 1*1 + 2*10 + 3*100, ...
    array([321., 432., 543., 654.])
    """
    side, points = POINTS + 1 - taps, np.array(FINITE_POINTS)
    others = [np.delete(points, n) for n in range(len(points))]
    distances = [[prod(p - rest)] for p, rest in zip(points, others, strict=True)]
    a = [*np.vander(points, side, increasing=True), np.eye(side)[-1]]
    g = [*np.vander(points, taps, increasing=True) / distances, np.eye(taps)[-1]]
    b = [*([*np.poly(rest)[::-1], 0] for rest in others), np.poly(points)[::-1]]
    return np.array(a, float).T, np.array(g, float), np.array(b, float)
