"""What a paper prints of its network, beside what its layers come to, and why they differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from convcalc.arithmetic.answers.agreement import Agreement, agreement
from convcalc.arithmetic.answers.reading import read_answer
from convcalc.arithmetic.formula import say
from convcalc.arithmetic.network import Row, rows
from convcalc.errors import BadRequest, alternatives
from convcalc.layer.network import Network
from convcalc.layer.symbols import Letters, Symbol


class Compared(NamedTuple):
    """A printed figure, what it is of (a layer, or nothing for all), what comes out, and why.

    `agrees` says how they agree, and is None where they do not. `source` is where the figure is
    printed, if not in the network's own paper.
    """

    figure: str
    of: str
    printed: str
    computed: int
    agrees: Agreement | None
    note: str
    source: str


def _neurons(row: Row) -> int:
    return row.placed.layer.output.cells if row.parameters.weights else 0


def _connections(row: Row) -> int:
    """In LeNet's sense: a multiply-add is one, and so is each neuron's bias."""
    return row.multiply_adds + (_neurons(row) if row.parameters.biases else 0)


FIGURES: dict[str, Callable[[Row], int]] = {
    "parameters": lambda row: row.parameters.trainable,
    "weights": lambda row: row.parameters.weights,
    "multiply-adds": lambda row: row.multiply_adds,
    "activations": lambda row: row.activations,
    "neurons": _neurons,
    "connections": _connections,
}
"""What may be printed of a network; each is added up over its layers."""


def compare(network: Network, published: Iterable[Mapping[str, Any]]) -> list[Compared]:
    """Return each printed figure beside the computed one.

    >>> from convcalc.layer import Volume
    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("two", Volume(9, 9, 1), parse("conv3-2, fc-10"))
    >>> [one.computed for one in compare(network, [{"figure": "parameters", "printed": "1 K"}])]
    [1010]
    """
    counted = rows(network)
    try:
        return [_compared(network, counted, one) for one in published]
    except BadRequest as error:
        raise BadRequest("published", error.value, error.problem, error.remedy) from None


def _compared(network: Network, counted: Sequence[Row], one: Mapping[str, Any]) -> Compared:
    of, figure = one.get("of", ""), one.get("figure", "")
    if figure not in FIGURES or "printed" not in one:
        problem = "is no figure that is printed"
        raise BadRequest("published", figure, problem, f"give {alternatives(FIGURES)}")
    some = [counted[network.find(of)]] if of else counted
    computed = sum(map(FIGURES[figure], some))
    agrees = None
    for reading in read_answer(one["printed"]):
        agrees = agrees or agreement(reading.numbers, [computed])
    note = _note(one.get("note", ""), {"computed": Symbol("computed", computed)})
    return Compared(figure, of, one["printed"], computed, agrees, note, one.get("source", ""))


def _note(sentence: str, letters: Letters) -> str:
    try:
        return say(sentence, letters)
    except (ArithmeticError, LookupError, ValueError, RecursionError):
        problem = "has braces around what is no arithmetic of {computed}"
        raise BadRequest("published", sentence, problem, "write such as {computed − 850}") from None
