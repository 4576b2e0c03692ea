"""Read the layer's arguments, as Python values or as text; every refusal names the argument."""

import operator
from typing import Any

from convcalc.errors import BadRequest

MAX_DIGITS = 600
"""Longer numbers are refused: a product of six of them still prints within Python's limit."""


def whole(argument: str, value: Any, least: int, remedy: str) -> int:
    """Return `value` as a Python integer of at least `least`; raise BadRequest otherwise."""
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        raise BadRequest(argument, value, "is not a whole number", remedy) from None
    if number < least:
        raise BadRequest(argument, value, f"must be at least {least}", remedy)
    if number >= 10**MAX_DIGITS:
        raise BadRequest(argument, value, f"has more than {MAX_DIGITS} digits", remedy)
    return number


def wholes(argument: str, value: Any, lengths: tuple[int, ...], least: int, remedy: str) -> Any:
    """Return `value`, a number or a sequence of one of the `lengths`, as a tuple of integers."""
    values = value if isinstance(value, tuple | list) else (value,)
    if len(values) not in lengths:
        count = "1 number" if len(values) == 1 else f"{len(values)} numbers"
        wanted = " or ".join(str(n) for n in lengths)
        raise BadRequest(argument, _plain(value), f"is {count} where {wanted} are needed", remedy)
    for number in values:
        whole(argument, number, least, remedy)
    return tuple(operator.index(number) for number in values)


def numbers(argument: str, text: str, remedy: str) -> tuple[int, ...]:
    """Split text such as `227x227x3` into integers; x, X and × all separate."""
    parts = [part.strip() for part in text.replace("X", "x").replace("×", "x").split("x")]
    for part in parts:
        digits = part[1:] if part.startswith(("+", "-")) else part
        if not (digits.isascii() and digits.isdigit()):
            problem = (
                "is not a whole number"
                if len(parts) == 1
                else f"has a part that is not a whole number ({part[:20] or 'nothing'})"
            )
            raise BadRequest(argument, text, problem, remedy)
        if len(digits) > MAX_DIGITS:
            raise BadRequest(argument, text, f"has more than {MAX_DIGITS} digits", remedy)
    return tuple(int(part) for part in parts)


def _plain(value: Any) -> Any:
    return "x".join(str(v) for v in value) if isinstance(value, tuple | list) else value
