"""A layer's formulas worked out: each number with its arithmetic, and why.

Every way of showing the arithmetic (terminal, JSON, Markdown, LaTeX, the page, a judged answer)
reads these results, so they all tell one story, whatever the kind of layer.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from convcalc.arithmetic.formula import (
    BETWEEN_SIDES,
    Shorts,
    Worked,
    holds,
    mixed,
    say,
    work_out_sides,
)
from convcalc.arithmetic.formulas import DEPTH, FORMULAS, SHORTS, SIZE, Formula
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer, Volume
from convcalc.layer.symbols import Letters, Symbol, Symbols
from convcalc.numerals import grouped

if TYPE_CHECKING:
    from fractions import Fraction


class Step(NamedTuple):
    """One line of the argument; `why` is one sentence. `substituted` comes to `value`.

    That is a whole number, or those of a shape's sides; a Fraction where somebody did not floor.
    """

    name: str
    formula: str
    substituted: str
    value: Any
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


def worked(substituted: str, value: "int | Fraction | tuple[int, ...]") -> str:
    """Return arithmetic and its value, thousands separated; a number alone stands once.

    A shape is written as volumes are.

    >>> from fractions import Fraction
    >>> worked("96 × 11·11·3", (96, 363)), worked("213/4 + 1", Fraction(217, 4))
    ('96 × 11·11·3 = 96x363', '213/4 + 1 = 217/4 = 54.25')
    """
    arithmetic = re.sub("[0-9]+", lambda n: grouped(int(n[0])), substituted)
    if isinstance(value, tuple):
        return f"{arithmetic} = {'x'.join(map(str, value))}"
    if isinstance(value, int):
        return arithmetic if substituted == str(value) else f"{arithmetic} = {grouped(value)}"
    fraction = f"{grouped(value.numerator)}/{grouped(value.denominator)}"
    return f"{arithmetic} = {fraction} = {mixed(value.numerator, value.denominator)}"


class Result(NamedTuple):
    """A formula worked out, with the letters and short names it was worked out with.

    A shape is worked out side by side.
    """

    formula: Formula
    name: str
    sides: tuple[Worked, ...]
    letters: Letters
    shorts: Shorts

    @property
    def values(self) -> tuple[Any, ...]:
        """The one number it comes to, or those of a shape; Fractions where they are not whole."""
        return tuple(side.number for side in self.sides)

    @property
    def value(self) -> Any:
        """The number it comes to, or a shape's in a tuple."""
        return self.values if self.sides[1:] else self.sides[0].number

    @property
    def written(self) -> str:
        """The formula."""
        return BETWEEN_SIDES.join(side.formula for side in self.sides)

    @property
    def substituted(self) -> str:
        """The formula with numbers in place of letters."""
        return BETWEEN_SIDES.join(side.substituted for side in self.sides)

    @property
    def worked(self) -> str:
        """The arithmetic and what it comes to."""
        return worked(self.substituted, self.value)

    @property
    def step(self) -> Step:
        """The line of the argument."""
        why = say(self.formula.why, self.letters, self.shorts)
        return Step(self.name, self.written, self.substituted, self.value, why)

    def again(self, text: str, letters: Letters) -> "Result":
        """Return what another formula makes of other letters."""
        return self._replace(sides=work_out_sides(text, letters, self.shorts), letters=letters)


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
        "batch": Symbol("batch", use.batch),
        "optimizer": Symbol(use.optimizer, use.states),
        "states": Symbol("states", use.states),
    }
    for formula in FORMULAS[layer.kind]:
        if formula.name == SIZE:
            along_axes = [
                Result(formula, name, work_out_sides(formula.text, along, shorts), along, shorts)
                for name, along in symbols.axes.items()
            ]
            yield from along_axes
            letters |= output_letters(symbols, [one.value for one in along_axes])
        elif holds(formula.when, letters, shorts):
            sides = work_out_sides(formula.text, letters, shorts)
            result = Result(formula, formula.name, sides, letters, shorts)
            if not sides[1:]:
                letters[formula.name] = Symbol(formula.name, result.value)
            yield result


def output_letters(symbols: Symbols, sides: list[int]) -> dict[str, Symbol]:
    """Return the letters of an output's sides, from both or from one for both."""
    first = next(iter(symbols.axes.values()))["W"].written
    return {"W_out": Symbol(f"{first}_out", sides[0]), "H_out": Symbol("H_out", sides[-1])}


def derivation(layer: Layer, use: Use = USUAL) -> list[Step]:
    """Return every step from the window positions to the bytes, in the order of the argument.

    >>> from convcalc.layer import ConvLayer
    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [step.value for step in derivation(layer)][:5]
    [55, 96, (227, 227, 3), 290400, 363]
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


def output_of(layer: Layer, use: Use = USUAL) -> Volume:
    """Return the output volume that the formulas give, whatever the use."""
    known = results(layer, use)
    sides = [one.value for one in known if one.formula.name == SIZE]
    depths = [one.value for one in known if one.formula.name == DEPTH]
    places = layer.input.dimensions
    return Volume.of([*(2 * sides)[:places], depths[0]])


def lines_beside(layer: Layer, use: Use = USUAL) -> dict[str, str]:
    """Return the lines of results beside a table of the parameters, by name.

    One without anything to say of this layer, or of which another line tells, has none.
    """
    known = results(layer, use)
    arithmetic = {one.name: one.worked for one in known}
    lines = {}
    for one in known:
        if one.formula.line is not None:
            lines[one.name] = say(one.formula.line, one.letters, one.shorts, arithmetic)
        elif one.formula.essential:
            lines[one.name] = f"{one.written} = {one.worked}"
    return {name: line for name, line in lines.items() if line}
