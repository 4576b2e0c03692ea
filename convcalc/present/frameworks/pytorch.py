"""PyTorch: channels first, equal pads on both sides, F.unfold where nothing is shared."""

from convcalc.layer import ConvLayer
from convcalc.present.frameworks.common import Sizes

NAME = "PyTorch"
ORDER = "(batch, depth, height, width), channels first"

PAD_ORDER = "left, right, top, bottom: here width first"


def shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the output's shape for a batch of one."""
    return 1, layer.filters, *Sizes(layer).output


def shared(layer: ConvLayer) -> str:
    """Return the layer as nn.Conv2d, behind nn.ZeroPad2d where the pads of two sides differ.

    Its weights are (K, D / groups, FH, FW).
    """
    sizes = Sizes(layer)
    (top, bottom), (left, right) = sizes.pad
    alike = top == bottom and left == right
    padded = f"""\
# Conv2d pads both sides alike; zeros on one side, as TensorFlow puts them, go first.
layer = nn.Sequential(
    nn.ZeroPad2d(({left}, {right}, {top}, {bottom})),  # {PAD_ORDER}
    layer,
)
"""
    return f"""\
import torch
from torch import nn

layer = nn.Conv2d(
    in_channels={layer.input.depth},
    out_channels={layer.filters},
    kernel_size={sizes.filter},  # height, width
    stride={sizes.stride},  # height, width
    padding={(top, left) if alike else (0, 0)},  # height, width: each on both sides
    dilation={sizes.dilation},  # height, width: 1 means none
    groups={layer.groups},
    bias={layer.bias},
)
# layer.weight: {(layer.filters, layer.filter.depth, *sizes.filter)}
{"" if alike else padded}
x = torch.zeros{(1, layer.input.depth, *sizes.input)}
y = layer(x)
print("output:", tuple(y.shape))
print("parameters:", sum(p.numel() for p in layer.parameters()))
"""


def unshared(layer: ConvLayer) -> str:
    """Return a module that unfolds the windows and gives each its own weights.

    Its weights are (positions, K, n), with groups (positions, groups, K / groups, n); the n
    weights per neuron run depth first, then height, then width, as F.unfold lays them out.
    """
    sizes = Sizes(layer)
    (top, bottom), (left, right) = sizes.pad
    height, width = sizes.output
    n, groups = layer.weights_per_neuron, layer.groups
    weights: tuple[int, ...] = (height * width, layer.filters, n)
    axes = "positions, filters"
    product = 'y = torch.einsum("bnp,pkn->bkp", windows, self.weight)'
    if groups > 1:
        weights = (height * width, groups, layer.filters // groups, n)
        axes = "positions, groups, filters of a group"
        product = f"""\
windows = windows.unflatten(1, {(groups, n)})  # each group sees its own depth
        y = torch.einsum("bgnp,pgkn->bgkp", windows, self.weight).flatten(1, 2)"""
    lines = {
        "bias": f"        self.bias = nn.Parameter(torch.zeros{shape(layer)[1:]})\n",
        "pad": f"        x = F.pad(x, ({left}, {right}, {top}, {bottom}))  # {PAD_ORDER}\n",
    }
    return f"""\
import torch
from torch import nn
from torch.nn import functional as F


class Unshared(nn.Module):
    \"\"\"PyTorch has no locally connected layer: own weights at every position.\"\"\"

    def __init__(self):
        super().__init__()
        # {axes}, depth * FH * FW
        self.weight = nn.Parameter(torch.empty{weights})
        nn.init.normal_(self.weight, std={n}**-0.5)
{lines["bias"] if layer.bias else ""}\

    def forward(self, x):
{lines["pad"] if any(layer.pad) else ""}\
        windows = F.unfold(
            x,
            kernel_size={sizes.filter},  # height, width
            stride={sizes.stride},  # height, width
            dilation={sizes.dilation},  # height, width: 1 means none
        )  # (batch, depth * FH * FW, positions)
        {product}
        return y.unflatten(2, {sizes.output}){" + self.bias" if layer.bias else ""}


layer = Unshared()
x = torch.zeros{(1, layer.input.depth, *sizes.input)}
y = layer(x)
print("output:", tuple(y.shape))
print("parameters:", sum(p.numel() for p in layer.parameters()))
"""
