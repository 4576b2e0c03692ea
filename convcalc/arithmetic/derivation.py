"""A derivation as data: each number with its formula, the same with numbers, and why.

Every way of showing the arithmetic (terminal, JSON, Markdown, LaTeX) reads these steps, so they
all tell one story. The letters are the course notes': W and H for the input's sides, D its depth,
F for the receptive field, S the stride, P the pad, K the number of filters; d is the dilation
and G the groups. `substituted` is plain arithmetic that comes to `value`, floor(a) the floor of a.
"""

import re
from typing import NamedTuple

from convcalc.arithmetic.ladder import DTYPE_BYTES, sharing_factor
from convcalc.figures import counted, grouped
from convcalc.layer import Axis, ConvLayer


class Step(NamedTuple):
    """One line of the argument; `why` is one sentence."""

    name: str
    formula: str
    substituted: str
    value: int
    why: str

    @property
    def worked(self) -> str:
        """The arithmetic and its value, thousands separated.

        >>> Step("multiply-adds", "N·n", "290400·363", 105415200, "").worked
        '290,400·363 = 105,415,200'
        """
        value = str(self.value)
        text = value if self.substituted == value else f"{self.substituted} = {value}"
        return re.sub("[0-9]+", lambda n: grouped(int(n[0])), text)


def derivation(layer: ConvLayer, dtype: str = "float32") -> list[Step]:
    """Return every step from the window positions to the bytes, in the order of the argument.

    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [step.value for step in derivation(layer)]
    [55, 96, 290400, 363, 1, 105705600, 34944, 3025, 105415200, 422822400, 139776]
    """
    unshared, shared = unshared_step(layer), shared_step(layer)
    return [
        *output_steps(layer),
        depth_step(layer),
        neuron_step(layer),
        weight_step(layer),
        bias_step(layer),
        unshared,
        shared,
        _factor_step(layer, unshared, shared),
        multiply_add_step(layer),
        *(_byte_step(total, dtype) for total in (unshared, shared)),
    ]


def essentials(layer: ConvLayer) -> list[Step]:
    """Return the steps that every screen has room for: output, neurons, weights, multiply-adds."""
    counted = [neuron_step(layer), weight_step(layer), multiply_add_step(layer)]
    return [*output_steps(layer), *counted]


def output_steps(layer: ConvLayer) -> list[Step]:
    """Derive the output's width and height, in one step where the two are the same sum.

    >>> print(output_steps(ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96))[0][:4])
    ('width, height', '(W − F + 2·P)/S + 1', '(227 − 11 + 2·0)/4 + 1', 55)
    """
    x, y = layer.axes
    if x._replace(name=y.name) == y:
        return [_positions(x, "width, height", "W", "F")]
    return [_positions(x, "width", "W", "FW"), _positions(y, "height", "H", "FH")]


def depth_step(layer: ConvLayer) -> Step:
    """Derive the depth of the output volume: a depth slice for each filter."""
    why = f"Each filter makes one depth slice, so the output volume is {layer.output}."
    return Step("depth of the output volume", "K", f"{layer.filters}", layer.filters, why)


def neuron_step(layer: ConvLayer) -> Step:
    """Derive the number of neurons: one for every cell of the output."""
    width, height, depth = layer.output
    why = "Every cell of the output volume is one neuron."
    return Step("neurons", "W_out·H_out·K", f"{width}·{height}·{depth}", layer.neurons, why)


def weight_step(layer: ConvLayer) -> Step:
    """Derive the weights of one neuron: local along width and height, full along the depth."""
    formula, depth = "FW·FH·D", f"{layer.input.depth}"
    why = "A neuron is local in width and height, but sees the full depth of the input."
    if layer.groups > 1:
        formula, depth = "FW·FH·D/G", f"{layer.input.depth}/{layer.groups}"
        why = "A neuron is local in width and height, but sees the full depth of its own group."
    return Step(
        "weights per neuron",
        formula,
        f"{layer.filter.width}·{layer.filter.height}·{depth}",
        layer.weights_per_neuron,
        why,
    )


def bias_step(layer: ConvLayer) -> Step:
    """Say how many biases a neuron has: one, or none."""
    if layer.bias:
        return Step("biases per neuron", "1", "1", 1, "Each neuron adds one number to its sum.")
    why = "The layer was asked for without bias: nothing is added to the sum."
    return Step("biases per neuron", "0", "0", 0, why)


def unshared_step(layer: ConvLayer) -> Step:
    """Derive the parameters where every neuron has its own."""
    why = "Unshared, every neuron has its own weights" + (" and bias." if layer.bias else ".")
    formula, each = _parameters_of_one(layer)
    total = layer.parameters.unshared.total
    return Step("unshared parameters", f"neurons·{formula}", f"{layer.neurons}·{each}", total, why)


def shared_step(layer: ConvLayer) -> Step:
    """Derive the parameters where a depth slice shares one set."""
    both = "weights and the same bias" if layer.bias else "weights"
    why = f"Shared, all neurons of a depth slice use the same {both}: one filter."
    formula, each = _parameters_of_one(layer)
    total = layer.parameters.shared.total
    return Step("shared parameters", f"K·{formula}", f"{layer.filters}·{each}", total, why)


def multiply_add_step(layer: ConvLayer) -> Step:
    """Derive the multiply-adds: every neuron uses each of its weights once."""
    return Step(
        "multiply-adds",
        "neurons·weights per neuron",
        f"{layer.neurons}·{layer.weights_per_neuron}",
        layer.multiply_adds,
        "Each neuron multiplies each of its weights once, whoever shares them: sharing saves "
        "memory, not arithmetic.",
    )


def _factor_step(layer: ConvLayer, unshared: Step, shared: Step) -> Step:
    positions = sharing_factor(layer)
    width, height, _ = layer.output
    where = "the only position" if positions == 1 else f"all {width}x{height} positions"
    return Step(
        "sharing factor",
        "unshared parameters/shared parameters",
        f"{unshared.value}/{shared.value}",
        positions,
        f"One set of parameters does for {where} of a depth slice.",
    )


def _byte_step(total: Step, dtype: str) -> Step:
    size = DTYPE_BYTES[dtype]
    return Step(
        f"bytes of the {total.name}",
        f"{total.name}·bytes each",
        f"{total.value}·{size}",
        total.value * size,
        f"A {dtype} number takes {size} bytes.",
    )


def _parameters_of_one(layer: ConvLayer) -> tuple[str, str]:
    """Return one neuron's parameters, in words and in numbers, to be multiplied."""
    if layer.bias:
        return "(weights per neuron + 1)", f"({layer.weights_per_neuron} + 1)"
    return "weights per neuron", f"{layer.weights_per_neuron}"


def _positions(axis: Axis, name: str, side: str, field: str) -> Step:
    symbols = axis_symbols(axis, side, field)
    used = [symbols[one] for one in ("W", "E", "PADS", "S")]
    formula, substituted = (
        f"({size} − {covered} + {pads})/{stride}"
        for size, covered, pads, stride in zip(*used, strict=True)
    )
    if axis.unused:
        formula, substituted = f"floor({formula})", f"floor({substituted})"
    return Step(name, f"{formula} + 1", f"{substituted} + 1", axis.positions, _why_so_many(axis))


def axis_symbols(axis: Axis, side: str, field: str) -> dict[str, tuple[str, str]]:
    """Return what stands for W, F, S, P, d, for the extent E and for both PADS: letter, number."""
    dilated = axis.dilation > 1
    even = axis.before == axis.after
    return {
        "W": (side, f"{axis.size}"),
        "F": (field, f"{axis.filter}"),
        "S": ("S", f"{axis.stride}"),
        "d": ("d", f"{axis.dilation}"),
        "E": (
            f"(d·({field} − 1) + 1)" if dilated else field,
            f"({axis.dilation}·({axis.filter} − 1) + 1)" if dilated else f"{axis.filter}",
        ),
        "P_before": ("P" if even else "P_before", f"{axis.before}"),
        "P_after": ("P" if even else "P_after", f"{axis.after}"),
        "PADS": (
            "2·P" if even else "P_before + P_after",
            f"2·{axis.before}" if even else f"{axis.before} + {axis.after}",
        ),
    }


def _why_so_many(axis: Axis) -> str:
    """Say in words how the filter moves along the row; the start is the + 1."""
    row = "padded row" if axis.before or axis.after else "row"
    if not axis.room:
        return f"The filter covers the whole {row}: the start is its only position."
    steps = axis.room // axis.stride
    many = counted(steps, "step") if steps else "no step"
    left = f"; {grouped(axis.unused)} of its pixels stay{'s' if axis.unused == 1 else ''} unseen"
    return (
        f"After the start at the edge of the {row} there is room for {many} of "
        f"{grouped(axis.stride)}{left if axis.unused else ''}."
    )
