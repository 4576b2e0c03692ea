"""Files that are there, are files, and can be read."""

import os
import stat
from pathlib import Path

from convcalc.errors import BadRequest

REMEDY = "give an image such as a PNG or JPEG, or an .npy array of shape (H, W, D)"
NPY_MAGIC = b"\x93NUMPY"


def regular_file(argument: str, path: Path, remedy: str) -> Path:
    """Return the path; raise BadRequest unless it names a readable file with something in it."""
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            what = "a directory" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
            raise BadRequest(argument, path, f"is {what}, not a file", remedy)
        if not status.st_size:
            raise BadRequest(argument, path, "is empty", remedy)
        with open(path, "rb"):
            return path
    except (OSError, ValueError) as error:
        if isinstance(error, BadRequest):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise BadRequest(argument, path, f"cannot be read ({reason.lower()})", remedy) from None


def is_npy(path: Path) -> bool:
    """Whether the file says it is a NumPy array."""
    with open(path, "rb") as file:
        return file.read(len(NPY_MAGIC)) == NPY_MAGIC
