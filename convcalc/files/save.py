"""Write a file whole or not at all: into a temporary one beside it, which then takes its name."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO

from convcalc.errors import BadRequest, CannotWrite
from convcalc.signals import Cleanup


def target(argument: str, text: str, ending: str) -> Path:
    """Return the path of a file to write; raise BadRequest for another ending, or no such file."""
    path = Path(text)
    if path.suffix.lower() != ending or text.endswith(os.sep):
        remedy = f"give a file name ending in {ending}"
        raise BadRequest(argument, text, f"does not end in {ending}", remedy)
    check_target(argument, path)
    return path


def check_target(argument: str, path: Path) -> None:
    """Raise BadRequest where a file of this name can be seen to be impossible."""
    remedy = "give a file name in a folder that exists and can be written"
    try:
        real = Path(os.path.realpath(path))
        if not real.parent.is_dir():
            raise BadRequest(argument, path, "its folder does not exist", remedy)
        if not os.access(real.parent, os.W_OK | os.X_OK):
            raise BadRequest(argument, path, "its folder cannot be written", remedy)
        with suppress(FileNotFoundError):
            if not stat.S_ISREG(os.stat(real).st_mode):
                raise BadRequest(argument, path, "is there already and is not a file", remedy)
            if not os.access(real, os.W_OK):
                raise BadRequest(argument, path, "is there already and is write-protected", remedy)
    except (OSError, ValueError) as error:
        if isinstance(error, BadRequest):
            raise
        raise BadRequest(argument, path, "is not a usable file name", remedy) from None


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file for writing; on success it replaces `path`, otherwise it is gone.

    Raises CannotWrite when the system refuses.
    """
    path = Path(os.path.realpath(path))
    temporary = path.with_name(f".convcalc-{os.urandom(8).hex()}{path.suffix}")
    with Cleanup(partial(_remove, temporary)):
        try:
            with open(temporary, "x+b", opener=_private) as file:
                yield file
            os.chmod(temporary, path.stat().st_mode if path.exists() else 0o666 & ~_umask())
            os.replace(temporary, path)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CannotWrite(f"cannot write {path}: {reason}") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove(path: Path) -> None:
    with suppress(OSError):
        os.unlink(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
