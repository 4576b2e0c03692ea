"""PyTorch: channels first, equal pads on both sides, F.unfold where nothing is shared."""

from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import NO_DILATION, Sizes

NAME = "PyTorch"
ORDER = "(batch, depth, {sides}), channels first"

PADS = {1: "ConstantPad1d", 2: "ZeroPad2d"}
"""What adds zeros before a layer, by its dimensions; the first is told which constant."""


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape for a batch of one."""
    return 1, layer.filters, *Sizes(layer).output


def shared(layer: ConvLayer) -> str:
    """Return the layer as nn.Conv2d or nn.Conv1d, behind a pad where those of two sides differ.

    Its weights are (K, D / groups, FH, FW), or (K, D / groups, F).
    """
    sizes = Sizes(layer)
    name = f"Conv{sizes.dimensions}d"
    alike = all(before == after for before, after in sizes.pad)
    padding = tuple(before if alike else 0 for before, _ in sizes.pad)
    both_sides = "each on both sides" if sizes.dimensions > 1 else "on both sides"
    ends = f"{sizes.ends}" if sizes.dimensions > 1 else f"{sizes.ends}, 0"
    padded = f"""\
# {name} pads both sides alike; zeros on one side, as TensorFlow puts them, go first.
layer = nn.Sequential(
    nn.{PADS[sizes.dimensions]}({ends}),  # {sizes.ends_order}
    layer,
)
"""
    return f"""\
import torch
from torch import nn

layer = nn.{name}(
    in_channels={layer.input.depth},
    out_channels={layer.filters},
    kernel_size={sizes.argument(sizes.filter)}
    stride={sizes.argument(sizes.stride)}
    padding={sizes.argument(padding, both_sides)}
    dilation={sizes.argument(sizes.dilation, NO_DILATION)}
    groups={layer.groups},
    bias={layer.bias and not layer.untied},
)
# layer.weight: {(layer.filters, layer.filter.depth, *sizes.filter)}
{"" if alike else padded}{_untied(layer) if layer.untied else ""}
x = torch.zeros{(1, layer.input.depth, *sizes.input)}
y = layer(x)
print("output:", tuple(y.shape))
print("parameters:", sum(p.numel() for p in layer.parameters()))
"""


def _untied(layer: ConvLayer) -> str:
    """Return a module that adds a bias for each neuron to what is there."""
    return f"""\


class Untied(nn.Module):
    \"\"\"PyTorch's own bias is one number a filter: here each neuron has one.\"\"\"

    def __init__(self, shared):
        super().__init__()
        self.shared = shared
        self.bias = nn.Parameter(torch.zeros{shape(layer)[1:]})

    def forward(self, x):
        return self.shared(x) + self.bias


layer = Untied(layer)
"""


def unshared(layer: ConvLayer) -> str:
    """Return a module that unfolds the windows and gives each its own weights.

    Its weights are (positions, K, n), with groups (positions, groups, K / groups, n); the n
    weights per neuron run depth first, then height, then width, as F.unfold lays them out.
    """
    sizes = Sizes(layer)
    n, groups = layer.weights_per_neuron, layer.groups
    weights: tuple[int, ...] = (layer.positions, layer.filters, n)
    axes = "positions, filters"
    product = 'y = torch.einsum("bnp,pkn->bkp", windows, self.weight)'
    if groups > 1:
        weights = (layer.positions, groups, layer.filters // groups, n)
        axes = "positions, groups, filters of a group"
        product = f"""\
windows = windows.unflatten(1, {(groups, n)})  # each group sees its own depth
        y = torch.einsum("bgnp,pgkn->bgkp", windows, self.weight).flatten(1, 2)"""
    taps = "depth * FH * FW" if sizes.dimensions > 1 else "depth * F"
    volume = f"y.unflatten(2, {sizes.output})" if sizes.dimensions > 1 else "y"
    lines = {
        "bias": f"        self.bias = nn.Parameter(torch.zeros{shape(layer)[1:]})\n",
        "pad": f"        x = F.pad(x, {sizes.ends})  # {sizes.ends_order}\n",
    }
    return f"""\
import torch
from torch import nn
from torch.nn import functional as F


class Unshared(nn.Module):
    \"\"\"PyTorch has no locally connected layer: own weights at every position.\"\"\"

    def __init__(self):
        super().__init__()
        # {axes}, {taps}
        self.weight = nn.Parameter(torch.empty{weights})
        nn.init.normal_(self.weight, std={n}**-0.5)
{lines["bias"] if layer.bias else ""}\

    def forward(self, x):
{lines["pad"] if any(layer.pad) else ""}\
{_windows(sizes, taps)}\
        {product}
        return {volume}{" + self.bias" if layer.bias else ""}


layer = Unshared()
x = torch.zeros{(1, layer.input.depth, *sizes.input)}
y = layer(x)
print("output:", tuple(y.shape))
print("parameters:", sum(p.numel() for p in layer.parameters()))
"""


def _windows(sizes: Sizes, taps: str) -> str:
    """Return what makes the windows; F.unfold is for pictures, a series is cut by x.unfold."""
    if sizes.dimensions > 1:
        return f"""\
        windows = F.unfold(
            x,
            kernel_size={sizes.argument(sizes.filter)}
            stride={sizes.argument(sizes.stride)}
            dilation={sizes.argument(sizes.dilation, NO_DILATION)}
        )  # (batch, {taps}, positions)
"""
    return f"""\
        windows = x.unfold(2, {sizes.extent[0]}, {sizes.stride[0]})  # length, extent, stride
        windows = windows[..., ::{sizes.dilation[0]}]  # dilation: {NO_DILATION}
        windows = windows.transpose(2, 3).flatten(1, 2)  # (batch, {taps}, positions)
"""
