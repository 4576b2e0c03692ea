"""What `solve` found as plain data, each layer with the command that counts it."""

from typing import Any

from convcalc.arithmetic.solver.nearest import Near
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.arithmetic.solver.solve import Solution, Solutions
from convcalc.layer import ConvLayer, Recipe, Volume
from convcalc.layer.volume import Ends
from convcalc.present.text.record import layer_record

ALWAYS = ("stride", "pad")
"""Options that are written even where they say the usual, so that layers compare."""


def solutions_record(found: Solutions, near: list[Near]) -> dict[str, Any]:
    """Return what was asked and what was found as plain data."""
    search = found.search
    positions = search.positions
    if positions and search.series:
        positions = positions._replace(y=1)
    return {
        "input": search.input and search.input._asdict(),
        "positions": positions and positions._asdict(),
        "bounds": bounds(search),
        "params": search.parameters,
        **{f"max_{name}": most for name, most in search.budget._asdict().items()},
        "allow_floor": search.allow_floor,
        "any_depth": search.any_depth,
        "count": found.total,
        "complete": found.complete,
        "own_pads": found.own_pads and found.total > 0,
        "solutions": [_record(search, one) for one in found.found],
        "nearest": [
            {"given_up": one.given_up, "certain": one.certain} | _record(search, one.solution)
            for one in near
        ],
    }


def _record(search: Search, one: Solution) -> dict[str, Any]:
    command = _recipe(search, one.layer).command(one.layer.input, *ALWAYS)
    inputs = {
        side: {"least": sizes.start, "most": sizes.stop - 1}
        for side, sizes in (("width", one.widths), ("height", one.heights))
    }
    looked_for = {"inputs": inputs} if search.input is None else {}
    return {"command": command, **layer_record(one.layer), **looked_for}


def bounds(search: Search) -> dict[str, str | None]:
    """Return what each option may be, as text to type; no filters where none were given."""
    pads = search.pads
    if search.series and pads.fixed:
        pads = pads._replace(fixed=Ends.of(pads.fixed[:2]))
    return {
        "filter": str(search.filter),
        "stride": str(search.stride),
        "pad": str(pads),
        "dilation": str(search.dilation),
        "groups": str(Choice(search.groups)),
        "filters": None if search.filters is None else str(Choice(search.filters)),
    }


def options(search: Search, layer: ConvLayer) -> str:
    """Return a layer as the options of `params`, its input left out where that was known.

    >>> from convcalc.layer import Volume
    >>> options(Search(Volume(5, 5, 1)), ConvLayer(input=(5, 5, 1), filter=3, pad=1, filters=2))
    '--filter 3 --stride 1 --pad 1 --filters 2'
    """
    words = _recipe(search, layer).words(*ALWAYS)
    if search.input is not None:
        return words
    depth = "D" if search.any_depth else str(layer.input.depth)
    return f"--input {across(layer.input)}x{depth} {words}"


def across(volume: Volume) -> str:
    """Return a volume as it is typed, without its depth."""
    return "x".join(map(str, volume.sides[:-1]))


def _recipe(search: Search, layer: ConvLayer) -> Recipe:
    return Recipe.of(layer, **({"pad": "same"} if search.pads.same else {}))
