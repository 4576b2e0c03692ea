"""Run generated code in the frameworks themselves: shapes, parameter counts and values.

    python tests/frameworks.py [SPECS]

By hand, where torch, jax with flax, keras or tf_keras with tensorflow are installed; each takes
its turn in a process of its own, and those that are missing are named. KERAS_BACKEND chooses
what Keras runs on. The operands are whole numbers, so that values must be equal to the last bit.
"""

import io
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, given, settings
from support.generated import layers, series, windows_of

from convcalc import BadRequest, ConvLayer
from convcalc.compute.forward.definition import neuron
from convcalc.present.frameworks import to_code
from convcalc.shapes import input_shape, output_shape, unshared_weights_shape, weights_shape

Names = dict[str, Any]
Array = np.ndarray[Any, Any]


class Operands(NamedTuple):
    """Whole numbers in the shapes of docs/conventions.md; bias is None where there is none."""

    x: Array
    weights: Array
    bias: Array | None


def operands(layer: ConvLayer, unshared: bool, seed: int = 1) -> Operands:
    """Draw input, weights and bias."""
    rng = np.random.default_rng(seed)
    shape = unshared_weights_shape(layer) if unshared else weights_shape(layer)
    bias_shape = output_shape(layer) if unshared else (layer.filters,)
    draw = lambda shape: rng.integers(-4, 5, shape).astype(np.float32)  # noqa: E731
    return Operands(draw(input_shape(layer)), draw(shape), draw(bias_shape) if layer.bias else None)


def expected_values(layer: ConvLayer, given: Operands, unshared: bool) -> Array:
    """Return the output, neuron by neuron, from the definition."""
    height, width, filters = output_shape(layer)
    output = np.zeros((height, width, filters))
    for i, j, k in np.ndindex(height, width, filters):
        own = given.weights[i, j, k] if unshared else given.weights[k]
        output[i, j, k] = neuron(layer, given.x, own, i, j, k)
    return output if given.bias is None else output + given.bias


def without_height(layer: ConvLayer, given: Operands, unshared: bool) -> Operands:
    """Return the operands as a program in one dimension takes them."""
    if layer.input.dimensions > 1:
        return given
    x, weights, bias = given
    own = weights[0, :, :, 0] if unshared else weights[:, 0]
    return Operands(x[0], own, bias[0] if bias is not None and unshared else bias)


def expected_print(layer: ConvLayer, framework: str, unshared: bool) -> str:
    """Return what the code prints, from sliding the filter."""
    across, down = windows_of(layer)
    places = (len(down), len(across))[-layer.input.dimensions :]
    shapes = {"pytorch": (1, layer.filters, *places), "numpy": (*places, layer.filters)}
    shape = shapes.get(framework, (1, *places, layer.filters))
    taps = layer.filter.width * layer.filter.height * layer.input.depth // layer.groups
    count = layer.filters * (taps + layer.bias) * (len(across) * len(down) if unshared else 1)
    return f"output: {shape}\nparameters: {count}\n"


def run_code(code: str) -> tuple[str, Names]:
    """Run a program; return what it printed and the names it defined."""
    names: Names = {"__name__": "generated"}
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, "generated", "exec"), names)
    return printed.getvalue(), names


def numpy_values(names: Names, layer: ConvLayer, given: Operands, unshared: bool) -> Array:
    return np.asarray(names["layer"](*(array for array in given if array is not None)))


def pytorch_values(names: Names, layer: ConvLayer, given: Operands, unshared: bool) -> Array:
    torch, program = names["torch"], names["layer"]
    inner = program[-1] if isinstance(program, torch.nn.Sequential) else program
    weights = np.moveaxis(given.weights, -1, layer.input.dimensions + 1 if unshared else 1)
    with torch.no_grad():
        inner.weight.copy_(torch.tensor(weights.reshape(inner.weight.shape)))
        if given.bias is not None:
            bias = np.moveaxis(given.bias, -1, 0)
            inner.bias.copy_(torch.tensor(bias.copy()))
        y = program(torch.tensor(np.moveaxis(given.x, -1, 0)[None].copy()))
    return np.asarray(np.moveaxis(y.numpy()[0], 0, -1))


def last_axis_filters(layer: ConvLayer, weights: Array, unshared: bool, depth_first: bool) -> Array:
    """Return weights with the filters last, and each neuron's in one row where unshared."""
    if not unshared:
        return np.moveaxis(weights, 0, -1)
    places = layer.input.dimensions
    if depth_first:
        weights = np.moveaxis(weights, -1, places + 1)
    rows = weights.reshape(*weights.shape[: places + 1], -1)
    return np.moveaxis(rows, places, -1)


def flax_values(names: Names, layer: ConvLayer, given: Operands, unshared: bool) -> Array:
    parameters = {"kernel": last_axis_filters(layer, given.weights, unshared, depth_first=True)}
    if given.bias is not None:
        parameters["bias"] = given.bias
    assert {k: v.shape for k, v in parameters.items()} == {
        k: v.shape for k, v in names["variables"]["params"].items()
    }
    return np.asarray(names["layer"].apply({"params": parameters}, given.x[None]))[0]


def keras_values(names: Names, layer: ConvLayer, given: Operands, unshared: bool) -> Array:
    model = names["model"]
    kernel = last_axis_filters(layer, given.weights, unshared, depth_first=False)
    if unshared:
        kernel = kernel.reshape(-1, *kernel.shape[-2:])
    model.set_weights([kernel] if given.bias is None else [kernel, given.bias])
    y = model(given.x[None])
    return np.asarray(y.detach() if hasattr(y, "detach") else y)[0]


class Framework(NamedTuple):
    """How to know it is there, and how to run a generated layer with given operands."""

    module: str
    unshared_module: str
    values: Callable[[Names, ConvLayer, Operands, bool], Array]


FRAMEWORKS = {
    "numpy": Framework("numpy", "numpy", numpy_values),
    "pytorch": Framework("torch", "torch", pytorch_values),
    "flax": Framework("flax", "flax", flax_values),
    "keras": Framework("keras", "tf_keras", keras_values),
}


def sayable(layer: ConvLayer, framework: str, unshared: bool) -> ConvLayer:
    """Return the layer, changed as the refusal says where the framework has no such layer."""
    try:
        to_code(layer, framework, unshared)
    except BadRequest as refusal:
        changes: Names = {refusal.argument: 1}
        if layer.pad == layer.same_pad:
            changes["pad"] = "same"
        return sayable(layer.replace(**changes), framework, unshared)
    return layer


def check(layer: ConvLayer, framework: str, unshared: bool) -> None:
    """Raise AssertionError unless the code, run, prints and computes what it should."""
    printed, names = run_code(to_code(layer, framework, unshared))
    assert printed == expected_print(layer, framework, unshared), layer
    given = operands(layer, unshared)
    flat = without_height(layer, given, unshared)
    found = FRAMEWORKS[framework].values(names, layer, flat, unshared)
    expected = expected_values(layer, given, unshared)
    if layer.input.dimensions == 1:
        expected = expected[0]
    np.testing.assert_array_equal(found, expected, str(layer))


def run_all(framework: str, unshared: bool, specs: int) -> str:
    """Check so many generated layers and say how it went."""
    done = mismatches = 0
    first = ""

    @settings(
        max_examples=specs,
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(layers(side=9) | series(length=20))
    def check_one(layer: ConvLayer) -> None:
        nonlocal done, mismatches, first
        layer = sayable(layer, framework, unshared)
        done += 1
        try:
            check(layer, framework, unshared)
        except Exception as error:
            mismatches += 1
            first = first or f"\n  first: {layer}: {error}"

    check_one()
    return f"{done} specs, {mismatches} mismatches{first}"


def main(specs: int) -> bool:
    """Run every framework that is installed, each in its own process; return whether all agree."""
    agree = True
    for framework, how in FRAMEWORKS.items():
        for unshared in (False, True):
            module = how.unshared_module if unshared else how.module
            name = f"{framework} {'unshared' if unshared else 'shared':8} ({module})"
            if find_spec(module) is None:
                print(f"{name}: not installed")
                continue
            command = [sys.executable, __file__, str(specs), framework, str(int(unshared))]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
            print(f"{name}: {done.stdout.strip() or f'failed with exit code {done.returncode}'}")
            agree = agree and ", 0 mismatches" in done.stdout
    return agree


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    if len(sys.argv) > 2:
        print(run_all(sys.argv[2], sys.argv[3] == "1", count))
    else:
        sys.exit(not main(count))
