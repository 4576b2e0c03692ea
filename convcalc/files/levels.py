"""An image as a few small integers: an input that a class can multiply by hand."""

from pathlib import Path

import numpy as np

from convcalc.files.images import ImageFile
from convcalc.files.regular import RegularFile
from convcalc.layer import Volume
from convcalc.shapes import Scale

LONGER_SIDE = 9
BRIGHTEST = 9


class SmallImage:
    """An image scaled down to a volume, its values rounded to whole levels from 0 to 9.

    Raises BadRequest for a file that is no image, or a depth that no image has.
    """

    def __init__(self, path: Path, asked: Volume | None) -> None:
        file = RegularFile("image", path, "give an image such as a PNG or JPEG")
        self._file = ImageFile(file)
        width, height = self._file.width, self._file.height
        longer = max(width, height)
        side = min(longer, LONGER_SIDE)
        wide, high = (
            max((2 * side * pixels + longer) // (2 * longer), 1) for pixels in (width, height)
        )
        self.volume = self._file.volume(asked or Volume(wide, high, 3))

    def bytes_to_read(self) -> int:
        """Memory that decoding, converting and resizing may take."""
        return self._file.bytes_to_read(self.volume) + 16 * self.volume.cells

    def read(self) -> tuple[list[list[list[int]]], Scale]:
        """Return the levels by row, column and channel, and the values they were."""
        pixels, scale = self._file.read(self.volume, np.dtype(np.float64))
        levels: list[list[list[int]]] = np.rint(BRIGHTEST * pixels).astype(int).tolist()
        return levels, scale
