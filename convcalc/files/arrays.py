"""NumPy's .npy files, from strangers: never a pickle, never more memory than was agreed."""

import io
import warnings
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.lib import format as npy

from convcalc.errors import shown
from convcalc.files.regular import RegularFile
from convcalc.shapes import Array

LONGEST_HEADER = 2**14
"""Bytes in which a header ends; NumPy reads none that is longer."""

HEADERS = {
    (1, 0): npy.read_array_header_1_0,
    (2, 0): npy.read_array_header_2_0,
    (3, 0): npy.read_array_header_2_0,  # it differs in the names of fields, which no number has
}

AT_A_TIME = 4 * 2**20
"""Bytes of a file that are read at once: enough to be fast, few enough to stay in the cache."""


class ArrayFile:
    """The array of an .npy file whose header has been read: its shape, type and order.

    Raises BadRequest unless the file holds real numbers, as many as it claims, and has one of so
    many axes.
    """

    def __init__(self, file: RegularFile, *axes: int) -> None:
        self._file = file
        if not file.is_npy:
            raise file.refusal("is not an .npy file")
        start = io.BytesIO(file.read(0, min(LONGEST_HEADER, file.size)))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                read_header = HEADERS[npy.read_magic(start)]
                self.shape, self.in_fortran_order, self.dtype = read_header(start)
        except Exception:  # a hostile header can make NumPy raise almost anything
            raise file.refusal("cannot be read: its header is damaged") from None
        self._offset = start.tell()
        if self.dtype.kind not in "biuf" or self.dtype.names:
            raise file.refusal(f"holds {shown(self.dtype)}, not real numbers")
        counts = all(type(size) is int and size > 0 for size in self.shape)
        if len(self.shape) not in axes or not counts:
            raise file.refusal(f"has shape {shown(self.shape)}")
        if self._offset + prod(self.shape) * self.dtype.itemsize > file.size:
            few = f"its {file.size:,} bytes are too few for shape {shown(self.shape)}"
            raise file.refusal(f"is cut short: {few}")

    def require_shape(self, shape: tuple[int, ...]) -> None:
        """Raise BadRequest unless the array has the shape."""
        if self.shape != shape:
            raise self._file.refusal(f"has shape {self.shape}", f"this layer needs {shape}")

    def read(self, dtype: np.dtype[Any], at_a_time: int = AT_A_TIME) -> Array:
        """Return the whole array as `dtype`, some bytes at a time.

        Raises BadRequest where a number is NaN or infinite, FileChanged as `numbers` does.
        """
        array = np.empty(self.shape, dtype)
        in_order = array.T if self.in_fortran_order else array
        start = 0
        for box in _boxes(in_order.shape, at_a_time // self.dtype.itemsize):
            part = in_order[box]
            part[...] = self.numbers(start, part.size, dtype).reshape(part.shape)
            start += part.size
        return array

    def numbers(self, start: int, count: int, dtype: np.dtype[Any]) -> Array:
        """Return numbers `start` to `start + count`, in the file's order, as `dtype`.

        Raises BadRequest where one is NaN or infinite, FileChanged where the file is not what it
        was.
        """
        size = self.dtype.itemsize
        found = np.frombuffer(
            self._file.read(self._offset + start * size, count * size), self.dtype
        )
        with np.errstate(all="ignore"):
            numbers: Array = found.astype(dtype, copy=False)
        finite = np.isfinite(numbers)
        if not finite.all():
            first = int(finite.argmin())
            place = np.unravel_index(
                start + first, self.shape, "F" if self.in_fortran_order else "C"
            )
            problem = f"holds {found[first]!s} at {tuple(map(int, place))}"
            if not np.isfinite(found[first]):
                raise self._file.refusal(problem, "give finite numbers")
            remedy = "give smaller numbers" if dtype == np.float64 else "take float64"
            raise self._file.refusal(f"{problem}, too large for {dtype}", remedy)
        return numbers


def _boxes(shape: tuple[int, ...], most: int) -> Iterator[tuple[int | slice, ...]]:
    """Yield boxes of at most `most` numbers that fill an array of the shape, in C order.

    >>> list(_boxes((2, 3, 4), 8))
    [(0, slice(0, 2, None)), (0, slice(2, 4, None)), (1, slice(0, 2, None)), (1, slice(2, 4, None))]
    """
    axis = next(axis for axis in range(len(shape)) if prod(shape[axis + 1 :]) <= most)
    step = most // prod(shape[axis + 1 :])
    for index in np.ndindex(shape[:axis]):
        for start in range(0, shape[axis], step):
            yield *index, slice(start, start + step)
