"""Sums as the class writes them, done by Python."""

import re
from fractions import Fraction
from math import floor
from typing import Any


def evaluate(text: str) -> Any:
    """Do a step's arithmetic with exact fractions, a shape's side by side."""
    if " × " in text:
        return tuple(map(evaluate, text.split(" × ")))
    plain = text.replace("·", "*").replace("−", "-")
    assert re.fullmatch(r"(floor|[0-9 ()+*/-])+", plain), plain
    fractions = re.sub(r"\d+", r"Fraction(\g<0>)", plain)
    return Fraction(eval(fractions, {"Fraction": Fraction, "floor": floor}))
