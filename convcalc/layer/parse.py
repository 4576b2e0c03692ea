"""Read the layer's arguments, as Python values or as text; every refusal names the argument."""

import operator
import re
from typing import Any

from convcalc.errors import BadRequest, shown
from convcalc.layer import wording


def whole(argument: str, value: Any, least: int | None, remedy: str, within: Any = None) -> int:
    """Return `value` as a Python integer of at least `least`; raise BadRequest otherwise.

    A value that is one of several is quoted with the others, `within` which it was given.
    """
    quoted, is_part = (value, False) if within is None else (within, True)
    try:
        if isinstance(value, bool):
            raise TypeError
        number = operator.index(value)
    except TypeError:
        problem = _not_whole(value, is_part)
        raise BadRequest(argument, _plain(quoted), problem, remedy) from None
    if least is not None and number < least:
        its = f"its {shown(number)} " if is_part else ""
        problem = wording.TOO_SMALL.format(its=its, least=least)
        raise BadRequest(argument, _plain(quoted), problem, remedy)
    if abs(number) >= 10**wording.MOST_DIGITS:
        raise BadRequest(argument, _plain(quoted), wording.TOO_LONG, remedy)
    return number


def wholes(
    argument: str,
    value: Any,
    lengths: tuple[int, ...],
    least: int | None,
    remedy: str,
    text: str | None = None,
) -> tuple[int, ...]:
    """Return `value`, a number or a sequence of one of the `lengths`, as a tuple of integers.

    A refusal quotes all of it, as the `text` it was read from where there is one.
    """
    values = value if isinstance(value, tuple | list) else (value,)
    quoted = value if text is None else text
    if len(values) not in lengths:
        count = "1 number" if len(values) == 1 else f"{len(values)} numbers"
        wanted = " or ".join(map(str, lengths)) + (" is" if lengths == (1,) else " are")
        problem = wording.TOO_MANY.format(count=count, wanted=wanted)
        raise BadRequest(argument, _plain(quoted), problem, remedy)
    within = quoted if len(values) > 1 else None
    return tuple([whole(argument, number, least, remedy, within) for number in values])


def numbers(argument: str, text: str, remedy: str, separator: str = "[xX×]") -> tuple[int, ...]:
    """Split text such as `227x227x3` into integers; x, X and × all separate."""
    parts = [part.strip() for part in re.split(separator, text)]
    for part in parts:
        digits = part[1:] if part.startswith(("+", "-")) else part
        if not (digits.isascii() and digits.isdigit()):
            several = len(parts) > 1 and any(parts)
            raise BadRequest(argument, text, _not_whole(part, several), remedy)
        if len(digits) > wording.MOST_DIGITS:
            raise BadRequest(argument, text, wording.TOO_LONG, remedy)
    return tuple(int(part) for part in parts)


def read(
    argument: str,
    text: str,
    lengths: tuple[int, ...],
    least: int | None,
    remedy: str,
    separator: str = "[xX×]",
) -> tuple[int, ...]:
    """Read text such as `227x227x3` as one of the `lengths` of integers of at least `least`."""
    found = numbers(argument, text, remedy, separator)
    return wholes(argument, found, lengths, least, remedy, text)


def _not_whole(value: Any, is_part: bool) -> str:
    if not is_part:
        return wording.NOT_WHOLE
    return wording.PART_NOT_WHOLE.format(part="nothing" if value == "" else shown(value))


def _plain(value: Any) -> Any:
    return "x".join(map(shown, value)) if isinstance(value, tuple | list) else value
