"""Any image Pillow reads, as an array of values 0 to 1.

An image file says how large it is long before its pixels are made, so the size is checked
first. Pillow's limit against decompression bombs holds; EPS is left out, because reading it
means running the program inside.
"""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, cast

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from convcalc.errors import BadRequest, NoSuchLayer
from convcalc.files.regular import RegularFile
from convcalc.layer import Volume
from convcalc.shapes import Array, Scale
from convcalc.signals import Cleanup

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
"""Colour mode for each depth an image can be given."""

BYTES_PER_PIXEL = 24
"""What Pillow may hold of an image while it is read, turned and converted."""

ROTATED = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""

BITS_PER_SAMPLE = 258
"""Where a TIFF says how deep it is."""

STDERR = 2

logging.getLogger("PIL").addHandler(logging.NullHandler())  # or Python prints what Pillow logs


class ImageFile:
    """An image file whose header has been read: its size in pixels, upright.

    Raises BadRequest, naming the argument, for a file that is no image; so does `read`.
    """

    def __init__(self, file: RegularFile) -> None:
        self._file = file
        with self._opened() as image:
            # libtiff has to be given a whole file
            self._held = file.size if image.format == "TIFF" else 0
            self.width, self.height = image.size
            # what the header says: Pillow's own look at a PNG would first make all its pixels
            orientation = Image.Image.getexif(image).get(0x0112)
            # Pillow turns a TIFF itself, and gives its size upright
            if image.format != "TIFF" and orientation in ROTATED:
                self.width, self.height = self.height, self.width
            if not self.width or not self.height:
                raise ValueError("it has no pixels")

    def volume(self, asked: Volume | None) -> Volume:
        """Return the input volume: as asked, or the image's own size in RGB."""
        if asked and asked.depth not in MODES:
            raise NoSuchLayer(
                "input",
                asked,
                f"an image has no depth {asked.depth}",
                "give depth 1 (grey), 3 (RGB) or 4 (RGBA)",
            )
        return asked or Volume(self.width, self.height, 3)

    def bytes_to_read(self, volume: Volume) -> int:
        """Memory that decoding, converting and resizing to a volume may take."""
        pixels = self.width * self.height + volume.width * volume.height
        return pixels * BYTES_PER_PIXEL + self._held

    def read(self, volume: Volume, dtype: np.dtype[Any]) -> tuple[Array, Scale]:
        """Return the first frame, upright, resized to the volume, as (H, W, D) from 0 to 1."""
        pixels = np.empty((volume.height, volume.width, volume.depth), dtype)
        with self._opened() as image:
            image.load()
            white = _white(image)
            upright = ImageOps.exif_transpose(image)
            if upright.size != (self.width, self.height):
                raise ValueError("its size is not what its header says")
            if upright.mode.startswith(("I", "F")):
                grey, scale = _deep_grey(upright, volume, white)
                pixels[...] = grey[..., None]
                pixels[..., 3:] = 1
            else:
                mode = MODES[volume.depth]
                try:
                    converted = upright.convert(mode)
                except ValueError:  # Pillow knows no direct way
                    converted = upright.convert("RGB").convert(mode)
                colours = np.asarray(converted).reshape(self.height, self.width, -1)[..., :3]
                scale = Scale(int(colours.min()), int(colours.max()), 0, 255)
                if converted.size != volume[:2]:
                    converted = converted.resize(volume[:2], Image.Resampling.LANCZOS)
                pixels[...] = np.asarray(converted).reshape(pixels.shape)
                pixels /= 255
        return pixels, scale

    @contextmanager
    def _opened(self) -> Iterator[Image.Image]:
        """Open the file; whatever Pillow finds wrong in it becomes one sentence."""
        Image.init()
        formats = [name for name in Image.OPEN if name != "EPS"]
        try:
            with _silence(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                with (
                    self._file.opened() as file,
                    Image.open(cast(BinaryIO, _OnlyToRead(file)), formats=formats) as image,
                ):
                    yield image
        except (MemoryError, BadRequest):
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise self._file.refusal(
                f"claims more than the {Image.MAX_IMAGE_PIXELS:,} pixels that are safe to open",
                "give a smaller image",
            ) from None
        except UnidentifiedImageError:
            raise self._file.refusal("is not an image that can be read") from None
        except Exception as error:  # damaged files make Pillow raise almost anything
            reason = " ".join(str(error).split())[:80] or type(error).__name__
            raise self._file.refusal(f"is damaged or cannot be used ({reason})") from None


class _OnlyToRead:
    """An open file without its number or name, by which Pillow and libtiff would map it.

    A mapped file that shrinks ends the process, and Pillow turns a TIFF that it mapped wrongly.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.read, self.readline = file.read, file.readline
        self.seek, self.tell = file.seek, file.tell

    def close(self) -> None:
        """Leave the file open, for the one who opened it."""


@contextmanager
def _silence() -> Iterator[None]:
    """Keep off stderr what C libraries write there of a damaged file: one sentence will say it."""
    kept: list[int] = []

    def restore() -> None:
        for stderr in kept:
            os.dup2(stderr, STDERR)
            os.close(stderr)

    with Cleanup(restore):
        # no descriptor is free, or there is no such device: then it is not kept off
        with suppress(OSError), open(os.devnull, "wb") as nowhere:
            kept.append(os.dup(STDERR))
            os.dup2(nowhere.fileno(), STDERR)
        yield


def _white(image: Image.Image) -> int | None:
    """Return the value that is white in whole numbers of more than 8 bits, where one is."""
    if image.mode.startswith("I;16"):
        # Pillow makes 16 of the 12 bits of a TIFF, and leaves the values as they are
        bits = getattr(image, "tag_v2", {}).get(BITS_PER_SAMPLE, (16,))[0]
        return 2**12 - 1 if bits == 12 else 2**16 - 1
    return 2**16 - 1 if image.mode == "I" and image.format in ("PNG", "PPM") else None


def _deep_grey(image: Image.Image, volume: Volume, white: int | None) -> tuple[Array, Scale]:
    """Return a grey image of more than 8 bits as (H, W) values from 0 to 1.

    Values with a white are divided by it, floats within 0 to 1 are kept, others stretched from the
    least to the greatest.
    """
    grey = np.asarray(image).astype(np.float64)
    low, high = float(grey.min()), float(grey.max())
    if not np.isfinite(low) or not np.isfinite(high):
        raise ValueError("it holds NaN or infinity")
    if white is not None:
        scale = Scale(low, high, 0, white)
    elif image.mode == "F" and 0 <= low <= high <= 1:
        scale = Scale(low, high, 0, 1)
    else:
        scale = Scale(low, high, low, high)
    grey -= scale.zero
    grey /= (scale.one - scale.zero) or 1
    if image.size != volume[:2]:
        small = Image.fromarray(grey.astype(np.float32))
        grey = np.asarray(small.resize(volume[:2], Image.Resampling.LANCZOS))
        grey = grey.clip(0, 1)
    return grey, scale
