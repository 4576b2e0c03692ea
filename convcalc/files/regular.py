"""Files that are there, are files, can be read, and stay what they were."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from convcalc.errors import BadRequest, FileChanged

REMEDY = "give an image such as a PNG or JPEG, or an .npy array of shape (H, W, D)"
NPY_MAGIC = b"\x93NUMPY"


class RegularFile:
    """A file to be read in parts, each as the file was when it was found, or not at all.

    It is read and never mapped: a mapped file that shrinks ends the process. Raises BadRequest,
    naming the argument, unless the path is that of a readable file with something in it.
    """

    def __init__(self, argument: str, path: Path, remedy: str) -> None:
        self.argument, self.path, self._remedy = argument, path, remedy
        try:
            status = os.stat(path)
            if not stat.S_ISREG(status.st_mode):
                what = "a directory" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
                raise self.refusal(f"is {what}, not a file")
            with open(path, "rb", opener=_at_once):
                self.size, self._found = status.st_size, _identity(status)
        except (OSError, ValueError) as error:
            if isinstance(error, BadRequest):
                raise
            raise self.refusal(f"cannot be read ({_reason(error)})") from None
        if not self.size:
            raise self.refusal("is empty")

    @property
    def is_npy(self) -> bool:
        """Whether the file says it is a NumPy array."""
        return self.read(0, min(len(NPY_MAGIC), self.size)) == NPY_MAGIC

    def refusal(self, problem: str, remedy: str | None = None) -> BadRequest:
        """Return what to raise where the file is not what is needed."""
        return BadRequest(self.argument, self.path, problem, remedy or self._remedy)

    def read(self, start: int, count: int) -> bytes:
        """Return so many bytes of the file; raise FileChanged where they are no longer there."""
        with self.opened() as file:
            try:
                file.seek(start)
                found = file.read(count)
            except OSError as error:
                raise self._change(f"can no longer be read ({_reason(error)})") from None
        if len(found) < count:
            raise self._change("ends too early")
        return found

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """Open the file; raise FileChanged where it is not what it was, then or afterwards."""
        try:
            file = open(self.path, "rb", opener=_at_once)  # noqa: SIM115
        except OSError as error:
            raise self._change(f"can no longer be read ({_reason(error)})") from None
        with file:
            self._require_unchanged(file)
            try:
                yield file
            finally:
                self._require_unchanged(file)

    def _require_unchanged(self, file: BinaryIO) -> None:
        if _identity(os.fstat(file.fileno())) != self._found:
            raise self._change("was changed while it was read")

    def _change(self, problem: str) -> FileChanged:
        return FileChanged(
            self.argument, self.path, problem, "run it again when nothing writes the file"
        )


def _at_once(path: str, flags: int) -> int:
    """Open a file, and do not wait for a writer where it has become a pipe, as on Unix it can."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    """Return a file's size and what tells it from another, or from itself rewritten."""
    return status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev


def _reason(error: OSError | ValueError) -> str:
    return (getattr(error, "strerror", None) or str(error)).lower()
