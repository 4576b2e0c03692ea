"""Read the layer's arguments, as Python values or as text; every refusal names the argument."""

import operator
import re
from collections.abc import Sequence
from typing import Any

from convcalc.errors import BadRequest, shown
from convcalc.layer import wording

BRACKETS = ("()", "[]", "{}")
KEYBOARD = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {
    ord(sign): plain for plain, signs in wording.SIGNS.items() for sign in signs
}


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
        *others, last = map(str, lengths)
        wanted = (", ".join(others) + " or " if others else "") + last
        wanted += " is" if lengths == (1,) else " are"
        problem = wording.TOO_MANY.format(count=count, wanted=wanted)
        raise BadRequest(argument, _plain(quoted), problem, remedy)
    within = quoted if len(values) > 1 else None
    return tuple([whole(argument, number, least, remedy, within) for number in values])


def shape_remedy(sides: Sequence[Any], spelt: str) -> str:
    """Return what to give for an input of these sides: of a batch's four, which three are meant.

    >>> shape_remedy(["1", "8", "8", "8"], "--input {}x{}x{}")
    'leave out the batch (1): give --input 8x8x8'
    """
    if len(sides) not in (4, 5):
        return wording.INPUT
    batch, *rest = map(shown, sides)
    is_shape = _is_digits(batch) or batch in wording.ANY_BATCH
    if not is_shape or not all(_is_digits(side) and side.strip("0") for side in rest):
        return wording.INPUT
    if len(rest) == 4:
        return wording.TWO_AXES
    a, b, c = rest
    first, last = spelt.format(c, b, a), spelt.format(b, a, c)
    readings = wording.READINGS.format(first=first, last=last) if first != last else first
    return wording.BATCH.format(batch=batch, readings=readings)


def unified(text: str) -> str:
    """Return a text as the keyboard has it: full-width signs, × and − as ASCII, no blanks around.

    >>> unified(" （２２７×−４） ")
    '(227x-4)'
    """
    return text.translate(KEYBOARD).strip()


def parts(text: str, separator: str = "x") -> list[str]:
    """Split a size: by x, *, commas or blanks, in brackets or not.

    >>> parts("227x227x3") == parts("(227, 227, 3)") == parts("[227 227*3]")
    True
    """
    text = unified(text)
    if text[:1] + text[-1:] in BRACKETS:
        text = text[1:-1]
    if separator == "x":
        text = text.replace(",", "x")
    return [part for chunk in text.split(separator) for part in chunk.split() or [""]]


def ungrouped(text: str) -> str:
    """Return a number without what parts its digits in threes; anything else as it is.

    >>> ungrouped("1,024"), ungrouped("105 705 600"), ungrouped("10,24")
    ('1024', '105705600', '10,24')
    """
    spaced = " ".join(unified(text).split())
    for sign in ",_' ":
        first, *threes = spaced.split(sign)
        digits = "".join([first, *threes])
        if threes and len(first) in (1, 2, 3) and all(len(three) == 3 for three in threes):
            return digits if _is_digits(digits) and first[0] != "0" else text
    return text


def numbers(
    argument: str, text: str, remedy: str, separator: str = "x", is_one: bool = False
) -> tuple[int, ...]:
    """Read text such as `227x227x3` as integers, or as the `one` that may be grouped in threes."""
    found = parts(ungrouped(text) if is_one else text, separator)
    if len(found) > 1:
        _refuse_doubt(argument, text)
    for part in found:
        digits = part[1:] if part.startswith(("+", "-")) else part
        if not _is_digits(digits):
            several = len(found) > 1 and any(found)
            raise BadRequest(argument, text, _not_whole(part, several), remedy)
        if len(digits) > wording.MOST_DIGITS:
            raise BadRequest(argument, text, wording.TOO_LONG, remedy)
    return tuple(int(part) for part in found)


def read(
    argument: str,
    text: str,
    lengths: tuple[int, ...],
    least: int | None,
    remedy: str,
    separator: str = "x",
) -> tuple[int, ...]:
    """Read text such as `227x227x3` as one of the `lengths` of integers of at least `least`."""
    found = numbers(argument, text, remedy, separator, lengths == (1,))
    return wholes(argument, found, lengths, least, remedy, text)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _refuse_doubt(argument: str, text: str) -> None:
    """Raise BadRequest for 1,024 where the comma may part two numbers or one's thousands."""
    plain = unified(text)
    if "," not in plain and len(plain.split()) == 1:
        return
    three = r"[,\s]0"
    if "x" in plain or "," in plain:
        three += r"|[,\s][0-9]" if "x" in plain else r"|\s[0-9]"
    found = re.search(rf"(?<![0-9])([0-9]{{1,3}})((?:{three})[0-9]{{2}})(?![0-9])", plain)
    if found:
        first, second = found[1], found[2][1:]
        problem = wording.IN_DOUBT.format(part=shown(found[0]))
        remedy = wording.ONE_OR_TWO.format(one=first + second, two=f"{first}x{int(second)}")
        raise BadRequest(argument, text, problem, remedy)


def _not_whole(value: Any, is_part: bool) -> str:
    if not is_part:
        return wording.NOT_WHOLE
    return wording.PART_NOT_WHOLE.format(part="nothing" if value == "" else shown(value))


def _plain(value: Any) -> Any:
    return "x".join(map(shown, value)) if isinstance(value, tuple | list) else value
