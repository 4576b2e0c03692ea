"""Why a number of a network's table is what it is: the steps to each, of a layer or the totals."""

from typing import NamedTuple

from convcalc.arithmetic.derivation import Step
from convcalc.arithmetic.reasons.subjects import Asked, RowSubject, TotalsSubject
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import BadRequest, shown
from convcalc.layer import Layer
from convcalc.layer.network import Network

TOTAL, ALL = "total", "all"
"""What the totals, and everything, are asked for by, unless a layer has that name."""


class Explained(NamedTuple):
    """A title and steps: of the layer in a place, or of the totals, which have none."""

    title: str
    steps: list[Step]
    layer: Layer | None = None
    place: int | None = None


def explain_network(network: Network, name: str, use: Use = USUAL) -> list[Explained]:
    """Return the steps of the layer with a name or path, of `total`, or of `all`.

    Raises BadRequest where there is none, or more than one of that name.

    >>> from convcalc.layer import Volume
    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("two", Volume(9, 9, 1), parse("conv3-2, pool2, conv2-2"))
    >>> [(one.title, len(one.steps) > 9) for one in explain_network(network, "conv2")]
    [('conv2, layer 3 of 3: 3x3x2 → 2x2x2: 2 filters of 2x2x2, stride 1, pad 0', True)]
    """
    asked = Asked(network, use)
    if not is_layer(network, name):
        if name.lower() in (TOTAL, "totals"):
            return [_totals(asked)]
        if name.lower() == ALL:
            return [*map(_row, asked.rows), _totals(asked)]
    try:
        return [_row(asked.rows[network.find(name)])]
    except BadRequest as error:
        _, _, problem, remedy = error.args
        remedy = f"{remedy}, {TOTAL} and {ALL}" if remedy.startswith("there are") else remedy
        raise BadRequest("explain", name, problem, remedy) from None


def is_layer(network: Network, name: str) -> bool:
    """Whether a layer has a name or a path."""
    return any(name in (one.path, one.name) for one in network.layers)


def _row(row: RowSubject) -> Explained:
    layers = row.asked.network.layers
    layer = layers[row.place].layer
    title = f"{shown(str(row))}, layer {row.place + 1} of {len(layers)}: {layer}"
    return Explained(title, _steps(row), layer, row.place)


def _totals(asked: Asked) -> Explained:
    network = asked.network
    title = f"{shown(network.name)}, {network.input} → {network.output}: totals"
    return Explained(title, _steps(TotalsSubject(asked)))


def _steps(subject: RowSubject | TotalsSubject) -> list[Step]:
    return [one.step for one in subject.known if not one.formula.further]
