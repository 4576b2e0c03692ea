"""Read what `solve` is told: numbers, pairs, ranges such as 3..11, budgets such as 50k."""

from typing import Any

from convcalc.arithmetic.solver.progression import span
from convcalc.arithmetic.solver.search import Choice, Pads, Search
from convcalc.errors import BadRequest, shown
from convcalc.layer import Pad, Pair, Volume
from convcalc.layer.options import volume
from convcalc.layer.parse import numbers, read, wholes
from convcalc.layer.wording import COUNT, FILTER, INPUT, PAD, STEP

OR_RANGE = ", or a range such as 3..11"
OUTPUT = "give WIDTHxHEIGHT, or WIDTHxHEIGHTxDEPTH, for example 55x55"
BUDGET = "give a whole number of parameters such as 50000, 50k or 1.5M"
SUFFIXES = {"k": 3, "K": 3, "M": 6, "G": 9}


def output(text: str) -> tuple[Pair, int | None]:
    """Read an output's width and height, and its depth where it is said."""
    sides = read("output", text, (2, 3), 1, OUTPUT)
    return Pair(*sides[:2]), sides[2] if len(sides) == 3 else None


def choice(argument: str, text: str) -> Choice:
    """Read a number, a pair or a range.

    >>> choice("filter", "5x3"), choice("filter", "3..11")
    (Choice(numbers=range(5, 6), more=-2), Choice(numbers=range(3, 12), more=0))
    """
    remedy = (FILTER if argument == "filter" else STEP) + OR_RANGE
    if ".." in text:
        return Choice(_range(argument, text, 1, remedy))
    sides = read(argument, text, (1, 2), 1, remedy)
    return Choice(span(sides[0], sides[0]), sides[-1] - sides[0])


def count(argument: str, text: str) -> range:
    """Read a number or a range."""
    remedy = COUNT + OR_RANGE
    if ".." in text:
        return _range(argument, text, 1, remedy)
    number = read(argument, text, (1,), 1, remedy)[0]
    return span(number, number)


def pads(text: str) -> Pads:
    """Read a pad: a fixed one, `same`, or a range of equal ones."""
    remedy = PAD + OR_RANGE
    if text == "same":
        return Pads(same=True)
    if ".." in text:
        numbers_ = _range("pad", text, 0, remedy)
        return Pads(numbers_.start, numbers_.stop - 1)
    return Pads(fixed=Pad.of((0,) if text == "valid" else read("pad", text, (1, 2, 4), 0, remedy)))


def budget(text: str) -> int:
    """Read a number of parameters, exactly; k is a thousand, M a million, G a billion.

    >>> budget("50k"), budget("1.5M"), budget("50000")
    (50000, 1500000, 50000)
    """
    zeros = SUFFIXES.get(text[-1:], 0)
    whole_part, point, decimals = (text[:-1] if zeros else text).partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > zeros or (point and not zeros):
        raise BadRequest("max-params", text, "is not a whole number", BUDGET)
    digits = whole_part + decimals + "0" * (zeros - len(decimals))
    if not (digits.isascii() and digits.isdigit() and whole_part):
        raise BadRequest("max-params", text, "is not a number of parameters", BUDGET)
    return wholes("max-params", numbers("max-params", digits, BUDGET), (1,), 1, BUDGET, text)[0]


def _range(argument: str, text: str, least: int, remedy: str) -> range:
    ends = text.split("..")
    if len(ends) != 2 or not all(end.strip() for end in ends):
        raise BadRequest(
            argument, text, "is not a range", "give the least and the most, such as 3..11"
        )
    first, final = read(argument, text, (2,), least, remedy, r"\.\.")
    if first > final:
        backwards = f"give {shown(ends[1])}..{shown(ends[0])}"
        raise BadRequest(argument, text, "runs backwards", backwards)
    return span(first, final)


def read_search(known: dict[str, Any]) -> Search:
    """Return the search that the options of `solve` describe."""
    if known["input"] is None:
        raise BadRequest("input", None, "is missing", INPUT)
    given = volume(known["input"])
    positions, depth = _wanted(known, given)
    filters = None if known["filters"] is None else count("filters", known["filters"])
    if depth is not None:
        if filters is not None and depth not in filters:
            problem = f"is not the depth {depth} of --output"
            raise BadRequest("filters", known["filters"], problem, f"give {depth}, or leave it out")
        filters = span(depth, depth)
    return Search(
        input=given,
        positions=positions,
        filter=choice("filter", known["filter"]),
        stride=choice("stride", known["stride"]),
        pads=Pads() if known["pad"] is None else pads(known["pad"]),
        dilation=choice("dilation", known["dilation"]),
        groups=count("groups", known["groups"]),
        filters=filters,
        bias=not known["no_bias"],
        budget=None if known["max_params"] is None else budget(known["max_params"]),
        allow_floor=known["allow_floor"],
    )


def _wanted(known: dict[str, Any], given: Volume) -> tuple[Pair | None, int | None]:
    """Return the positions wanted along width and height, and the depth of the output."""
    if known["output"] is not None:
        return output(known["output"])
    if known["keep_size"]:
        return Pair(given.width, given.height), None
    if known["halve"]:
        return Pair(-(-given.width // 2), -(-given.height // 2)), None
    return None, None
