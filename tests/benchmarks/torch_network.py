"""A network in torch: the same layers by its functions, the same numbers in its order.

Volumes are (1, D, H, W) there. What flattens does so in convcalc's order, the channels of a pixel
side by side, so that dense layers have the same weights.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from convcalc.compute.passes.convolution import connected
from convcalc.layer.network import INPUT, Network
from convcalc.shapes import Array

Weights = Mapping[str, Mapping[str, Array]]
Tensor = Any


class TorchNetwork:
    """A network's forward pass by torch, its weights arranged beforehand."""

    def __init__(self, network: Network, weights: Weights, layout: str = "contiguous_format"):
        torch.set_grad_enabled(False)
        self.layout = getattr(torch, layout)
        self.steps = []
        readers = [source for one in network.layers for source in one.sources]
        self.last_read = {
            source: place for place, one in enumerate(network.layers) for source in one.sources
        }
        for one in network.layers:
            source = one.sources[0]
            alone = (
                source != INPUT
                and readers.count(source) == 1
                and network.layers[source].layer.kind in MAKE_THEIR_OWN
            )
            make = MAKERS[one.layer.kind]
            own = weights.get(one.path, {})
            self.steps.append((make(one.layer, self._arranged(own), alone), one.sources))

    def _arranged(self, own: Mapping[str, Array]) -> dict[str, Tensor]:
        arranged = {}
        for name, array in own.items():
            tensor = torch.from_numpy(array)
            if name == "weights" and array.ndim == 4:
                tensor = tensor.permute(0, 3, 1, 2).contiguous(memory_format=self.layout)
            arranged[name] = tensor
        return arranged

    def input(self, x: Array) -> Tensor:
        """Return an input (H, W, D) as torch has it."""
        tensor = torch.from_numpy(x).permute(2, 0, 1)[None]
        return tensor.contiguous(memory_format=self.layout)

    def __call__(self, x: Tensor) -> Tensor:
        """Return the network's output."""
        outputs = {INPUT: x}
        for place, (step, sources) in enumerate(self.steps):
            outputs[place] = step(*(outputs[source] for source in sources))
            for source in sources:
                if self.last_read[source] == place:
                    outputs.pop(source, None)
        return outputs[place]


def output(y: Tensor) -> Array:
    """Return a volume of torch's as (H, W, D)."""
    array: Array = y[0].permute(1, 2, 0).numpy()
    return array


MAKE_THEIR_OWN = ("conv", "tabled", "transposed", "pool", "dense", "batchnorm")
"""Kinds whose output is surely no view of their input."""

Step = Callable[..., Tensor]
Own = dict[str, Tensor]


def conv(layer: Any, own: Own, alone: bool) -> Step:
    """Return conv2d, pads that differ added before."""
    pad = layer.pad
    known = {
        "stride": layer.stride[::-1],
        "dilation": layer.dilation[::-1],
        "groups": layer.groups,
        "padding": (pad.top, pad.left) if pad.even else 0,
    }
    weights, bias = own["weights"], own.get("bias")
    if pad.even:
        return lambda x: functional.conv2d(x, weights, bias, **known)
    return lambda x: functional.conv2d(functional.pad(x, tuple(pad)), weights, bias, **known)


def tabled(layer: Any, own: Own, alone: bool) -> Step:
    """Return conv2d with zeros where nothing is connected."""
    table = torch.from_numpy(connected(layer)).permute(0, 3, 1, 2)
    return conv(layer, own | {"weights": torch.where(table, own["weights"], 0)}, alone)


def local(layer: Any, own: Own, alone: bool) -> Step:
    """Return windows by unfold, each times its own weights."""
    width, height, filters = layer.output
    taps = layer.filter.height, layer.filter.width
    w = own["weights"].reshape(height * width, filters, *taps, -1).permute(0, 1, 4, 2, 3)
    w = w.reshape(height * width, filters, -1)
    bias = own["bias"].reshape(height * width, filters) if "bias" in own else 0

    def step(x: Tensor) -> Tensor:
        padded = functional.pad(x, tuple(layer.pad))
        windows = functional.unfold(padded, taps, layer.dilation[::-1], 0, layer.stride[::-1])
        sums = torch.einsum("np,pkn->pk", windows[0], w) + bias
        return sums.T.reshape(1, filters, height, width)

    return step


def transposed(layer: Any, own: Own, alone: bool) -> Step:
    """Return conv_transpose2d without a pad, which is cut off afterwards."""
    width, height, _ = layer.output
    left, _, top, _ = layer.pad
    weights, bias = own["weights"], own.get("bias")
    stride, dilation = layer.stride[::-1], layer.dilation[::-1]

    def step(x: Tensor) -> Tensor:
        y = functional.conv_transpose2d(x, weights, None, stride, 0, 0, layer.groups, dilation)
        more = top + height - y.shape[2], left + width - y.shape[3]
        y = functional.pad(y, (0, max(0, more[1]), 0, max(0, more[0])))
        y = y[:, :, top : top + height, left : left + width]
        return y if bias is None else y + bias[:, None, None]

    return step


def pool(layer: Any, own: Own, alone: bool) -> Step:
    """Return max_pool2d or avg_pool2d; pads that differ are added before, for the largest."""
    if layer.mode == "max" and not layer.pad.even:
        return lambda x: functional.max_pool2d(
            functional.pad(x, tuple(layer.pad), value=-torch.inf),
            layer.window[::-1],
            layer.stride[::-1],
        )
    sizes = layer.window[::-1], layer.stride[::-1], (layer.pad.top, layer.pad.left)
    if layer.mode == "max":
        return lambda x: functional.max_pool2d(x, *sizes, ceil_mode=layer.ceil)
    return lambda x: functional.avg_pool2d(x, *sizes, layer.ceil, layer.count_pad)


def globalpool(layer: Any, own: Own, alone: bool) -> Step:
    """Return the mean or the largest number of each channel."""
    if layer.mode == "max":
        return lambda x: x.amax((2, 3), keepdim=True)
    return lambda x: x.mean((2, 3), keepdim=True)


def column(x: Tensor) -> Tensor:
    """Return a volume's cells in convcalc's order."""
    return x.permute(0, 2, 3, 1).reshape(1, -1)


def dense(layer: Any, own: Own, alone: bool) -> Step:
    """Return linear."""
    return lambda x: functional.linear(column(x), own["weights"], own.get("bias"))[..., None, None]


def batchnorm(layer: Any, own: Own, alone: bool) -> Step:
    """Return batch_norm with the statistics there are."""
    statistics = own["mean"], own["variance"], own.get("scale"), own.get("shift")
    return lambda x: functional.batch_norm(x, *statistics)


def activation(layer: Any, own: Own, alone: bool) -> Step:
    """Return a function, in place where nobody else reads the input."""
    if layer.function == "identity":
        return lambda x: x
    if layer.function == "softmax":
        return lambda x: functional.softmax(x, 1)
    names = {"leakyrelu": "leaky_relu"}
    function = getattr(functional, names.get(layer.function, layer.function))
    if layer.function == "relu" and alone:
        return torch.relu_
    if layer.function in ("relu6", "hardswish", "silu") and alone:
        return lambda x: function(x, inplace=True)
    return function


MAKERS: dict[str, Callable[[Any, Own, bool], Step]] = {
    "conv": conv,
    "conv1d": conv,
    "tabled": tabled,
    "local": local,
    "transposed": transposed,
    "pool": pool,
    "globalpool": globalpool,
    "dense": dense,
    "flatten": lambda layer, own, alone: lambda x: column(x)[..., None, None],
    "dropout": lambda layer, own, alone: lambda x: x,
    "batchnorm": batchnorm,
    "lrn": lambda layer, own, alone: (
        lambda x: functional.local_response_norm(x, layer.size, 1e-4, 0.75, 2.0)
    ),
    "activation": activation,
    "upsample": lambda layer, own, alone: (
        lambda x: x.repeat_interleave(layer.factor.y, 2).repeat_interleave(layer.factor.x, 3)
    ),
    "add": lambda layer, own, alone: lambda *several: sum(several[1:], several[0]),
    "concat": lambda layer, own, alone: lambda *several: torch.cat(several, 1),
}
"""Each takes a layer, its weights, and whether nobody else reads its input."""
