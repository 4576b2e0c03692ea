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


def bias_shape(layer: ConvLayer, unshared: bool = False) -> tuple[int, ...]:
    """Return the bias's shape: (K,), where each neuron has its own (H_out, W_out, K)."""
    return output_shape(layer) if unshared or layer.untied else (layer.filters,)


def checked(layer: ConvLayer, *, unshared: bool = False, **operands: Array | None) -> np.dtype[Any]:
    """Return the type to compute in: the widest of the operands', and at least float32.

    Of `x`, `weights`, `bias` and `upstream` those that are given are checked. Raises BadRequest
    unless each holds real numbers in the layer's shape; a bias may be None.
    """
    shapes: dict[str, tuple[int, ...]] = {
        "x": input_shape(layer),
        "weights": unshared_weights_shape(layer) if unshared else weights_shape(layer),
        "bias": bias_shape(layer, unshared),
        "upstream": output_shape(layer),
    }
    dtypes = [np.dtype(np.float32)]
    for name, array in operands.items():
        if name == "bias" and array is None:
            continue
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            what = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
            remedy = "give a NumPy array of integers or floats"
            raise BadRequest(name, what, "is not an array of real numbers", remedy)
        wrong = None
        if name == "bias" and not layer.bias:
            remedy = "leave it out, or make the layer with bias=True"
            wrong = "was given to a layer without bias", remedy
        elif array.shape != shapes[name]:
            wrong = "does not match the layer", f"the layer needs shape {shapes[name]}"
        if wrong:
            raise BadRequest(name, f"of shape {array.shape}", *wrong)
        dtypes.append(array.dtype)
    return np.result_type(*dtypes)


def require_finite(what: str, values: Array) -> None:
    """Raise ConvcalcError when a result overflowed the type it was computed in."""
    if not (np.isfinite(values.min()) and np.isfinite(values.max())):
        remedy = "smaller values" if values.dtype == np.float64 else "float64 or smaller values"
        raise ConvcalcError(f"the {what} overflows {values.dtype}; try {remedy}")
