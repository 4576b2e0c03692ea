"""The receptive field of a layer in a network, worked out from that of the layer before.

The letters are those of `layer.field`, along one axis: r is the size of a field and j the jump,
how far apart the fields of neighbours begin; `_before` are those of the layer before.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.answers.wrong import Wrong
from convcalc.arithmetic.derivation import Result, Step
from convcalc.arithmetic.formula import Short, Worked, holds, say, work_out_sides
from convcalc.arithmetic.formulas import Formula
from convcalc.arithmetic.reasons.sums import Part, summed
from convcalc.errors import shown
from convcalc.layer.field import PIXEL, Field
from convcalc.layer.network import Network
from convcalc.layer.symbols import Letters, Symbol

FIELD = "receptive field"
ALONG = ("", " along the width", " along the height")

SHORTS = (
    Short("E", "(d·(F − 1) + 1)", when="d − 1"),
    Short("E", "F"),
)

_WIDER = (
    "{floor(r/(pixels + 1))||; the input has only {pixels,}, and the pads count as if they were "
    "pixels}."
)

FORMULAS = {
    "itself": (
        Formula(
            FIELD,
            "r_before",
            "A cell sees only the cell in its place, and through it as much as that one" + _WIDER,
            essential=True,
        ),
        Formula("jump", "j_before", "Neighbours are as far apart as before.", essential=True),
    ),
    "one": (
        Formula(
            FIELD,
            "r_before + (E − 1)·j_before",
            "A cell sees {E|no cell|1 cell|# cells} of the layer before, whose fields begin "
            "{j_before|no pixel|1 pixel|# pixels} apart"
            "{r_before − 1|: the filter is the receptive field of the first layer only|}" + _WIDER,
            essential=True,
        ),
        Formula(
            "jump",
            "j_before·S",
            "A step of {S,} on the layer before is {j_before·S|no pixel|1 pixel|# pixels}"
            " of the input.",
            essential=True,
        ),
    ),
    "several": (
        Formula(
            FIELD,
            "last − first + 1",
            "A cell sees what it sees through any of the {sources} branches: for the first cell "
            "these are the pixels from {first} to {last}" + _WIDER,
            essential=True,
        ),
        Formula("jump", "j_before·S", "Neighbours are as far apart as before.", essential=True),
    ),
    "followed": (
        Formula(
            FIELD,
            "last − first + 1",
            "Behind a layer that enlarges, cells see differently much; this is the largest field "
            "of neighbouring cells, each followed back to the input" + _WIDER,
            essential=True,
        ),
        Formula(
            "jump",
            "j_before·S/U",
            "So far apart the fields of neighbours begin, on average.",
            essential=True,
        ),
    ),
}
"""Of a layer without a window and of one with it, where branches meet, and of one that enlarges."""

CENTRE = Formula(
    "first centre",
    "first + (r − 1)/2",
    "The field of the first cell begins at pixel {first}; this is its middle, where that of pixel "
    "0 is 0.",
)
BOTH = Formula(f"width and height of the {FIELD}", "", further=True)

MISTAKES = {
    "one": (
        Mistake(
            FIELD,
            "took the filter for the receptive field",
            "E",
            "So it is in the first layer only.",
        ),
        Mistake(
            FIELD,
            "forgot the jump",
            "r_before + E − 1",
            "A step on the layer before is {j_before} pixels of the input.",
        ),
        Mistake(
            FIELD,
            "scaled by this layer's own stride",
            "r_before + (E − 1)·j_before·S",
            "The stride of a layer scales the fields of those behind it.",
        ),
        Mistake(
            FIELD,
            "counted a step for each cell of the filter",
            "r_before + E·j_before",
            "Between F cells there are F − 1 steps.",
        ),
        Mistake(FIELD, "multiplied by the filter", "r_before·E", "Neighbouring fields overlap."),
        Mistake(
            FIELD,
            "ignored the dilation",
            "r_before + (F − 1)·j_before",
            "A dilated filter covers more cells.",
        ),
        Mistake("jump", "took the stride for the jump", "S", "Strides multiply."),
        Mistake("jump", "added the strides up", "j_before + S", "Strides multiply."),
    ),
}

ADDED_UP = "added the receptive fields up, without the jump"
ADDED_WHOLE = "added the filters up"
SCALED = "Each filter reaches over cells that are a jump apart: F − 1 steps of it are added."


def field_results(network: Network, place: int) -> tuple[Result, ...]:
    """Return what is said of a layer's receptive field: once, or for each axis where they differ.

    >>> from convcalc.layer import Volume
    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("two", Volume(9, 9, 1), parse("conv3-2, pool2, conv3-2"))
    >>> [one.worked for one in field_results(network, 2)][:2]
    ['4 + (3 − 1)·2 = 8', '2·1 = 2']
    """
    kinds, letters = zip(*(_letters(network, place, axis) for axis in (0, 1)), strict=True)
    alike = kinds[0] == kinds[1] and letters[0] == letters[1]
    found = []
    for axis in (0,) if alike else (0, 1):
        for formula in (*FORMULAS[kinds[axis]], CENTRE):
            sides = _told(work_out_sides(formula.text, letters[axis], SHORTS))
            name = formula.name + ALONG[0 if alike else axis + 1]
            found.append(Result(formula, name, sides, letters[axis], SHORTS))
    sizes = [one.sides[0] for one in found if one.formula.name == FIELD]
    found.append(Result(BOTH, BOTH.name, (sizes[0], sizes[-1]), letters[0], SHORTS))
    return tuple(found)


def _told(sides: tuple[Worked, ...]) -> tuple[Worked, ...]:
    """Return arithmetic with brackets around what is negative."""
    told = (re.sub("(?<=[−+·/] )-([0-9]+)", r"(−\1)", side.substituted) for side in sides)
    return tuple(side._replace(substituted=text) for side, text in zip(sides, told, strict=True))


def _letters(network: Network, place: int, axis: int) -> tuple[str, Letters]:
    """Return how a layer's field comes about along an axis, and what the letters stand for."""
    one, field = network.layers[place], network.fields[place][axis]
    sight = one.layer.sights[axis]
    before = [_field(network, source, axis) for source in one.sources]
    numbers: dict[str, Any] = {
        "first": field.first,
        "last": field.last,
        "r": field.size,
        "j": field.jump,
        "pixels": network.input[axis],
        "sources": len(before),
        "r_before": before[0].size,
        "j_before": min(one.jump for one in before),
        "S": sight.step,
        "U": sight.spread,
        "F": sight.window,
        "d": 1,
        "B": 0,
    }
    if one.layer.axes and one.layer.axes[axis].extent == sight.window:
        along = one.layer.axes[axis]
        numbers |= {"F": along.filter, "d": along.dilation}
    letters = {name: Symbol(name, number) for name, number in numbers.items()}
    if isinstance(field.jump, Fraction) or any(isinstance(part.jump, Fraction) for part in before):
        return "followed", letters
    size = before[0].size + (sight.window - 1) * before[0].jump
    expected = (before[0].jump * sight.step, size)
    if len({part[:2] for part in before}) == 1 and (field.jump, field.size) == expected:
        return ("one" if one.layer.axes or sight.window > 1 else "itself"), letters
    even = sight.spread == 1 and len({part.jump for part in before}) == 1 < len(before)
    return ("several" if even else "followed"), letters


def _field(network: Network, place: int, axis: int) -> Field:
    return PIXEL if place < 0 else network.fields[place][axis]


def wrong_fields(network: Network, place: int) -> Iterator[Wrong]:
    """Yield what mistakes make of a layer's receptive field and of its jump."""
    for axis, known in enumerate(_by_axis(field_results(network, place))):
        for result in known:
            kind, letters = _letters(network, place, axis)
            for mistake in MISTAKES.get(kind, ()):
                if mistake.of == result.formula.name and holds(mistake.when, letters, SHORTS):
                    made = result.again(mistake.text, letters)
                    why = say(mistake.why, letters, SHORTS)
                    step = Step(result.name, made.written, made.substituted, made.value, why)
                    yield from _wrong(mistake.name, step, result)
            if result.formula.name == FIELD:
                yield from _added_up(network, place, axis, result)


def _by_axis(known: tuple[Result, ...]) -> list[list[Result]]:
    """Return what is said along the width and along the height; of both alike, only once."""
    width = [one for one in known if not one.name.endswith(ALONG[2])]
    height = [one for one in known if one.name.endswith(ALONG[2])]
    return [width, height]


def _added_up(network: Network, place: int, axis: int, result: Result) -> Iterator[Wrong]:
    """Yield what comes out if every filter on the way is added as it is."""
    way = []
    while place >= 0:
        one = network.layers[place]
        if (window := one.layer.sights[axis].window) > 1:
            way.append(Part(shown(one.path), window))
        place = one.sources[0]
    way.reverse()
    less = [Part(f"({name} − 1)", number - 1) for name, number in way]
    for name, parts in ((ADDED_UP, [Part("1", 1), *less]), (ADDED_WHOLE, way)):
        if parts:
            made = summed(parts)
            step = Step(result.name, made.formula, made.substituted, made.value, SCALED)
            yield from _wrong(name, step, result)


def _wrong(name: str, step: Step, result: Result) -> Iterator[Wrong]:
    if step.value != result.value:
        yield Wrong(result.name, name, (step.value,), [step], [result.step])
        if result.name == FIELD:
            both = BOTH.name
            yield Wrong(both, name, (step.value, step.value), [step], [result.step])
