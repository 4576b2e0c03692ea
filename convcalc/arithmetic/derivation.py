"""A layer's formulas worked out: each number with its arithmetic, and why.

Every way of showing the arithmetic (terminal, JSON, Markdown, LaTeX, the page, a judged answer)
reads these results, so they all tell one story, whatever the kind of layer.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from convcalc.arithmetic.formula import Shorts, Worked, say, work_out
from convcalc.arithmetic.formulas import DEPTH, FORMULAS, SHORTS, SIZE, Formula
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer, Volume
from convcalc.layer.symbols import Letters, Symbol, Symbols
from convcalc.numerals import grouped


class Step(NamedTuple):
    """One line of the argument; `why` is one sentence. `substituted` comes to `value`."""

    name: str
    formula: str
    substituted: str
    value: int
    why: str

    @property
    def worked(self) -> str:
        """The arithmetic and its value, thousands separated.

        >>> Step("multiply-adds", "N·n", "290400·363", 105415200, "").worked
        '290,400·363 = 105,415,200'
        """
        return worked(self.substituted, self.value)

    @property
    def equation(self) -> str:
        """The formula, the same with numbers, and the value.

        >>> Step("neurons", "W_out·H_out·K", "2·2·3", 12, "").equation
        'W_out·H_out·K = 2·2·3 = 12'
        """
        return (
            f"{self.formula} = {self.worked}" if self.formula != self.substituted else self.worked
        )

    def __str__(self) -> str:
        return f"{self.name}: {self.equation}"


def worked(substituted: str, value: int) -> str:
    """Return arithmetic and its value, thousands separated; a number alone stands once."""
    text = str(value) if substituted == str(value) else f"{substituted} = {value}"
    return re.sub("[0-9]+", lambda n: grouped(int(n[0])), text)


class Result(NamedTuple):
    """A formula worked out, with the letters and short names it was worked out with."""

    formula: Formula
    name: str
    worked: Worked
    letters: Letters
    shorts: Shorts

    @property
    def value(self) -> int:
        """What it comes to."""
        return self.worked.value

    @property
    def values(self) -> tuple[int, ...]:
        """The one number it comes to, or those of a shape."""
        return (self.value,)

    @property
    def step(self) -> Step:
        """The line of the argument."""
        why = say(self.formula.why, self.letters, self.shorts)
        return Step(self.name, self.worked.formula, self.worked.substituted, self.value, why)


@lru_cache(maxsize=64)
def results(layer: Layer, use: Use = USUAL) -> tuple[Result, ...]:
    """Return everything that the formulas of the layer's kind say, in their order."""
    return tuple(_worked_out(layer, use))


def _worked_out(layer: Layer, use: Use) -> Iterator[Result]:
    symbols, shorts = layer.symbols(), SHORTS[layer.kind]
    letters = dict(symbols.layer)
    letters |= {
        "type": Symbol(use.dtype, use.bytes_each),
        "bytes each": Symbol("bytes each", use.bytes_each),
    }
    for formula in FORMULAS[layer.kind]:
        if formula.name == SIZE:
            sides = [
                Result(formula, name, work_out(formula.text, along, shorts), along, shorts)
                for name, along in symbols.axes.items()
            ]
            yield from sides
            letters |= output_letters(symbols, [side.value for side in sides])
        else:
            result = work_out(formula.text, letters, shorts)
            letters[formula.name] = Symbol(formula.name, result.value)
            yield Result(formula, formula.name, result, letters, shorts)


def output_letters(symbols: Symbols, sides: list[int]) -> dict[str, Symbol]:
    """Return the letters of an output's sides, from both or from one for both."""
    first = next(iter(symbols.axes.values()))["W"].written
    return {"W_out": Symbol(f"{first}_out", sides[0]), "H_out": Symbol("H_out", sides[-1])}


def derivation(layer: Layer, use: Use = USUAL) -> list[Step]:
    """Return every step from the window positions to the bytes, in the order of the argument.

    >>> from convcalc.layer import ConvLayer
    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [step.value for step in derivation(layer)][:8]
    [55, 96, 290400, 363, 1, 44892355200, 105705600, 34944]
    """
    return [one.step for one in results(layer, use) if not one.formula.further]


def essentials(layer: Layer) -> list[Step]:
    """Return the steps that every screen has room for: output, neurons, weights, multiply-adds."""
    return [one.step for one in results(layer) if one.formula.essential]


def output_steps(layer: Layer) -> list[Step]:
    """Derive the output's width and height, in one step where the two are the same sum.

    >>> from convcalc.layer import ConvLayer
    >>> print(output_steps(ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96))[0][:4])
    ('width, height', '(W − F + 2·P)/S + 1', '(227 − 11 + 2·0)/4 + 1', 55)
    """
    return [one.step for one in results(layer) if one.formula.name == SIZE]


def depth_step(layer: Layer) -> Step:
    """Return the step of the output's depth."""
    return next(one.step for one in results(layer) if one.formula.name == DEPTH)


def output_of(layer: Layer) -> Volume:
    """Return the output volume that the formulas give."""
    sides = [one.value for one in results(layer) if one.formula.name == SIZE]
    depths = [one.value for one in results(layer) if one.formula.name == DEPTH]
    places = layer.input.dimensions
    return Volume.of([*(2 * sides)[:places], depths[0]])


def essential_lines(layer: Layer) -> dict[str, str]:
    """Return the lines of the essential results beside a table of the parameters, by name.

    A result that another line tells of has none of its own.
    """
    by_name = {one.name: one for one in results(layer)}
    arithmetic = {name: worked(one.worked.substituted, one.value) for name, one in by_name.items()}
    lines = {}
    for name, one in by_name.items():
        if one.formula.essential and one.formula.line is not None:
            line = say(one.formula.line, one.letters, one.shorts, arithmetic)
            lines[name] = line or f"{one.worked.formula} = {arithmetic[name]}"
    return lines
