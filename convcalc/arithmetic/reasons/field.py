"""The receptive field of a layer in a network, worked out from that of the layer before.

The letters are those of `layer.field`, along one axis: r is the size of a field and j the jump,
how far apart the fields of neighbours begin; `_before` are those of the layer before.
"""

import re
from collections.abc import Iterator
from typing import Any, cast

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.answers.wrong import Wrong
from convcalc.arithmetic.derivation import Result, Step
from convcalc.arithmetic.formula import Short, Worked, holds, say, work_out_sides
from convcalc.arithmetic.formulas import Formula
from convcalc.arithmetic.reasons.sums import Part, summed
from convcalc.errors import shown
from convcalc.layer.field import Field
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

_JUMP_STAYS = Formula("jump", "j_before", "Neighbours are as far apart as before.", essential=True)
_CENTRE = "first centre"

FORMULAS = {
    "itself": (
        Formula(
            FIELD,
            "r_before",
            "A cell sees only the cell in its place, and through it as much as that one" + _WIDER,
            essential=True,
        ),
        _JUMP_STAYS,
        Formula(_CENTRE, "c_before", "The middle of what the first cell sees stays where it was."),
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
        Formula(
            _CENTRE,
            "c_before + ((E − 1)/2 − P)·j_before",
            "The first window has its middle at cell {(E − 1)/2 − P~} of the layer before; cells "
            "are {j_before|no pixel|1 pixel|# pixels} apart, and pixel 0 has its middle at 0.",
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
        _JUMP_STAYS,
        Formula(_CENTRE, "(first + last)/2", "The middle of all that the first cell sees."),
    ),
    "followed": (
        Formula(
            FIELD,
            "r",
            "Behind a layer that enlarges, and where branches with different strides meet, some "
            "cells see more than others; this is the most, of cells followed back to the input"
            + _WIDER,
            essential=True,
        ),
        Formula(
            "jump",
            "j_before·S/U",
            "So far apart the fields of neighbours begin, on average.",
            essential=True,
        ),
        Formula(_CENTRE, "c", "The middle of what the first cell may see."),
    ),
}
"""Of a layer without a window and of one with it, where branches meet, and of one that enlarges."""

BOTH = Formula(f"width and height of the {FIELD}", "", further=True)

MISTAKES = (
    Mistake(
        FIELD,
        "took the filter for the receptive field",
        "E",
        "The filter is the receptive field of the first layer only.",
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
)


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
    along = [_along(network, place, axis) for axis in (0, 1)]
    alike = along[0] == along[1]
    found = [
        one if alike else one._replace(name=one.name + ALONG[axis + 1])
        for axis in ((0,) if alike else (0, 1))
        for one in along[axis]
    ]
    sizes = (along[0][0].sides[0], along[1][0].sides[0])
    return (*found, Result(BOTH, BOTH.name, sizes, along[0][0].letters, SHORTS))


def _along(network: Network, place: int, axis: int) -> list[Result]:
    """Return what is said along an axis: by the first formulas that give what is so."""
    letters, field = _letters(network, place, axis), network.fields[place][axis]
    for kind in (_kind(network, place, axis), "followed"):
        found = [
            Result(row, row.name, _told(work_out_sides(row.text, letters, SHORTS)), letters, SHORTS)
            for row in FORMULAS[kind]
        ]
        if [one.value for one in found] == [field.size, field.jump, field.centre]:
            break
    return found


def _kind(network: Network, place: int, axis: int) -> str:
    """Return by which formulas a layer's field comes about, unless they give something else."""
    one = network.layers[place]
    before = {_field(network, source, axis) for source in one.sources}
    if not all(isinstance(field.jump, int) for field in before):
        return "followed"
    if len(before) > 1:
        return "several"
    return "one" if one.layer.axes or one.layer.sights[axis].window > 1 else "itself"


def _told(sides: tuple[Worked, ...]) -> tuple[Worked, ...]:
    """Return arithmetic with brackets around what is negative."""
    told = (re.sub("(?<=[−+·/] )-([0-9]+)", r"(−\1)", side.substituted) for side in sides)
    return tuple(side._replace(substituted=text) for side, text in zip(sides, told, strict=True))


def _letters(network: Network, place: int, axis: int) -> Letters:
    """Return what the letters stand for along an axis."""
    one, field = network.layers[place], network.fields[place][axis]
    sight = one.layer.sights[axis]
    before = [_field(network, source, axis) for source in one.sources]
    ends = [(2 * part.centre - part.size + 1, 2 * part.centre + part.size - 1) for part in before]
    numbers: dict[str, Any] = {
        "first": min(end[0] for end in ends) // 2,
        "last": max(end[1] for end in ends) // 2,
        "pixels": network.input[axis],
        "sources": len(before),
        "r_before": before[0].size,
        "j_before": min(part.jump for part in before),
        "c_before": before[0].centre,
        "S": sight.step or 1,
        "P": sight.before,
        "U": sight.spread,
        "F": sight.window,
        "d": 1,
        "B": 0,
    }
    if one.layer.axes and one.layer.axes[axis].extent == sight.window:
        along = one.layer.axes[axis]
        numbers |= {"F": along.filter, "d": along.dilation}
    letters = {name: Symbol(name, number) for name, number in numbers.items()}
    return letters | {
        "r": Symbol(str(field.size), field.size),
        "c": Symbol(str(field.centre), cast(int, field.centre)),
    }


def _field(network: Network, place: int, axis: int) -> Field:
    return Field(1, 1, 0) if place < 0 else network.fields[place][axis]


def wrong_fields(network: Network, place: int) -> Iterator[Wrong]:
    """Yield what mistakes make of a layer's receptive field and of its jump."""
    for axis, known in enumerate(_by_axis(field_results(network, place))):
        for result in known:
            letters = result.letters
            for mistake in MISTAKES if result.formula in FORMULAS["one"] else ():
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
