"""Whether an answer agrees with exact numbers: rounded or not, its sides in this order or that."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from convcalc.arithmetic.answers.reading import Number, Reading
from convcalc.numerals import counted

FEWEST_DIGITS = 2
"""With fewer, a rounded number agrees with too much to be cut off, or to come from a mistake."""

ROUNDED = 1
"""The rank of a number that has another's digits."""

ANOTHER_ORDER = 3
"""What is added to the rank of an array whose sides are not in its order."""

Sides = tuple[Number | None, ...]
Exact = Sequence[int] | Sequence[int | Fraction]


class Agreement(NamedTuple):
    """How near an answer is, 0 exact, 1 rounded, 2 cut off; what is to be said of that."""

    rank: int
    how: str


def agreement(sides: Sides, exact: Exact) -> Agreement | None:
    """Return how all sides agree with as many exact numbers; None where one does not.

    >>> agreement([Number(Fraction(35000), Fraction(1000), 2)], [34944])
    Agreement(rank=1, how='to 2 digits')
    """
    if len(sides) != len(exact):
        return None
    worst = Agreement(0, "")
    for side, number in zip(sides, exact, strict=True):
        one = _agreement(side, number) if side else worst
        if one is None:
            return None
        worst = max(worst, one)
    return worst


def _agreement(number: Number, exact: int | Fraction) -> Agreement | None:
    value, last, digits = number
    off = exact - value
    if not off:
        return Agreement(0, "")
    if value and 2 * abs(off) <= last:
        return Agreement(1, f"to {counted(digits, 'digit')}")
    if digits >= FEWEST_DIGITS and abs(off) < last and (off > 0) == (value > 0):
        return Agreement(2, f"cut off after {counted(digits, 'digit')}")
    return None


def in_any_order(sides: Sides, exact: Exact) -> Agreement | None:
    """Return how the sides of an array agree with exact numbers that are in another order."""
    if all(side and side.value >= 0 for side in sides):
        ordered = tuple(sorted(side for side in sides if side))
        if near := agreement(ordered, sorted(exact)):
            how = ", ".join(filter(None, ("in another order", near.how)))
            return Agreement(near.rank + ANOTHER_ORDER, how)
    return None


def orders(reading: Reading, sides: int, batch: int = 1) -> Iterator[tuple[str, Sides]]:
    """Yield the ways in which a size has its sides, each put in the order width, height, depth.

    The volume has as many `sides`. Brackets, or a batch in front, make it an array, and arrays
    mostly have the height first. The batch is 1, the one asked for, or where none was any.
    """
    for names, array in ORDERS[sides]:
        numbers = reading.numbers
        first = _batch(numbers[0], batch) if len(numbers) == len(names) + 1 == sides + 1 else ""
        if len(numbers) == len(names) + bool(first) and (reading.array or first or not array):
            placed = dict(zip(names, numbers[bool(first) :], strict=True))
            usual = not first and names[0] in ("width", "length")
            how = "" if usual else f"in the order {', '.join(filter(None, (first, *names)))}"
            yield how, tuple(placed[name] for name in NAMES[sides] if name in placed)


NAMES = {3: ("width", "height", "depth"), 2: ("length", "depth")}
ORDERS = {
    3: (
        (("width", "height", "depth"), False),
        (("depth", "height", "width"), False),
        (("height", "width", "depth"), True),
        (("width", "height"), False),
        (("height", "width"), True),
    ),
    2: ((("length", "depth"), False), (("depth", "length"), False)),
}
"""By the sides of a volume: the orders they are given in, and whether only arrays have that one."""


def _batch(first: Number | None, batch: int) -> str:
    """Return what to call a batch; nothing for what is none."""
    if first is None or first.value == batch:
        return "batch"
    if first.value == 1 or (batch == 1 and first.value > 0 and first.value.denominator == 1):
        return f"batch of {first.value}"
    return ""
