"""NumPy's .npy files, from strangers: never a pickle, never more memory than was agreed."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from convcalc.arrays import Array
from convcalc.errors import BadRequest
from convcalc.files.regular import is_npy, regular_file


def open_array(argument: str, path: Path, meaning: str, axes: int) -> Array:
    """Return the array of an .npy file, mapped but not read.

    Raises BadRequest unless the file holds real numbers along so many axes, as many as it claims.
    """
    remedy = f"give an .npy file of {meaning}"
    regular_file(argument, path, remedy)
    if not is_npy(path):
        raise BadRequest(argument, path, "is not an .npy file", remedy)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # a hostile header can make np.load raise almost anything
        reason = "it holds Python objects" if "object" in str(error).lower() else "it is damaged"
        if isinstance(error, OSError) and error.strerror:
            reason = error.strerror.lower()
        raise BadRequest(argument, path, f"cannot be read: {reason}", remedy) from None
    if array.dtype.kind not in "biuf":
        raise BadRequest(argument, path, f"holds {array.dtype}, not real numbers", remedy)
    if array.ndim != axes or not array.size:
        raise BadRequest(argument, path, f"has shape {array.shape}", remedy)
    return array


def require_shape(argument: str, path: Path, array: Array, shape: tuple[int, ...]) -> None:
    """Raise BadRequest unless the array has the shape."""
    if array.shape != shape:
        raise BadRequest(argument, path, f"has shape {array.shape}", f"this layer needs {shape}")


def finite(argument: str, path: Path, array: Array, dtype: np.dtype[Any]) -> Array:
    """Return the array in memory as `dtype`; raise BadRequest where that is NaN or infinite."""
    with np.errstate(all="ignore"):
        copy = np.array(array, dtype, order="C")
    if not np.isfinite(copy.min()) or not np.isfinite(copy.max()):
        where = np.unravel_index(np.flatnonzero(~np.isfinite(copy))[0], copy.shape)
        value = array[where]
        problem = f"holds {value} at {tuple(map(int, where))}"
        if np.isfinite(value):
            raise BadRequest(argument, path, f"{problem}, too large for {dtype}", "take float64")
        raise BadRequest(argument, path, problem, "give finite numbers")
    return copy
