"""What the passes accept: real arrays of the layer's shapes, in NumPy's image order."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from convcalc.errors import BadRequest, ConvcalcError
from convcalc.layer import ConvLayer

Array = npt.NDArray[Any]


class Scale(NamedTuple):
    """The least and greatest value in an image, and those that became 0 and 1 in its array."""

    least: float
    greatest: float
    zero: float
    one: float

    @property
    def is_dark(self) -> bool:
        """Whether it stays within a sixteenth of a range, as 12 bits do that are kept in 16."""
        return self.zero == 0 < 16 * self.greatest <= self.one


def input_shape(layer: ConvLayer) -> tuple[int, int, int]:
    """Return the input's shape (H, W, D)."""
    return layer.input.height, layer.input.width, layer.input.depth


def output_shape(layer: ConvLayer) -> tuple[int, int, int]:
    """Return the output's shape (H_out, W_out, K)."""
    width, height, depth = layer.output
    return height, width, depth


def weights_shape(layer: ConvLayer) -> tuple[int, int, int, int]:
    """Return the shape (K, FH, FW, D / groups) of the shared weights."""
    return layer.filters, layer.filter.height, layer.filter.width, layer.filter.depth


def unshared_weights_shape(layer: ConvLayer) -> tuple[int, ...]:
    """Return the shape (H_out, W_out, K, FH, FW, D / groups) of the unshared weights."""
    return (*output_shape(layer)[:2], *weights_shape(layer))


def checked(argument: str, array: Array, shape: tuple[int, ...]) -> None:
    """Raise BadRequest unless `array` holds real numbers in this shape."""
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
        what = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise BadRequest(
            argument,
            what,
            "is not an array of real numbers",
            "give a NumPy array of integers or floats",
        )
    if array.shape != shape:
        raise BadRequest(
            argument,
            f"of shape {array.shape}",
            "does not match the layer",
            f"the layer needs shape {shape}",
        )


def checked_operands(layer: ConvLayer, x: Array, weights: Array, bias: Array | None) -> None:
    """Raise BadRequest unless input, weights and bias have the layer's shapes."""
    checked("x", x, input_shape(layer))
    checked("weights", weights, weights_shape(layer))
    checked_bias(layer, bias, (layer.filters,))


def checked_bias(layer: ConvLayer, bias: Array | None, shape: tuple[int, ...]) -> None:
    """Raise BadRequest unless the bias is None, or the layer has one and it has the shape."""
    if bias is not None:
        if not layer.bias:
            raise BadRequest(
                "bias",
                f"of shape {bias.shape}",
                "was given to a layer without bias",
                "leave it out, or make the layer with bias=True",
            )
        checked("bias", bias, shape)


def require_finite(what: str, values: Array) -> None:
    """Raise ConvcalcError when a result overflowed the type it was computed in."""
    if not (np.isfinite(values.min()) and np.isfinite(values.max())):
        remedy = "smaller values" if values.dtype == np.float64 else "float64 or smaller values"
        raise ConvcalcError(f"the {what} overflows {values.dtype}; try {remedy}")


def result_dtype(*arrays: Array | None) -> np.dtype[Any]:
    """Return the type to compute in: the widest of the arrays', and at least float32."""
    return np.result_type(np.float32, *(array.dtype for array in arrays if array is not None))
