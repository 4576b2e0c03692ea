"""The grammar of formulas: from one text come the formula, the same with numbers, and the value.

    shape    a sum for each side, with × between
    sum      a product, or several with + and − between
    product  a factor, or several with · and / between
    factor   a number, a name, (sum), floor(sum), ceil(sum), [sum] or <sum>

A name is a letter of the layer such as W or W_out, or an earlier result such as `weights per
neuron`. [a] is floor(a), written out only where a is not whole. <a> is (a + 1), one more for the
bias, and a alone where B, the biases per neuron, is 0.

A sentence has braces around what depends on the layer:

    {S}                  the number that a formula comes to; {S,} with its thousands separated
    {room/S~}            the same in decimals, or as a mixed number where there would be many
    {room/S:}            its arithmetic
    {type!}              a name as it is written
    {neurons=}           an earlier result with its arithmetic
    {G − 1|all|its own}  the first where the formula comes to 0, otherwise the second
    {K|none|one|# of}    for 0, for 1 and for more; # is the number, its thousands separated

Nothing here knows a kind of layer, and the demo's page reads the same texts by the same rules.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import gcd
from typing import TYPE_CHECKING, NamedTuple

from convcalc.layer.symbols import Letters
from convcalc.numerals import grouped

if TYPE_CHECKING:
    from fractions import Fraction

NAME = "[A-Za-z]+(?:[ _-][A-Za-z]+)*"
TOKEN = re.compile(f"{NAME}|[0-9]+|[^ ]")


BETWEEN_SIDES = " × "
MOST_DECIMALS = 6


class Short(NamedTuple):
    """A name for a longer text, which is put in wherever it stands, if `when` is not 0."""

    name: str
    text: str
    when: str = ""


Shorts = tuple[Short, ...]


class Worked(NamedTuple):
    """A formula, the same with numbers, and what it comes to, as a fraction."""

    formula: str
    substituted: str
    numerator: int
    denominator: int = 1

    @property
    def whole(self) -> bool:
        """Whether it comes to a whole number."""
        return self.numerator % self.denominator == 0

    @property
    def number(self) -> "int | Fraction":
        """What it comes to, exactly."""
        if self.whole:
            return self.value
        from fractions import Fraction

        return Fraction(self.numerator, self.denominator)

    @property
    def value(self) -> int:
        """The whole number it comes to; raises ValueError where it comes to none."""
        if not self.whole:
            raise ValueError(f"{self.substituted} does not come to a whole number")
        return self.numerator // self.denominator


def work_out(text: str, letters: Letters, shorts: Shorts = ()) -> Worked:
    """Do the arithmetic of a formula, exactly; raise ValueError for what is none.

    >>> from convcalc.layer.symbols import Symbol
    >>> work_out("[(W − 2)/S] + 1", {"W": Symbol("W", 9), "S": Symbol("S", 4)})[:3]
    ('floor((W − 2)/S) + 1', 'floor((9 − 2)/4) + 1', 2)
    """
    reader = _Reader(tokens(text, letters, shorts), letters)
    worked = reader.sum()
    if reader.place < len(reader.tokens):
        raise ValueError(f"not a formula: {text}")
    return worked


def work_out_sides(text: str, letters: Letters, shorts: Shorts = ()) -> tuple[Worked, ...]:
    """Do the arithmetic of each side of a shape, or of the one formula that is none.

    >>> from convcalc.layer.symbols import Symbol
    >>> letters = {"W": Symbol("W", 9), "D": Symbol("D", 3)}
    >>> [side.value for side in work_out_sides("W − 2 × W − 2 × D", letters)]
    [7, 7, 3]
    """
    return tuple(work_out(side, letters, shorts) for side in text.split(BETWEEN_SIDES))


def holds(condition: str, letters: Letters, shorts: Shorts = ()) -> bool:
    """Whether a formula comes to another number than 0; no formula always holds."""
    return not condition or work_out(condition, letters, shorts).numerator != 0


def say(
    sentence: str,
    letters: Letters,
    shorts: Shorts = (),
    arithmetic: Mapping[str, str] | None = None,
) -> str:
    """Return a sentence with what depends on the layer put in; `arithmetic` is of earlier results.

    >>> from convcalc.layer.symbols import Symbol
    >>> say("{S|none|one step|# steps} of {S}", {"S": Symbol("S", 4000)})
    '4,000 steps of 4000'
    """

    def fill(inside: str) -> str:
        expression, *choices = _choices(inside)
        last = expression[-1]
        if last == "!":
            return letters[expression[:-1]].written
        if last == "=":
            return (arithmetic or {})[expression[:-1]]
        worked = work_out(expression.rstrip(",:~"), letters, shorts)
        if last == ":":
            return worked.substituted
        if last == "~":
            return mixed(worked.numerator, worked.denominator)
        value = worked.value
        if choices:
            chosen = choices[min(value, len(choices) - 1)]
            return _filled(chosen, fill).replace("#", grouped(value))
        return grouped(value) if last == "," else str(value)

    return _filled(sentence, fill)


def mixed(numerator: int, denominator: int) -> str:
    """Return a fraction in decimals where these are few, otherwise as a mixed number.

    >>> mixed(217, 4), mixed(-32, 9)
    ('54.25', '-3 5/9')
    """
    if numerator < 0:
        return f"-{mixed(-numerator, denominator)}"
    common = gcd(numerator, denominator)
    whole, rest = divmod(numerator // common, denominator // common)
    if not rest:
        return str(whole)
    for digits in range(1, MOST_DECIMALS + 1):
        if 10**digits % (denominator // common) == 0:
            return f"{whole}.{rest * 10**digits // (denominator // common):0{digits}d}"
    return f"{whole} {rest}/{denominator // common}"


def tokens(text: str, letters: Letters, shorts: Shorts = ()) -> list[str]:
    """Return the tokens of a formula, those of its longer text in place of each short name.

    >>> tokens("n + 1", {}, (Short("n", "FW·FH"),))
    ['FW', '·', 'FH', '+', '1']
    """
    found: list[str] = []
    for token in _split(text):
        for name, longer, when in shorts:
            if name == token and holds(when, letters, shorts):
                found += tokens(longer, letters, shorts)
                break
        else:
            found.append(token)
    return found


@lru_cache(maxsize=1024)
def _split(text: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(text))


def _filled(sentence: str, fill: Callable[[str], str]) -> str:
    """Return a sentence with what is in its outermost braces filled in."""
    text, inside, depth = "", "", 0
    for sign in sentence:
        if sign == "}":
            depth -= 1
            if not depth:
                text, inside = text + fill(inside), ""
                continue
        if depth:
            inside += sign
        elif sign != "{":
            text += sign
        depth += sign == "{"
    return text


def _choices(inside: str) -> list[str]:
    """Split at the bars that are in no braces of their own."""
    parts, depth = [""], 0
    for sign in inside:
        depth += (sign == "{") - (sign == "}")
        if sign == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


class _Reader:
    """Reads tokens from left to right; each method reads one rule of the grammar."""

    def __init__(self, tokens: list[str], letters: Letters) -> None:
        self.tokens, self.letters, self.place = tokens, letters, 0

    def sum(self) -> Worked:
        return self._chain("+−", self._product)

    def _product(self) -> Worked:
        return self._chain("·/", self._factor)

    def _chain(self, signs: str, part: Callable[[], Worked]) -> Worked:
        whole = part()
        while self.place < len(self.tokens) and self.tokens[self.place] in signs:
            sign = self._next()
            whole = _joined(whole, sign, part())
        return whole

    def _factor(self) -> Worked:
        token = self._next()
        if token.isdecimal():
            return Worked(token, token, int(token))
        if token in BRACKETS:
            return self._bracket(token)
        if token in ("floor", "ceil"):
            if self._next() != "(":
                raise ValueError(f"{token} of what?")
            return _rounded(token, self._until(")"))
        if token not in self.letters:
            raise ValueError(f"{token!r} is no name that is known here")
        written, number = self.letters[token]
        return Worked(written, str(number), number)

    def _bracket(self, opening: str) -> Worked:
        inner = self._until(BRACKETS[opening])
        if opening == "(":
            return _around("({})", inner)
        if opening == "[":
            return inner if inner.whole else _rounded("floor", inner)
        if self.letters["B"].number:
            return _around("({})", _joined(inner, "+", Worked("1", "1", 1)))
        return inner

    def _until(self, closing: str) -> Worked:
        inner = self.sum()
        if self._next() != closing:
            raise ValueError(f"{closing} is missing")
        return inner

    def _next(self) -> str:
        if self.place == len(self.tokens):
            raise ValueError("the formula breaks off")
        self.place += 1
        return self.tokens[self.place - 1]


BRACKETS = {"(": ")", "[": "]", "<": ">"}


def _joined(a: Worked, sign: str, b: Worked) -> Worked:
    (p, q), (r, s) = a[2:], b[2:]
    if sign == "+":
        top, bottom = p * s + r * q, q * s
    elif sign == "−":
        top, bottom = p * s - r * q, q * s
    elif sign == "·":
        top, bottom = p * r, q * s
    else:
        top, bottom = p * s, q * r
    between = f" {sign} " if sign in "+−" else sign
    formula, substituted = a.formula + between + b.formula, a.substituted + between + b.substituted
    return Worked(formula, substituted, top, bottom)


def _rounded(way: str, inner: Worked) -> Worked:
    up = way == "ceil"
    value = -(-inner.numerator // inner.denominator) if up else inner.numerator // inner.denominator
    return _around(f"{way}({{}})", inner)._replace(numerator=value, denominator=1)


def _around(frame: str, inner: Worked) -> Worked:
    return inner._replace(
        formula=frame.format(inner.formula), substituted=frame.format(inner.substituted)
    )
