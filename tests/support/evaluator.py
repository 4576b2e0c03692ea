"""A second reading of formulas: by Python's own grammar, without the code under test."""

import ast
import math
import operator
import re
from fractions import Fraction
from functools import cache
from typing import Any

from convcalc.arithmetic.formula import Short

OPERATORS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


NAMES = re.compile("[A-Za-z]+(?:[ _-][A-Za-z]+)*")


def as_name(name: str) -> str:
    return name.replace(" ", "_").replace("-", "_")


@cache
def read(text: str, bias: bool) -> ast.expr:
    """Read a formula as Python, the words of each name put together first."""
    text = NAMES.sub(lambda name: as_name(name[0]), text)
    one_more = " + 1)" if bias else ")"
    signs = {"·": "*", "−": "-", "[": "floor(", "]": ")", "<": "(", ">": one_more}
    return ast.parse("".join(signs.get(sign, sign) for sign in text), mode="eval").body


def by_python(text: str, numbers: dict[str, int]) -> Fraction:
    """A formula's value by Python's own reading of it."""
    named = {as_name(name): number for name, number in numbers.items()}

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(value=int(number)):
                return Fraction(number)
            case ast.Name(name):
                return Fraction(named[name])
            case ast.BinOp(left, operation, right):
                return Fraction(OPERATORS[type(operation)](value(left), value(right)))
            case ast.Call(ast.Name(rounding), [inner]):
                return Fraction(getattr(math, rounding)(value(inner)))
        raise AssertionError(ast.dump(node))

    return value(read(text, bool(numbers.get("B", 0))))


def written_out(text: str, numbers: dict[str, int], shorts: tuple[Short, ...]) -> str:
    """A formula with its short names written out, by hand and one after the other."""
    for name, full, when in shorts:
        if re.search(rf"\b{name}\b", text) and (
            not when or by_python(written_out(when, numbers, shorts), numbers)
        ):
            text = re.sub(rf"\b{name}\b", lambda _, full=full: full, text)
            return written_out(text, numbers, shorts)
    return text
