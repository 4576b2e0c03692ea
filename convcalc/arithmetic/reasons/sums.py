"""Sums over the layers of a network, written out; long ones are shortened in the middle."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.arithmetic.formula import Worked

MOST_PARTS = 10
"""So many summands are written out; of more, the first and the last few."""

LEFT_OUT = "…"


class Part(NamedTuple):
    """A summand, and what it is called."""

    name: str
    number: int


def summed(parts: Sequence[Part]) -> Worked:
    """Return a sum of parts, those that are 0 left out.

    >>> summed([Part("conv1", 896), Part("pool1", 0), Part("fc1", 10)])[:3]
    ('conv1 + fc1', '896 + 10', 906)
    """
    added = [part for part in parts if part.number] or [Part("0", 0)]
    names, numbers = ([part.name for part in added], [str(part.number) for part in added])
    total = sum(part.number for part in added)
    return Worked(" + ".join(shortened(names)), " + ".join(shortened(numbers)), total)


def shortened(texts: Sequence[str]) -> list[str]:
    """Return texts, or of many the first and the last few.

    >>> " ".join(shortened("abcdefghijk"))
    'a b c d … h i j k'
    """
    if len(texts) <= MOST_PARTS:
        return [*texts]
    ends = MOST_PARTS // 2 - 1
    return [*texts[:ends], LEFT_OUT, *texts[-ends:]]
