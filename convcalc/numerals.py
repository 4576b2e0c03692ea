"""Numbers as text. Only two kinds are ever rounded, and both carry the sign ≈."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def grouped(number: int) -> str:
    """Return an integer with its thousands separated.

    >>> grouped(105705600)
    '105,705,600'
    """
    return f"{number:,}"


def ratio(value: "Fraction") -> str:
    """Return how many times, exact where it is whole.

    >>> from fractions import Fraction
    >>> ratio(Fraction(3025)), ratio(Fraction(7, 2))
    ('3,025', '≈4')
    """
    if value.denominator == 1:
        return grouped(value.numerator)
    return "≈" + grouped((2 * value.numerator + value.denominator) // (2 * value.denominator))


def memory(count: int) -> str:
    """Return bytes in decimal units (kB = 1000 bytes), to at most one decimal.

    >>> memory(139776), memory(999), memory(4_500_000), memory(999_960)
    ('≈139.8 kB', '999 bytes', '4.5 MB', '≈1 MB')
    """
    for power in range(len(UNITS)):
        tenths = (20 * count + 1000**power) // (2 * 1000**power)
        if tenths < 10_000:
            break
    sign = "" if tenths * 1000**power == 10 * count else "≈"
    decimals = f".{tenths % 10}" if tenths % 10 else ""
    return f"{sign}{tenths // 10:,}{decimals} {UNITS[power]}"
