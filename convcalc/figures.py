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
    """Return bytes in decimal units (kB = 1000 bytes), to one decimal where that is not exact.

    >>> memory(139776), memory(999), memory(4_000_000)
    ('≈139.8 kB', '999 bytes', '4 MB')
    """
    power = min((len(str(count)) - 1) // 3, len(UNITS) - 1)
    if 2 * count >= 2 * 1000 ** (power + 1) - 1000**power // 10 and power + 1 < len(UNITS):
        power += 1
    whole, rest = divmod(count, 1000**power)
    if not rest:
        return f"{whole:,} {UNITS[power]}"
    tenths = (20 * count + 1000**power) // (2 * 1000**power)
    return f"≈{tenths // 10:,}.{tenths % 10} {UNITS[power]}"
