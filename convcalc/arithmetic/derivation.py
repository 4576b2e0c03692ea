"""A derivation as data: each number with its formula and the same formula with numbers in it.

Every way of showing the arithmetic (terminal, Markdown, LaTeX) reads these steps, so they all
tell one story. The letters are the course notes': W and H for the input's sides, D its depth,
F for the receptive field, S the stride, P the pad, K the number of filters; d is the dilation
and G the groups. `substituted` is plain arithmetic, floor(a) the floor of a.
"""

import re
from typing import NamedTuple

from convcalc.figures import grouped
from convcalc.layer import Axis, ConvLayer


class Step(NamedTuple):
    """One line of the argument."""

    name: str
    formula: str
    substituted: str
    value: int

    @property
    def worked(self) -> str:
        """The arithmetic and its value, thousands separated.

        >>> Step("multiply-adds", "N·n", "290400·363", 105415200).worked
        '290,400·363 = 105,415,200'
        """
        return re.sub("[0-9]+", lambda n: grouped(int(n[0])), f"{self.substituted} = {self.value}")


def output_steps(layer: ConvLayer) -> list[Step]:
    """Derive the output's width and height, in one step where the two are the same sum.

    >>> print(output_steps(ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96))[0])
    ... # doctest: +NORMALIZE_WHITESPACE
    Step(name='width, height', formula='(W − F + 2·P)/S + 1',
         substituted='(227 − 11 + 2·0)/4 + 1', value=55)
    """
    x, y = layer.axes
    if x._replace(name=y.name) == y:
        return [_positions(x, "width, height", "W", "F")]
    return [_positions(x, "width", "W", "FW"), _positions(y, "height", "H", "FH")]


def neuron_step(layer: ConvLayer) -> Step:
    """Derive the number of neurons: one for every cell of the output."""
    width, height, depth = layer.output
    return Step("neurons", "W_out·H_out·K", f"{width}·{height}·{depth}", layer.neurons)


def weight_step(layer: ConvLayer) -> Step:
    """Derive the weights of one neuron: local along width and height, full along the depth."""
    formula, depth = "FW·FH·D", f"{layer.input.depth}"
    if layer.groups > 1:
        formula, depth = "FW·FH·D/G", f"{layer.input.depth}/{layer.groups}"
    return Step(
        "weights per neuron",
        formula,
        f"{layer.filter.width}·{layer.filter.height}·{depth}",
        layer.weights_per_neuron,
    )


def multiply_add_step(layer: ConvLayer) -> Step:
    """Derive the multiply-adds: every neuron uses each of its weights once."""
    return Step(
        "multiply-adds",
        "neurons·weights per neuron",
        f"{layer.neurons}·{layer.weights_per_neuron}",
        layer.multiply_adds,
    )


def derivation(layer: ConvLayer) -> list[Step]:
    """Return every step, in the order of the argument."""
    counted = [neuron_step(layer), weight_step(layer), multiply_add_step(layer)]
    return [*output_steps(layer), *counted]


def _positions(axis: Axis, name: str, side: str, field: str) -> Step:
    if axis.dilation > 1:
        covered = f"(d·({field} − 1) + 1)", f"({axis.dilation}·({axis.filter} − 1) + 1)"
    else:
        covered = field, f"{axis.filter}"
    if axis.before == axis.after:
        pads = "2·P", f"2·{axis.before}"
    else:
        pads = "P_before + P_after", f"{axis.before} + {axis.after}"
    formula = f"({side} − {covered[0]} + {pads[0]})/S"
    substituted = f"({axis.size} − {covered[1]} + {pads[1]})/{axis.stride}"
    if axis.unused:
        formula, substituted = f"floor({formula})", f"floor({substituted})"
    return Step(name, f"{formula} + 1", f"{substituted} + 1", axis.positions)
