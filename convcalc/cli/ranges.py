"""Read what `solve` is told: numbers, pairs, ranges such as 3..11, amounts such as 50k."""

from typing import Any

from convcalc.arithmetic.solver.asked import AMOUNT, OUTPUT
from convcalc.arithmetic.solver.progression import span
from convcalc.errors import BadRequest, shown
from convcalc.layer.options import volume
from convcalc.layer.parse import numbers, read, ungrouped, unified, wholes
from convcalc.layer.wording import COUNT, FILTER, PAD, STEP

OR_RANGE = ", or a range such as 3..11"
BYTES = "give a whole number of bytes such as 500000, 500kB, 1.5MB or 512KiB"
THOUSANDS = {"k": 1000, "K": 1000, "M": 1000**2, "G": 1000**3}
UNITS = THOUSANDS | {
    name: base**power
    for base, middle in ((1000, ""), (1024, "i"))
    for power, letters in enumerate(("kK", "M", "G"), 1)
    for name in (f"{letter}{middle}B" for letter in letters)
}
"""What stands behind a number of bytes."""


def choice(argument: str, text: str) -> Any:
    """Read a number, a pair or a range.

    >>> choice("filter", "5x3"), choice("filter", "3..11")
    ((5, 3), range(3, 12))
    """
    lengths, remedy = ((1, 2, 3), FILTER) if argument == "filter" else ((1, 2), STEP)
    remedy += OR_RANGE
    if ".." in text:
        return _range(argument, text, 1, remedy)
    return read(argument, text, lengths, 1, remedy)


def count(argument: str, text: str) -> Any:
    """Read a number or a range."""
    remedy = COUNT + OR_RANGE
    if ".." in text:
        return _range(argument, text, 1, remedy)
    return read(argument, text, (1,), 1, remedy)[0]


def pads(argument: str, text: str) -> Any:
    """Read a pad: a fixed one, `same`, or a range of equal ones."""
    remedy = PAD + OR_RANGE
    if ".." in text:
        return _range(argument, text, 0, remedy)
    if (said := unified(text).lower()) in ("same", "valid"):
        return said
    return read(argument, text, (1, 2, 4), 0, remedy)


def output(argument: str, text: str) -> tuple[int, ...]:
    """Read an output's width and height, and its depth where it is said."""
    return read(argument, text, (1, 2, 3), 1, OUTPUT)


def amount(argument: str, text: str, remedy: str = AMOUNT) -> int:
    """Read a whole number exactly; k is a thousand, M a million, G a billion.

    >>> amount("max-params", "50k"), amount("max-params", "1.5M"), amount("params", "34944")
    (50000, 1500000, 34944)
    """
    return _scaled(argument, text, THOUSANDS, remedy)


def memory(argument: str, text: str) -> int:
    """Read a whole number of bytes exactly; kB is 1000 of them, KiB 1024.

    >>> memory("max-memory", "1.5 kB"), memory("max-memory", "2KiB"), memory("max-memory", "3M")
    (1500, 2048, 3000000)
    """
    return _scaled(argument, text, UNITS, BYTES)


def _scaled(argument: str, text: str, units: dict[str, int], remedy: str) -> int:
    unit = max((unit for unit in units if text.endswith(unit)), key=len, default="")
    scale = units.get(unit, 1)
    number = ungrouped(text.removesuffix(unit)).strip()
    whole_part, point, decimals = number.partition(".")
    digits = whole_part + decimals
    if not (digits.isascii() and digits.isdigit() and whole_part) or (point and not decimals):
        raise BadRequest(argument, text, "is not a number", remedy)
    scaled, left = divmod(numbers(argument, digits, remedy)[0] * scale, 10 ** len(decimals))
    if left or (point and not unit):
        raise BadRequest(argument, text, "is not a whole number", remedy)
    return wholes(argument, scaled, (1,), 1, remedy, text)[0]


def _range(argument: str, text: str, least: int, remedy: str) -> range:
    ends = text.split("..")
    if len(ends) != 2 or not all(end.strip() for end in ends):
        raise BadRequest(
            argument, text, "is not a range", "give the least and the most, such as 3..11"
        )
    first, final = read(argument, text, (2,), least, remedy, "..")
    if first > final:
        backwards = f"give {shown(ends[1])}..{shown(ends[0])}"
        raise BadRequest(argument, text, "runs backwards", backwards)
    return span(first, final)


READERS = {
    "input": lambda _, text: volume(text),
    "output": output,
    "filter": choice,
    "stride": choice,
    "pad": pads,
    "filters": count,
    "dilation": choice,
    "groups": count,
    "depth": lambda argument, text: count(argument, text),
    "params": amount,
    "max_params": amount,
    "max_macs": amount,
    "max_flops": amount,
    "max_memory": memory,
}


def read_known(known: dict[str, Any]) -> dict[str, Any]:
    """Return what the options of `solve` say, as the function of that name takes it."""
    values = {
        name: reader(name.replace("_", "-"), known[name])
        for name, reader in READERS.items()
        if known[name] is not None
    }
    flags = {name: known[name] for name in ("keep_size", "halve", "allow_floor")}
    return values | flags | {"bias": not known["no_bias"]}
