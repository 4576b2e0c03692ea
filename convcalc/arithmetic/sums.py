"""Arithmetic as text: numbers put in for the letters of a formula, and the sum done exactly."""

import ast
import math
import re
from fractions import Fraction

SYMBOL = "[A-Za-z_]+"


def put_in(formula: str, symbols: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Return a formula with its symbols as letters, and with their numbers.

    >>> put_in("K·(D + 1)", {"K": ("K", "96"), "D": ("D/G", "6/2")})
    ('K·(D/G + 1)', '96·(6/2 + 1)')
    """
    letters = re.sub(SYMBOL, lambda found: symbols[found[0]][0], formula)
    return letters, re.sub(SYMBOL, lambda found: symbols[found[0]][1], formula)


def evaluated(substituted: str) -> Fraction:
    """Do the arithmetic a step shows, exactly.

    >>> print(evaluated("floor((224 − 11 + 2·0)/4) + 1"))
    54
    """
    text = substituted.translate(str.maketrans("·−", "*-"))
    return _value(ast.parse(text, mode="eval").body)


def _value(node: ast.expr) -> Fraction:
    match node:
        case ast.Constant(value=int(number)):
            return Fraction(number)
        case ast.BinOp(left, ast.Add(), right):
            return _value(left) + _value(right)
        case ast.BinOp(left, ast.Sub(), right):
            return _value(left) - _value(right)
        case ast.BinOp(left, ast.Mult(), right):
            return _value(left) * _value(right)
        case ast.BinOp(left, ast.Div(), right):
            return _value(left) / _value(right)
        case ast.Call(ast.Name("floor"), [inner]):
            return Fraction(math.floor(_value(inner)))
        case ast.Call(ast.Name("ceil"), [inner]):
            return Fraction(math.ceil(_value(inner)))
    raise ValueError(f"not the arithmetic of a step: {ast.dump(node)}")
