"""A network counted: a row for each layer, and the totals.

The activations are the numbers that a layer newly makes: one that works in place, as ReLU does,
makes none. Unshared parameters are those of a convolution in which every neuron had its own
weights; what is no convolution is counted as it is. The multiply-adds of a batch are those of
one image, times the images. What a training step keeps is in `kept`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer.field import Field
from convcalc.layer.network import Network, Placed


class Parameters(NamedTuple):
    """What a layer learns, and the averages it keeps beside that."""

    weights: int = 0
    biases: int = 0
    averages: int = 0

    @property
    def trainable(self) -> int:
        """What is learned: weights and biases."""
        return self.weights + self.biases

    @property
    def total(self) -> int:
        """What is learned, and the averages."""
        return self.trainable + self.averages


class Row(NamedTuple):
    """A layer of a network, counted for one input."""

    placed: Placed
    parameters: Parameters
    unshared: int | None
    multiply_adds: int
    activations: int
    fields: tuple[Field, Field]


class Totals(NamedTuple):
    """The sums over some rows; `unshared` takes what is no convolution as it is."""

    parameters: Parameters
    unshared: int
    multiply_adds: int
    activations: int


def rows(network: Network) -> list[Row]:
    """Count every layer.

    >>> from convcalc.layer import Volume
    >>> from convcalc.layer.notation import parse
    >>> network = Network.of("two", Volume(9, 9, 1), parse("conv3-2, relu, fc-10"))
    >>> [(row.parameters.total, row.activations) for row in rows(network)]
    [(20, 98), (0, 0), (990, 10)]
    """
    return [_row(one, field) for one, field in zip(network.layers, network.fields, strict=True)]


def _row(placed: Placed, fields: tuple[Field, Field]) -> Row:
    layer = placed.layer
    ways = {way.key: way for way in layer.connections}
    if not ways:
        parameters, work, unshared = Parameters(), 0, None
    else:
        way = layer.connections[-1]
        parameters, work = Parameters(*way.parameters, way.averages), way.multiply_adds
        unshared = ways["unshared"].parameters.total if "unshared" in ways else None
    made = 0 if layer.in_place else layer.output.cells
    return Row(placed, parameters, unshared, work, made, fields)


def totals(several: Iterable[Row]) -> Totals:
    """Add up rows."""
    parameters, unshared, work, made = Parameters(), 0, 0, 0
    for row in several:
        parameters = Parameters(*map(sum, zip(parameters, row.parameters, strict=True)))
        unshared += row.parameters.total if row.unshared is None else row.unshared
        work += row.multiply_adds
        made += row.activations
    return Totals(parameters, unshared, work, made)


class Kept(NamedTuple):
    """Numbers that are in memory at once; `needed` for the forward pass already."""

    name: str
    numbers: int
    needed: bool = False


def kept(total: Totals, use: Use = USUAL) -> list[Kept]:
    """Return the numbers that a training step keeps.

    Activations once forward and their gradients once backward, for each input of the batch;
    parameters, their gradients, what the optimizer keeps of each, and the averages.
    """
    made, trainable = use.batch * total.activations, total.parameters.trainable
    found = [
        Kept("activations", made, True),
        Kept("their gradients", made),
        Kept("parameters", trainable, True),
        Kept("their gradients", trainable),
    ]
    if use.states:
        found.append(Kept(f"kept by {use.optimizer}", use.states * trainable))
    if total.parameters.averages:
        found.append(Kept("moving averages", total.parameters.averages, True))
    return found


def training_bytes(total: Totals, use: Use = USUAL) -> int:
    """Return the bytes that a training step keeps."""
    return use.bytes_each * sum(part.numbers for part in kept(total, use))


class Line(NamedTuple):
    """Rows that are shown as one: a layer, or a group of them and its equals behind it."""

    name: str
    rows: tuple[Row, ...]
    sums: Totals
    times: int = 1

    @property
    def alone(self) -> Row | None:
        """The row, where there is one only."""
        return self.rows[0] if len(self.rows) == 1 else None


def lines(counted: Iterable[Row], depth: int | None = None) -> list[Line]:
    """Return a line for each row, those in more than `depth` groups folded into one for the group.

    Groups that follow one another and have the same layers are one line.
    """
    groups = groupby(counted, lambda row: _parts(row)[:depth] if depth else row.placed.path)
    found: list[Line] = []
    for _, group in groups:
        several = tuple(group)
        if depth and len(several) > 1:
            _add(found, several, depth)
        else:
            found += [Line(row.placed.path, (row,), totals([row])) for row in several]
    return found


def _parts(row: Row) -> list[str]:
    return row.placed.path.strip("/").split("/")


def _add(found: list[Line], several: tuple[Row, ...], depth: int) -> None:
    name = "/".join(_parts(several[0])[:depth])
    if found and _alike(found[-1].rows, several):
        first, rows, _, times = found.pop()
        name = f"{first.partition(' … ')[0]} … {name.rpartition('/')[2]}"
        several, times = rows + several, times + 1
    else:
        times = 1
    found.append(Line(name, several, totals(several), times))


def _alike(rows: tuple[Row, ...], others: tuple[Row, ...]) -> bool:
    """Whether the last of some rows are the layers of others."""
    last = [row.placed.layer for row in rows[-len(others) :]]
    return last == [row.placed.layer for row in others]


class Most(NamedTuple):
    """Where most of something is: the kind of layer with most of it, and what that has of all."""

    kind: str
    amount: int
    of: int
    half: str
    """The layer by which half of it is reached."""

    @property
    def is_main(self) -> bool:
        """Whether it is more than half."""
        return 2 * self.amount > self.of


def most(counted: Sequence[Row], figure: Callable[[Row], int]) -> Most | None:
    """Return where most of a figure is; None where all rows have 0."""
    by_kind: Counter[str] = Counter()
    for row in counted:
        by_kind[row.placed.layer.family] += figure(row)
    kind, amount = max(by_kind.items(), key=lambda one: one[1])
    whole, so_far = by_kind.total(), 0
    for row in counted:
        so_far += figure(row)
        if whole and 2 * so_far >= whole:
            return Most(kind, amount, whole, row.placed.path)
    return None
