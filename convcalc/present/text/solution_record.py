"""What `solve` found as plain data, each layer with the command that counts it."""

from typing import Any

from convcalc.arithmetic.solver.nearest import Near
from convcalc.arithmetic.solver.search import Choice, Search
from convcalc.arithmetic.solver.solve import Solutions
from convcalc.layer import ConvLayer, Recipe
from convcalc.present.text.record import layer_record

ALWAYS = ("stride", "pad")
"""Options that are written even where they say the usual, so that layers compare."""


def solutions_record(search: Search, found: Solutions, near: list[Near]) -> dict[str, Any]:
    """Return what was asked and what was found as plain data."""
    return {
        "input": search.input._asdict(),
        "positions": search.positions and search.positions._asdict(),
        "bounds": bounds(search),
        "max_params": search.budget,
        "allow_floor": search.allow_floor,
        "count": found.total,
        "complete": found.complete,
        "own_pads": found.own_pads and found.total > 0,
        "solutions": [_record(search, layer) for layer in found.layers],
        "nearest": [
            {"given_up": one.given_up, "certain": one.certain} | _record(search, one.layer)
            for one in near
        ],
    }


def _record(search: Search, layer: ConvLayer) -> dict[str, Any]:
    command = _recipe(search, layer).command(layer.input, *ALWAYS)
    return {"command": command, **layer_record(layer)}


def bounds(search: Search) -> dict[str, str | None]:
    """Return what each option may be, as text to type; no filters where none were given."""
    return {
        "filter": str(search.filter),
        "stride": str(search.stride),
        "pad": str(search.pads),
        "dilation": str(search.dilation),
        "groups": str(Choice(search.groups)),
        "filters": None if search.filters is None else str(Choice(search.filters)),
    }


def options(search: Search, layer: ConvLayer) -> str:
    """Return a layer as the options of `params`, its input left out.

    >>> from convcalc.layer import Volume
    >>> options(Search(Volume(5, 5, 1)), ConvLayer(input=(5, 5, 1), filter=3, pad=1, filters=2))
    '--filter 3 --stride 1 --pad 1 --filters 2'
    """
    return _recipe(search, layer).words(*ALWAYS)


def _recipe(search: Search, layer: ConvLayer) -> Recipe:
    return Recipe.of(layer, **({"pad": "same"} if search.pads.same else {}))
