"""The options a layer is made of: how each is read from text, and what need not be typed."""

from collections.abc import Callable
from typing import Any, NamedTuple

from convcalc.errors import BadRequest
from convcalc.layer.parse import parts, read, shape_remedy, unified
from convcalc.layer.volume import Along, Ends, Pad, Pair, Series, Volume
from convcalc.layer.wording import (
    BIAS,
    COUNT,
    ENDS,
    FILTER,
    FROM_0,
    LENGTH,
    PACE,
    PAD,
    STEP,
    UNTIED,
)

Reader = Callable[[str, str], Any]
"""Reads an option's text, given its name; raises BadRequest where it is none."""


class Option(NamedTuple):
    """An option of a kind of layer; the `usual` text may be left out, one that is `needed` not."""

    name: str
    read: Reader
    usual: str | None = None
    needed: bool = False

    @staticmethod
    def text(value: Any) -> str:
        """Return a value as the text it is read from."""
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def volume(text: str) -> Volume:
    """Read an input: a volume such as 227x227x3, or a series such as 60x1.

    Raises BadRequest where it is none.
    """
    remedy = shape_remedy(parts(text), "--input {}x{}x{}")
    return Volume.of(read("input", text, (2, 3), 1, remedy))


def window(argument: str, text: str) -> Pair | Volume:
    """Read a filter such as 11, 5x3 or, its depth said too, 11x11x3."""
    sides = read(argument, text, (1, 2, 3), 1, FILTER)
    return Volume(*sides) if len(sides) == 3 else Pair.of(sides)


def length(argument: str, text: str) -> Along | Series:
    """Read a filter of a series such as 40 or, its depth said too, 40x1."""
    sides = read(argument, text, (1, 2), 1, LENGTH)
    return Series(sides[0], 1, sides[1]) if len(sides) == 2 else Along(sides[0], 1)


def pair(argument: str, text: str, remedy: str = STEP) -> Pair:
    """Read one number for both axes, or one for each, from 1 up."""
    return Pair.of(read(argument, text, (1, 2), 1, remedy))


def pair_from_0(argument: str, text: str) -> Pair:
    """Read one number for both axes, or one for each, from 0 up."""
    return Pair.of(read(argument, text, (1, 2), 0, FROM_0))


def pad(argument: str, text: str) -> Pad | str:
    """Read a pad: `same`, `valid`, or one, two or four numbers from 0 up."""
    if (said := unified(text).lower()) in ("same", "valid"):
        return said
    return Pad.of(read(argument, text, (1, 2, 4), 0, PAD))


def step(argument: str, text: str) -> Along:
    """Read a number from 1 up for the one axis of a series."""
    return Along(read(argument, text, (1,), 1, PACE)[0], 1)


def ends(argument: str, text: str) -> Ends | str:
    """Read a pad of a series: `same`, `valid`, or one or two numbers from 0 up."""
    if (said := unified(text).lower()) in ("same", "valid"):
        return said
    return Ends.of(read(argument, text, (1, 2), 0, ENDS))


def count(argument: str, text: str) -> int:
    """Read a number from 1 up."""
    return read(argument, text, (1,), 1, COUNT)[0]


def yes(argument: str, text: str) -> bool:
    """Read `yes` or `no`."""
    said = unified(text).lower()
    if said not in ("yes", "no"):
        raise BadRequest(argument, text, "is neither yes nor no", "give yes or no")
    return said == "yes"


def bias(argument: str, text: str) -> bool | str:
    """Read `yes`, `no` or `untied`; raise BadRequest for anything else."""
    kinds: dict[str, bool | str] = {"yes": True, "no": False, UNTIED: UNTIED}
    said = unified(text).lower()
    if said not in kinds:
        raise BadRequest(argument, text, "is neither yes, no nor untied", BIAS)
    return kinds[said]
