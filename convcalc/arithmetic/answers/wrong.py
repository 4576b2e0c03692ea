"""Wrong values: what each mistake makes of a layer's numbers, whatever anybody answered."""

from collections.abc import Iterator
from typing import NamedTuple

from convcalc.arithmetic.answers.mistakes import MISTAKES, Mistake
from convcalc.arithmetic.derivation import Result, Step, output_letters, output_steps, results
from convcalc.arithmetic.formula import holds
from convcalc.arithmetic.formulas import SIZE
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer
from convcalc.layer.symbols import Letters

SIDES = "width and height of the output"


def sides_of(layer: Layer) -> str:
    """Return what wrong values of the output's size but its depth are of."""
    return SIDES if len(layer.output.sides) > 2 else "length of the output"


class Wrong(NamedTuple):
    """A wrong value `of` one of a layer's: the mistake, how it comes about, and the right steps.

    It is one number, or two where it is of the output's width and height; a series has its length.
    """

    of: str
    name: str
    value: tuple[int, ...]
    steps: list[Step]
    right: list[Step]


def wrong_values(layer: Layer, use: Use = USUAL) -> Iterator[Wrong]:
    """Yield what every mistake makes of every number it is about, where it is not the right one.

    >>> from convcalc.layer import ConvLayer
    >>> found = wrong_values(ConvLayer(input=(32, 32, 3), filter=3, filters=32))
    >>> next((one.of, one.name, one.value) for one in found)
    ('shared parameters', 'forgot the depth', (320,))
    """
    known = results(layer, use)
    for mistake in MISTAKES[layer.kind]:
        made = _made(known, mistake)
        wrong, right = [step for step, _ in made], [one.step for _, one in made]
        for step, one in made:
            yield from _wrong(one.name, mistake.name, [step], [one.step])
        if mistake.of == SIZE and made:
            yield from _sides(layer, mistake.name, wrong, right)
            yield from _from_sides(layer, known, mistake.name, wrong, right)
    right = output_steps(layer)
    if len(right) > 1:
        width, height = right
        swapped = [height._replace(name=width.name), width._replace(name=height.name)]
        yield from _sides(layer, "swapped width and height", swapped, right)


def _made(known: tuple[Result, ...], mistake: Mistake) -> list[tuple[Step, Result]]:
    """Return what a mistake makes of each result it is of, beside that result."""
    return [
        (_step(one, mistake.text, one.letters, mistake.why), one)
        for one in known
        if one.formula.name == mistake.of and holds(mistake.when, one.letters)
    ]


def _step(one: Result, text: str, letters: Letters, why: str) -> Step:
    made = one.again(text, letters)
    return Step(one.name, made.written, made.substituted, made.value, why)


def _wrong(of: str, name: str, steps: list[Step], right: list[Step]) -> Iterator[Wrong]:
    value = steps[-1].value
    if value != right[-1].value:
        yield Wrong(of, name, value if isinstance(value, tuple) else (value,), steps, right)


def _sides(layer: Layer, name: str, wrong: list[Step], right: list[Step]) -> Iterator[Wrong]:
    places = layer.output.dimensions
    value, other = ((steps[0].value, steps[-1].value)[:places] for steps in (wrong, right))
    if value != other:
        yield Wrong(sides_of(layer), name, value, wrong, right)


def _from_sides(
    layer: Layer, known: tuple[Result, ...], name: str, wrong: list[Step], right: list[Step]
) -> Iterator[Wrong]:
    """Yield what wrong sides of the output make of the counts that are made of them."""
    if min(side.value for side in wrong) < 1:
        return
    letters = output_letters(layer.symbols(), [side.value for side in wrong])
    for one in known:
        if any(letter in one.formula.text for letter in letters):
            step = _step(one, one.formula.text, {**one.letters, **letters}, wrong[0].why)
            yield from _wrong(one.name, name, [*wrong, step], [*right, one.step])
