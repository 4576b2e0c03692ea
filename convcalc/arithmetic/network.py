"""A network counted: a row for each layer, and the totals.

The activations are the numbers that a layer newly makes: one that works in place, as ReLU does,
makes none. Unshared parameters are those of a convolution in which every neuron had its own
weights; what is no convolution is counted as it is. The multiply-adds of a batch are those of
one image, times the images. What a training step keeps is in `training_bytes`.
"""

from collections.abc import Iterable
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


def training_bytes(total: Totals, use: Use = USUAL) -> int:
    """Return the bytes that a training step keeps.

    Activations once forward and their gradients once backward, for each input of the batch;
    parameters, their gradients, what the optimizer keeps of each, and the averages.
    """
    trainable, averages = total.parameters.trainable, total.parameters.averages
    numbers = 2 * use.batch * total.activations + (2 + use.states) * trainable + averages
    return use.bytes_each * numbers
