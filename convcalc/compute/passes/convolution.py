"""Convolutions in a network: shared, with a table of connections, and unshared.

Shared ones are run by whichever algorithm of `compute.forward` costs the layer least. A table of
connections leaves out channels: their weights are there, and are taken as 0.
"""

import numpy as np

from convcalc.compute.data.own_weights import InHand
from convcalc.compute.forward.choose import ALGORITHMS, choose, run
from convcalc.compute.forward.definition import forward_by_definition, neuron
from convcalc.compute.forward.job import Job
from convcalc.compute.forward.unshared import add_in_tiles
from convcalc.compute.passes.call import Call, Inputs, Pass, Shapes, Weights
from convcalc.compute.tools.tuning import MOST_WORKSPACE
from convcalc.layer import ConvLayer
from convcalc.layer.local import Local, Tabled
from convcalc.shapes import Array, bias_shape, output_shape, unshared_weights_shape, weights_shape


def shared_shapes(layer: ConvLayer) -> Shapes:
    """Return (K, FH, FW, D / groups), and (K,) for the biases, (H_out, W_out, K) untied."""
    shapes: Shapes = {"weights": weights_shape(layer)}
    return shapes | ({"bias": bias_shape(layer)} if layer.bias else {})


def workspace(layer: ConvLayer) -> int:
    """Return the most bytes that the algorithms promise to copy."""
    return MOST_WORKSPACE


def definition(layer: ConvLayer, inputs: Inputs, weights: Weights) -> Array:
    """Return the output of nested loops."""
    return forward_by_definition(layer, inputs[0], weights["weights"], weights.get("bias"))


def fill(call: Call) -> None:
    """Fill the output by the algorithm that costs least."""
    weights, bias = call.weights["weights"], call.weights.get("bias")
    job = Job(call.layer, call.inputs[0], weights, bias, call.output, call.progress)
    run(ALGORITHMS[choose(call.layer)], job)


CONV = Pass(definition, fill, shared_shapes, workspace)


def connected(layer: Tabled) -> Array:
    """Return which channels each filter sees, as (K, 1, 1, D).

    >>> layer = Tabled(input=(4, 4, 3), filter=2, table=[[0, 1], [2]])
    >>> connected(layer)[:, 0, 0]
    array([[ True,  True, False],
           [False, False,  True]])
    """
    table = np.zeros((layer.filters, 1, 1, layer.input.depth), bool)
    for k, channels in enumerate(layer.table):
        table[k, 0, 0, list(channels)] = True
    return table


def definition_of_tabled(layer: Tabled, inputs: Inputs, weights: Weights) -> Array:
    """Return the output of nested loops over the channels that are in the table."""
    (x,), w = inputs, weights["weights"]
    y = np.zeros(output_shape(layer))
    across, down = layer.axes
    for i, j, k in np.ndindex(y.shape):
        for m, row in enumerate(down.pixels(i)):
            for n, column in enumerate(across.pixels(j)):
                for c in layer.table[k]:
                    if row is not None and column is not None:
                        y[i, j, k] += float(x[row, column, c]) * float(w[k, m, n, c])
    return y + weights.get("bias", 0)


def fill_tabled(call: Call) -> None:
    """Fill the output with the weights of channels that are not connected set to 0."""
    weights = np.where(connected(call.layer), call.weights["weights"], 0)
    fill(call._replace(weights={**call.weights, "weights": weights}))


TABLED = Pass(definition_of_tabled, fill_tabled, shared_shapes, workspace)


def unshared_shapes(layer: Local) -> Shapes:
    """Return (H_out, W_out, K, FH, FW, D / groups), and (H_out, W_out, K) for the biases."""
    shapes: Shapes = {"weights": unshared_weights_shape(layer)}
    return shapes | ({"bias": output_shape(layer)} if layer.bias else {})


def definition_of_local(layer: Local, inputs: Inputs, weights: Weights) -> Array:
    """Return the output of nested loops, each neuron with its own weights."""
    y = np.zeros(output_shape(layer))
    for i, j, k in np.ndindex(y.shape):
        y[i, j, k] = neuron(layer, inputs[0], weights["weights"][i, j, k], i, j, k)
    return y + weights.get("bias", 0)


def fill_local(call: Call) -> None:
    """Fill the output, each weight read once."""
    call.output[...] = call.weights.get("bias", 0)
    own = InHand(call.weights["weights"])
    add_in_tiles(call.layer, call.inputs[0], own, call.output, progress=call.progress)


LOCAL = Pass(definition_of_local, fill_local, unshared_shapes, workspace)
