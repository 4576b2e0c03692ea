"""Plain NumPy: the windows as a view, and one einsum over them."""

from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import Sizes, plain

NAME = "NumPy"
ORDER = "({sides}, depth) here, channels last"


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape."""
    return *Sizes(layer).output, layer.filters


def shared(layer: ConvLayer) -> str:
    """Return a function of x, bias (K,), weights (K, FH, FW, D / groups) or (K, F, D / groups)."""
    return _program(layer, ())


def unshared(layer: ConvLayer) -> str:
    """Return the same with (H_out, W_out) or (L_out,) before the shapes of weights and bias."""
    return _program(layer, Sizes(layer).output)


def _program(layer: ConvLayer, positions: tuple[int, ...]) -> str:
    sizes = Sizes(layer)
    names = ", ".join(["x", "weights", *(["bias"] if layer.bias else [])])
    pad = f"    x = np.pad(x, {(*sizes.pad, (0, 0))})  # {sizes.pad_order}, depth\n"
    steps = [f"::{step}" for step in (*sizes.stride, *sizes.dilation)]
    axes, first = plain(tuple(range(sizes.dimensions))), "; height first" * (sizes.dimensions > 1)
    weights = (*positions, layer.filters, *sizes.filter, layer.filter.depth)
    each = sizes.output if layer.untied else positions
    bias = f"bias = np.zeros({(*each, layer.filters)}, np.float32)\n"
    return f"""\
import numpy as np


def layer({names}):
{pad if any(layer.pad) else ""}\
    windows = np.lib.stride_tricks.sliding_window_view(x, {plain(sizes.extent)}, axis={axes})
    # stride, all of the depth, dilation (1 means none){first}
    windows = windows[{", ".join([*steps[: sizes.dimensions], ":", *steps[sizes.dimensions :]])}]
{_product(layer, positions)}\
    return y{" + bias" if layer.bias else ""}


rng = np.random.default_rng(1)
x = rng.standard_normal({(*sizes.input, layer.input.depth)}, np.float32)
weights = rng.standard_normal({weights}, np.float32)
{bias if layer.bias else ""}\
y = layer({names})
print("output:", y.shape)
print("parameters:", weights.size{" + bias.size" if layer.bias else ""})
"""


def _product(layer: ConvLayer, positions: tuple[int, ...]) -> str:
    """Return the sum over window and depth: the filter is laid on as it is, not flipped."""
    sizes = Sizes(layer)
    places, taps = ("ij", "mn") if sizes.dimensions > 1 else ("i", "n")
    own = places if positions else ""
    if layer.groups == 1:
        return f"""\
    y = np.einsum("{places}c{taps},{own}k{taps}c->{places}k", windows, weights, optimize=True)
"""
    groups, filters, depth = layer.groups, layer.filters // layer.groups, layer.filter.depth
    return f"""\
    # a filter sees only its own group's part of the depth
    windows = windows.reshape{(*sizes.output, groups, depth, *sizes.filter)}
    weights = weights.reshape{(*positions, groups, filters, *sizes.filter, depth)}
    y = np.einsum("{places}gc{taps},{own}gk{taps}c->{places}gk", windows, weights, optimize=True)
    y = y.reshape{shape(layer)}
"""
