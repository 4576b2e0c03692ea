"""Arithmetic progressions as Python ranges, with steps up and of any size; nothing is listed."""

from math import gcd

NO_END = 10**2000
"""Beyond any number a layer may have."""


def span(least: int, most: int) -> range:
    """Return the whole numbers from `least` to `most`, both included.

    >>> list(span(3, 5)), list(span(5, 3))
    ([3, 4, 5], [])
    """
    return range(least, most + 1)


def size(numbers: range) -> int:
    """How many numbers; unlike len, also where they are more than a machine word counts.

    >>> size(range(0, 10**30, 2)) == 5 * 10**29
    True
    """
    return max(0, -((numbers.start - numbers.stop) // numbers.step))


def moved(numbers: range, by: int) -> range:
    """Return the numbers with something added to each."""
    return range(numbers.start + by, numbers.stop + by, numbers.step)


def last(numbers: range) -> int:
    """Return the last of some numbers.

    >>> last(range(1, 10, 4))
    9
    """
    return numbers.start + (size(numbers) - 1) * numbers.step


def meet(a: range, b: range) -> range:
    """Return the numbers in both: where a0 + i s = b0 + j t, true again every lcm(s, t).

    Modulo t the first equation asks for i s = b0 - a0. With g = gcd(s, t) that can be solved when
    g divides b0 - a0, and then i = (b0 - a0)/g * (s/g)^-1 modulo t/g.

    >>> list(meet(range(1, 40, 4), range(0, 40, 3)))
    [9, 21, 33]
    """
    g = gcd(a.step, b.step)
    away = b.start - a.start
    if away % g:
        return range(0)
    cycle = b.step // g
    first = a.start + a.step * (away // g * pow(a.step // g, -1, cycle) % cycle)
    step = a.step * cycle
    least = max(a.start, b.start)
    return range(first + -((first - least) // step) * step, min(a.stop, b.stop), step)
