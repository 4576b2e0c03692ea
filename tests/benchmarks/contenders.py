"""Who takes part: each turns a layer and its data into a call that is timed by itself.

Every contender has its operands in the order and form it likes best before the clock starts.
"""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import numpy as np
from ratios import OWN

from convcalc import ConvLayer, forward
from convcalc.compute.forward.choose import ALGORITHMS
from convcalc.layer import Recipe
from convcalc.layer.options import volume as read_volume
from convcalc.shapes import Array, input_shape, weights_shape

Call = Callable[[], Any]
Read = Callable[[Any], Array]

SCIPY_AT_MOST = 2 * 10**7
"""Cells of the input times filters: SciPy takes about a second for so many."""


class Data(NamedTuple):
    """Float32 operands in convcalc's order: (H, W, D), (K, FH, FW, D / groups), (K,)."""

    x: Array
    weights: Array
    bias: Array


class Contender(NamedTuple):
    """Packages it needs, whether it runs a layer, and what makes the call and reads its result."""

    needs: tuple[str, ...]
    runs: Callable[[ConvLayer], bool]
    prepare: Callable[[ConvLayer, Data, int], tuple[Call, Read]]

    def missing(self) -> list[str]:
        """Return the packages it needs that are not installed."""
        return [name for name in self.needs if installed(name) is None]


def installed(package: str) -> str | None:
    """Return a package's version, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def layer_of(text: str) -> ConvLayer:
    """Return the layer that a text such as "224x224x3 F7 S2 P3 K64" names; G64 is 64 groups."""
    volume, *letters = text.split()
    names = {"F": "filter", "S": "stride", "P": "pad", "K": "filters", "G": "groups"}
    return Recipe.read("conv", {names[word[0]]: word[1:] for word in letters}).at(
        read_volume(volume)
    )


def data_of(layer: ConvLayer) -> Data:
    """Return the layer's random data: the same numbers in every process."""
    rng = np.random.default_rng(list(layer.input))
    x = rng.standard_normal(input_shape(layer), np.float32)
    weights = rng.standard_normal(weights_shape(layer), np.float32)
    weights /= np.float32(layer.weights_per_neuron**0.5)
    return Data(x, weights, rng.standard_normal(layer.filters, np.float32))


def convcalc_by(algorithm: str) -> Contender:
    """Return convcalc, by one algorithm or by `auto`."""

    def runs(layer: ConvLayer) -> bool:
        return algorithm == "auto" or ALGORITHMS[algorithm].refusal(layer) is None

    def prepare(layer: ConvLayer, data: Data, threads: int) -> tuple[Call, Read]:
        return lambda: forward(layer, *data, algorithm=algorithm), lambda y: y

    return Contender((), runs, prepare)


def torch_in(layout: str) -> Contender:
    """Return torch's conv2d with input and weights in a layout."""

    def prepare(layer: ConvLayer, data: Data, threads: int) -> tuple[Call, Read]:
        import torch
        from torch.nn.functional import conv2d

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        x, weights, bias = in_channel_order(data)
        memory = getattr(torch, layout)
        seen = torch.from_numpy(x).contiguous(memory_format=memory)
        filters = torch.from_numpy(weights).contiguous(memory_format=memory)
        stride, pad = layer.stride[::-1], (layer.pad.top, layer.pad.left)
        row = torch.from_numpy(bias)
        return (
            lambda: conv2d(seen, filters, row, stride, pad, groups=layer.groups),
            lambda y: y[0].permute(1, 2, 0).numpy(),
        )

    return Contender(("torch",), anything, prepare)


def prepare_scipy(layer: ConvLayer, data: Data, threads: int) -> tuple[Call, Read]:
    """Return SciPy's correlate for each filter, by whichever of its methods it finds faster."""
    from scipy.fft import set_workers
    from scipy.signal import correlate

    depth, each = layer.filter.depth, layer.filters // layer.groups
    (left, right, top, bottom), (across, down) = layer.pad, layer.stride

    def run() -> Array:
        padded = np.pad(data.x, ((top, bottom), (left, right), (0, 0)))
        maps = []
        with set_workers(threads):
            for k, filter_ in enumerate(data.weights):
                group = k // each
                part = padded[:, :, group * depth : (group + 1) * depth]
                maps.append(correlate(part, filter_, "valid")[::down, ::across, 0] + data.bias[k])
        return np.stack(maps, axis=-1)

    return run, lambda y: y


def prepare_jax(layer: ConvLayer, data: Data, threads: int) -> tuple[Call, Read]:
    """Return JAX's convolution, compiled; depth last, the order its compiler likes on CPUs."""
    import jax

    pad = (layer.pad.top, layer.pad.bottom), (layer.pad.left, layer.pad.right)

    @jax.jit
    def convolve(x: Any, weights: Any, bias: Any) -> Any:
        order = "NHWC", "HWIO", "NHWC"
        y = jax.lax.conv_general_dilated(
            x,
            weights,
            layer.stride[::-1],
            pad,
            dimension_numbers=order,
            feature_group_count=layer.groups,
        )
        return y + bias

    operands = data.x[None], data.weights.transpose(1, 2, 3, 0), data.bias
    on_device = [jax.device_put(np.ascontiguousarray(array)) for array in operands]
    return lambda: convolve(*on_device).block_until_ready(), lambda y: np.asarray(y)[0]


def prepare_onnx(layer: ConvLayer, data: Data, threads: int) -> tuple[Call, Read]:
    """Return ONNX Runtime's Conv; the weights are constants, which it may arrange as it likes."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    x, weights, bias = in_channel_order(data)
    left, right, top, bottom = layer.pad
    node = helper.make_node(
        "Conv",
        ["x", "w", "b"],
        ["y"],
        strides=layer.stride[::-1],
        pads=[top, left, bottom, right],
        group=layer.groups,
    )
    graph = helper.make_graph(
        [node],
        "layer",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(bias, "b")],
    )
    opset = helper.make_opsetid("", 17)
    model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    return lambda: session.run(None, {"x": x})[0], lambda y: y[0].transpose(1, 2, 0)


def in_channel_order(data: Data) -> tuple[Array, Array, Array]:
    """Return the operands as (1, D, H, W), (K, D / groups, FH, FW), (K,)."""
    x, weights, bias = data
    x = np.ascontiguousarray(x.transpose(2, 0, 1)[None])
    return x, np.ascontiguousarray(weights.transpose(0, 3, 1, 2)), bias


def anything(layer: ConvLayer) -> bool:
    """Return True: it runs every layer."""
    return True


def few_enough(layer: ConvLayer) -> bool:
    """Return whether SciPy is done with the layer in about a second."""
    width, height, _ = layer.input
    return width * height * layer.filter.depth * layer.filters <= SCIPY_AT_MOST


CONTENDERS = {
    **{name: convcalc_by(name) for name in ("auto", *OWN)},
    "torch": torch_in("contiguous_format"),
    "torch channels_last": torch_in("channels_last"),
    "JAX": Contender(("jax",), anything, prepare_jax),
    "ONNX Runtime": Contender(("onnxruntime", "onnx"), anything, prepare_onnx),
    "SciPy": Contender(("scipy",), few_enough, prepare_scipy),
}
