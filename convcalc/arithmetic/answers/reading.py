"""An answer as it was written, in every way in which it can be read: exactly, and never refused.

A number has its thousands separated or not, a decimal point or comma, an exponent, k, M or million,
bytes or bits, a noun; it may be a fraction, a power or a sum. A size is numbers between x, commas
or blanks, in brackets or not. What can be read in more than one way, such as 34.944 or 227,227, is.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from convcalc.arithmetic.formula import mixed, work_out
from convcalc.arithmetic.formulas import FORMULAS
from convcalc.errors import BadRequest, printable

REMEDY = "give a count such as 34,944, or a size such as 55x55x96 or 55x55"

MOST_DIGITS = 4000
"""Python prints integers of up to 4,300 digits."""

DEEPEST = 20
"""Brackets within brackets that a sum may have."""


Words = frozenset[str]
NO_WORDS: Words = frozenset()


class Number(NamedTuple):
    """A number: its value, what one more of its last digit is worth, and how many digits it has.

    The last digit is worth 0 where the number is meant as it stands.
    """

    value: Fraction
    last: Fraction = Fraction(0)
    digits: int = 0


class Reading(NamedTuple):
    """One way to read an answer: a number or the sides of a size, and what it is said to be of.

    A side that is None is a batch of any size. `text` is what it is read as, `words` the stems of
    those behind the numbers; an `array` has its sides in brackets.
    """

    numbers: tuple[Number | None, ...]
    typed: str
    text: str
    words: Words = NO_WORDS
    array: bool = False


SEPARATORS = "[, '’_.]"
GROUPED = re.compile(
    rf"[0-9]+|[0-9]{{1,3}}(?:{SEPARATORS}[0-9]{{3}})+|[0-9]{{1,2}}(?:,[0-9]{{2}})*,[0-9]{{3}}"
)
DECIMAL = re.compile(r"(?P<whole>[0-9 ,.'’_]*)(?P<point>[.,])(?P<part>[0-9]+)")
TIMES = r"[x×X*·]"
POWER_OF_TEN = re.compile(rf"(?P<digits>.*?[0-9.,])(?:[eE]| ?{TIMES} ?10\^)(?P<power>[+-]?[0-9]+)")
ABOUT = re.compile(
    "(?:≈|≃|≅|~=?|about|around|approx(?:imately|[.])?|roughly|circa|ca[.]?|nearly|almost)[ ]*", re.I
)
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
SIGNS = str.maketrans("−–⁄÷∙⋅•∗✕╳✖", "--//···*×××")

SCALES = {
    **dict.fromkeys(("k", "K", "thousand", "thousands"), 3),
    **dict.fromkeys(("m", "M", "mn", "mio", "million", "millions"), 6),
    **dict.fromkeys(("g", "G", "b", "B", "bn", "billion", "billions"), 9),
    **dict.fromkeys(("t", "T", "tn", "trillion", "trillions"), 12),
}
PREFIXES = ("", "k", "m", "g", "t")
MEMORY = re.compile(
    "(k|m|g|t|kilo|mega|giga|tera)?(i|bi)?(?:(?P<b>b)|(?P<bytes>bytes?)|(?P<bits>bits?))", re.I
)
BITS = re.compile(r"\bbits?\b", re.I)
BYTE = "byte"
SYNONYMS = {
    "param": "parameter",
    "mac": "multiply add",
    "madd": "multiply add",
    "fma": "multiply add",
    "multiply-accumulate": "multiply add",
    "mult-add": "multiply add",
    "unit": "neuron",
    "cell": "neuron",
    "bit": BYTE,
    "dense": "fully connected",
    "fc": "fully connected",
    "local": "unshared",
}
FILLERS = "in total all the of a per trainable learnable number value altogether each"
LEADING = re.compile(
    "(?:(?:the|my|answer|is|it|has|have|i|get|got|there|are|so|exactly) )+(?=.*[0-9])", re.I
)


def read_answer(text: str, kind: str = "conv", more: str = "") -> tuple[Reading, ...]:
    """Return every way to read an answer about a kind of layer, the usual one first.

    It may be said to be of a number of the kind, or in `more` words.
    Raises BadRequest for what has no number in it that could be read.

    >>> [one.text for one in read_answer("34.944")]
    ['34.944', '34,944']
    >>> [side.value.numerator for side in read_answer("(55, 55, 96)")[0].numbers]
    [55, 55, 96]
    """
    if len(text) > 3 * MOST_DIGITS:
        raise BadRequest("answer", text, "is too long to be one", REMEDY)
    if re.search(f"[0-9]{{{MOST_DIGITS + 1}}}", text):
        raise BadRequest("answer", text, f"has more than {MOST_DIGITS} digits", REMEDY)
    plain, known = _plain(text), known_words(kind, more)
    found: dict[tuple[object, ...], Reading] = {}
    for one in (*_counts(plain, known), *_sizes(plain, known), *_sums(plain)):
        key = tuple(side and (side.value, side.last != 0) for side in one.numbers)
        found.setdefault((key, one.words), one)
    if not found:
        raise BadRequest("answer", text, "is not a number or a size", REMEDY)
    return tuple(found.values())


def stems(name: str) -> frozenset[str]:
    """Return the words of a name, each without its plural and in its usual spelling.

    >>> sorted(stems("MACs")), sorted(stems("shared biases"))
    (['add', 'multiply'], ['bia', 'shared'])
    """
    words = [re.sub("s$", "", re.sub("ses$", "s", word)) for word in name.lower().split()]
    return frozenset(re.split("[ -]", " ".join(SYNONYMS.get(word, word) for word in words)))


@lru_cache
def known_words(kind: str, more: str) -> Words:
    """Return the stems of all that an answer about a kind of layer may be said to be of."""
    tables = (FORMULAS[kind], FORMULAS["conv"])
    return stems(" ".join(one.name for table in tables for one in table)) | stems(more) | {BYTE}


def _words(text: str, known: Words) -> Words | None:
    """Return the stems of what is said behind a number; None where that is about no number here."""
    said = stems(text) - stems(FILLERS) - {""}
    return said if said <= known else None


def _plain(text: str) -> str:
    """Return what is behind the last equals sign or arrow, in the plainest of its characters."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda power: "^" + power[0].translate(SUPERSCRIPTS), text)
    text = re.sub("[½¼¾]", lambda part: " " + unicodedata.normalize("NFKC", part[0]), text)
    text = unicodedata.normalize("NFKC", text).translate(SIGNS)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = re.split("(?<!~)=|→|⇒|->|: ", text)[-1].replace("**", "^")
    text = " ".join(printable(text).split()).rstrip(".,;:!? ")
    if alone := re.fullmatch(r"[(\[] ?([^,]*),? ?[)\]]", text):
        text = alone[1]
    return LEADING.sub("", text, count=1) if LEADING.match(text) else text


def _counts(text: str, known: Words) -> Iterator[Reading]:
    """Yield the ways to read a text as one number."""
    body = ABOUT.sub("", text, count=1) if ABOUT.match(text) else text
    rounded = body != text
    for at in re.finditer(r"[0-9.,)](?= ?(?:[A-Za-z]|$))", body):
        unit = body[at.end() :].strip()
        for number in _numerals(body[: at.end()], rounded):
            for loose, factor, words, note in _units(unit, known):
                scaled = _scaled(number, factor, rounded or loose)
                plain = not (scaled.last or words)
                shown = _shown(scaled.value) if plain else f"{text}{note}"
                yield Reading((scaled,), text, shown, words)


def _scaled(number: Number, factor: Fraction, rounded: bool) -> Number:
    """Return a number times what its unit is worth; one with a unit may be rounded."""
    last = number.last if number.last or not rounded else Fraction(1)
    return Number(number.value * factor, last * factor, number.digits)


def _numerals(text: str, rounded: bool = False) -> Iterator[Number]:
    """Yield the ways to read a text without a unit as one number."""
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-")
    if mixed := re.fullmatch("(?:([0-9]+) )?([0-9]+) ?/ ?([0-9]+)", text):
        if int(mixed[3]):
            yield Number(sign * (int(mixed[1] or 0) + Fraction(int(mixed[2]), int(mixed[3]))))
    elif power := re.fullmatch("([0-9]+) ?\\^ ?([0-9]+)", text):
        yield Number(Fraction(sign * _power(int(power[1]), int(power[2]), text)))
    elif tens := POWER_OF_TEN.fullmatch(text):
        exponent = int(tens["power"])
        scale = Fraction(_power(10, abs(exponent), text)) ** (1 if exponent >= 0 else -1)
        for number in _digits(tens["digits"], rounded):
            yield Number(sign * number.value * scale, (number.last or 1) * scale, number.digits)
    else:
        for number in _digits(text, rounded):
            yield number._replace(value=sign * number.value)


def _digits(text: str, rounded: bool) -> Iterator[Number]:
    """Yield the ways to read digits with points, commas and blanks between."""
    decimal = DECIMAL.fullmatch(text)
    if decimal:
        whole, point, part = decimal["whole"], decimal["point"], decimal["part"]
        comma_is_grouping = point == "," and len(part) == 3 and 1 <= len(whole) <= 3
        if (not whole or GROUPED.fullmatch(whole)) and point not in whole and not comma_is_grouping:
            digits = re.sub("[^0-9]", "", whole) + part
            last = Fraction(1, 10 ** len(part))
            yield Number(Fraction(int(digits)) * last, last, len(digits.lstrip("0")))
    if GROUPED.fullmatch(text):
        digits = re.sub("[^0-9]", "", text)
        zeros = len(digits) - len(digits.rstrip("0")) if rounded else 0
        last = Fraction(10**zeros if rounded and int(digits) else 0)
        yield Number(Fraction(int(digits)), last, len(digits.lstrip("0")) - zeros)


def _power(base: int, exponent: int, text: str) -> int:
    """Return a power; raise BadRequest for one of too many digits."""
    if base > 1 and exponent * (base.bit_length() - 1) > 3 * MOST_DIGITS:
        raise BadRequest("answer", text, f"has more than {MOST_DIGITS} digits", REMEDY)
    return int(base**exponent)


Unit = tuple[bool, Fraction, Words, str]


def _units(text: str, known: Words) -> Iterator[Unit]:
    """Yield the ways to read what is behind a number: rounded or not, a factor, words, a note."""
    first, _, rest = text.partition(" ")
    words = _words(text, known)
    if words is not None:
        each = Fraction(1, 8) if BITS.search(text) else Fraction(1)
        yield False, each, words, ""
    memory = MEMORY.fullmatch(first)
    scale = first if first in SCALES else first.lower()
    if scale in SCALES:
        for _, factor, behind, note in _units(rest, known):
            yield True, factor * 10 ** SCALES[scale], behind, note
    elif (
        not memory
        and first[:1] in SCALES
        and first[2:]
        and (more := _words(f"{first[1:]} {rest}", known))
    ):
        yield True, Fraction(10 ** SCALES[first[0]]), more, ""
    if memory:
        yield from _memory(memory, _words(rest, known))


def _memory(unit: re.Match[str], words: Words | None) -> Iterator[Unit]:
    """Yield the ways to read a unit of memory: kB may be 1024 bytes, and Mb may be MB."""
    if words is None:
        return
    prefix, binary = (unit[1] or "")[:1].lower(), unit[2]
    power = PREFIXES.index(prefix)
    in_bits = [Fraction(1, 8)] if unit["bits"] or unit["b"] == "b" else []
    in_bytes = [Fraction(1)] if unit["bytes"] or unit["b"] else []
    for each in (*in_bits, *in_bytes):
        bits = ", in bits" if each != 1 and unit["b"] else ""
        if not binary:
            yield bool(power), each * 1000**power, words | {BYTE}, bits
        if power:
            yield (
                True,
                each * 1024**power,
                words | {BYTE},
                "" if binary else f", {unit[1]} for 1024",
            )


def _sizes(text: str, known: Words) -> Iterator[Reading]:
    """Yield the ways to read a text as the sides of a size."""
    body, said, array = text, "", False
    if trailing := re.fullmatch(r"(.*[0-9)\]]) ([A-Za-z][A-Za-z ]*)", text):
        body, said = trailing.groups()
    words = _words(said, known)
    while framed := FRAMED.fullmatch(body):
        body, array = framed[1], True
    for separator in (r" ?(?:[xX×*·;]|\bby\b) ?", " ?, ?", " "):
        parts = re.split(separator, body.rstrip(", "))
        sides = [_side(part, len(parts) > 2 and not place) for place, part in enumerate(parts)]
        if len(parts) > 1 and words is not None and all(side is not False for side in sides):
            numbers = tuple(side for side in sides if side is not False)
            shown = "x".join("?" if one is None else _shown(one.value, "") for one in numbers)
            yield Reading(numbers, text, shown, words, array)


FRAMED = re.compile(r"[A-Za-z_. ]*[(\[{] ?([^()\[\]{}]*|[(\[{].*[)\]}]) ?[)\]}]")
"""A size in brackets, as frameworks print it: torch.Size([1, 96, 55, 55])."""


def _side(text: str, is_batch: bool) -> Number | Literal[False] | None:
    """Return one side; None for a batch of any size, False for what is no side."""
    if is_batch and re.fullmatch(r"None|none|N|B|\?|batch|-1", text):
        return None
    return next(_numerals(text), False)


def _sums(text: str) -> Iterator[Reading]:
    """Yield the value of a text that is a sum, product or quotient of numbers."""
    if not re.search(r"[·*×+/^(-]", text):
        return
    plain = re.sub("(?<=[0-9]),(?=[0-9]{3}(?![0-9]))", "", text)
    powers = "([0-9]+) ?\\^ ?([0-9]+)"
    plain = re.sub(powers, lambda p: str(_power(int(p[1]), int(p[2]), p[0])), plain)
    plain = re.sub("([0-9]*)[.]([0-9]+)", lambda d: f"({d[1]}{d[2]}/{10 ** len(d[2])})", plain)
    plain = re.sub("[*×]", "·", plain).replace("-", "−")
    if re.fullmatch(r"(?:[0-9 ·+−/()]|floor|ceil)+", plain) and plain.count("(") <= DEEPEST:
        with suppress(ValueError, ZeroDivisionError):
            worked = work_out(plain, {})
            value = Fraction(worked.numerator, worked.denominator)
            yield Reading((Number(value),), text, _shown(value))


def _shown(value: Fraction, separator: str = ",") -> str:
    """Return a number as it is read."""
    if value.denominator == 1:
        return f"{value.numerator:{separator}}"
    return mixed(value.numerator, value.denominator)
