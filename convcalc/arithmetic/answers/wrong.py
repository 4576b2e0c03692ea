"""Wrong values: what each mistake makes of a layer's numbers, whatever anybody answered."""

import re
from collections.abc import Iterator
from fractions import Fraction
from math import gcd
from typing import NamedTuple

from convcalc.arithmetic.answers.mistakes import ANOTHER, ITSELF, MISTAKES, Mistake
from convcalc.arithmetic.derivation import Result, Step, output_letters, output_steps, results
from convcalc.arithmetic.formula import NAME, holds, say, tokens
from convcalc.arithmetic.formulas import FORMULAS, SIZE
from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer
from convcalc.layer.symbols import Letters, Symbol

SIDES = "width and height of the output"

NOT_FLOORED = "not floored"
WHOLE_STEPS = "The filter stands at whole steps only, so what is left over is dropped."

MOST_GROUPS = 64
"""Other numbers of groups that are looked at."""


def sides_of(layer: Layer) -> str:
    """Return what wrong values of the output's size but its depth are of."""
    return SIDES if len(layer.output.sides) > 2 else "length of the output"


class Wrong(NamedTuple):
    """A wrong value `of` one of a layer's: the mistake, how it comes about, and the right steps.

    It is one number, or those of a shape, such as the output's width and height. A side that was
    not floored is a Fraction.
    """

    of: str
    name: str
    value: tuple[int | Fraction, ...]
    steps: list[Step]
    right: list[Step]


def wrong_values(layer: Layer, use: Use = USUAL) -> Iterator[Wrong]:
    """Yield what every mistake makes of the numbers it is about, and of what follows from them.

    What is right all the same is left out, and what is not whole unless it was not floored.

    >>> from convcalc.layer import ConvLayer
    >>> found = wrong_values(ConvLayer(input=(32, 32, 3), filter=3, filters=32))
    >>> next((one.of, one.name, one.value) for one in found)
    ('weights per neuron', 'forgot the depth', (9,))
    """
    known = [(one, one.step) for one in results(layer, use)]
    products = list(_products(known))
    seen = set()
    for mistake in (*MISTAKES[layer.kind], *_not_floored(layer)):
        for made in _made(known, mistake):
            for one in _consequences(layer, products, made):
                kind = NOT_FLOORED if one.name.endswith(NOT_FLOORED) else one.name
                if (key := (one.of, kind, one.value)) not in seen:
                    seen.add(key)
                    yield one
    right = output_steps(layer)
    if len(right) > 1:
        width, height = right
        swapped = [height._replace(name=width.name), width._replace(name=height.name)]
        yield from _of_sides(layer, "swapped width and height", swapped, right)


Known = list[tuple[Result, Step]]
"""What is right, each result with its step."""

Made = list[tuple[Step, Result, Step, str]]
"""Wrong steps, each with the result it is of, the right step and the name of the mistake."""


def _made(known: Known, mistake: Mistake) -> Iterator[Made]:
    """Yield what a mistake makes of the results it is of: of both sides at once, if of the size.

    One that can be made along one side is then made along both.
    """
    ways = [
        (one, right, letters)
        for one, right in known
        if one.formula.name == mistake.of or one.name.startswith(f"{mistake.of} of ")
        for letters in _ways(one, mistake)
    ]
    can_be = [holds(mistake.when, letters, one.shorts) for one, _, letters in ways]
    made = [
        (_step(one, mistake.text, letters, mistake.why), one, right, say(mistake.name, letters))
        for (one, right, letters), here in zip(ways, can_be, strict=True)
        if here or (mistake.of == SIZE and any(can_be))
    ]
    if mistake.of == SIZE:
        yield made
    else:
        yield from ([one] for one in made if isinstance(one[0].value, int))


def _ways(one: Result, mistake: Mistake) -> Iterator[Letters]:
    """Yield the letters of a mistake: with every other number of groups there could be, or once."""
    letters = {**one.letters, ITSELF: Symbol(one.name, one.value)}
    if ANOTHER not in re.findall(NAME, mistake.text):
        yield letters
        return
    most = gcd(letters["D"].number, letters["K"].number)
    for groups in range(2, min(most, MOST_GROUPS) + 1):
        if most % groups == 0 and groups != letters["G"].number:
            yield {**letters, ANOTHER: Symbol(str(groups), groups)}


def _step(one: Result, text: str, letters: Letters, why: str) -> Step:
    made, said = one.again(text, letters), say(why, letters, one.shorts)
    return Step(one.name, made.written, made.substituted, made.value, said)


def _not_floored(layer: Layer) -> Iterator[Mistake]:
    """Yield the formulas of the size, right and wrong, without the floor."""
    right = [
        Mistake(SIZE, NOT_FLOORED, formula.text, WHOLE_STEPS)
        for formula in FORMULAS[layer.kind]
        if formula.name == SIZE
    ]
    wrong = [
        mistake._replace(name=f"{mistake.name}, {NOT_FLOORED}")
        for mistake in MISTAKES[layer.kind]
        if mistake.of == SIZE
    ]
    for mistake in (*right, *wrong):
        if "[" in mistake.text:
            yield mistake._replace(text=re.sub(r"[\[\]]", "", mistake.text))


Products = list[tuple[Result, Step, frozenset[str]]]
"""Results that may follow from others, each with its step and the names it is made of."""


def _products(known: Known) -> Iterator[tuple[Result, Step, frozenset[str]]]:
    """Yield what is asked for, but no quotient: nobody takes that of a wrong and a right number."""
    for one, step in known:
        names = frozenset(tokens(one.formula.text, one.letters, one.shorts))
        if one.formula.name != SIZE and not one.formula.further and "/" not in names:
            yield one, step, names


def _consequences(layer: Layer, products: Products, made: Made) -> Iterator[Wrong]:
    """Yield what a mistake makes, and what follows from it."""
    if not made:
        return
    name = made[0][3]
    wrong, right = [one[0] for one in made], [one[2] for one in made]
    if name.endswith(NOT_FLOORED) and all(isinstance(step.value, int) for step in wrong):
        return
    for step, one, other, _ in made:
        if not (name.endswith(NOT_FLOORED) and isinstance(step.value, int)):
            yield from _of(one.name, name, [step], [other])
    if made[0][1].formula.name == SIZE:
        yield from _of_sides(layer, name, wrong, right)
        if min(step.value for step in wrong) < 1:
            return
        changed = output_letters(layer.symbols(), [step.value for step in wrong])
    else:
        changed = {step.name: Symbol(step.name, step.value) for step in wrong}
    yield from _following(products, name, changed, wrong, right)


def _following(
    products: Products,
    name: str,
    changed: dict[str, Symbol],
    wrong: list[Step],
    right: list[Step],
) -> Iterator[Wrong]:
    """Yield what becomes of the results that are made of changed letters or results."""
    ways = dict.fromkeys(changed, (wrong, right))
    for one, other, made_of in products:
        names = [letter for letter in changed if letter in made_of]
        if not names or one.name in changed:
            continue
        step = _step(one, one.formula.text, {**one.letters, **changed}, wrong[-1].why)
        to_wrong = list(dict.fromkeys(part for letter in names for part in ways[letter][0]))
        to_right = list(dict.fromkeys(part for letter in names for part in ways[letter][1]))
        ways[one.name] = ([*to_wrong, step], [*to_right, other])
        changed[one.name] = Symbol(one.name, step.value)
        if not isinstance(step.value, Fraction):
            yield from _of(one.name, name, *ways[one.name])


def _of(of: str, name: str, steps: list[Step], right: list[Step]) -> Iterator[Wrong]:
    value = steps[-1].value
    if value != right[-1].value:
        yield Wrong(of, name, value if isinstance(value, tuple) else (value,), steps, right)


def _of_sides(layer: Layer, name: str, wrong: list[Step], right: list[Step]) -> Iterator[Wrong]:
    places = layer.output.dimensions
    value, other = ((steps[0].value, steps[-1].value)[:places] for steps in (wrong, right))
    if value != other:
        yield Wrong(sides_of(layer), name, value, wrong, right)
