"""Where text goes: the standard streams, in UTF-8 or, where the locale is C, in plain ASCII."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

from convcalc.errors import printable
from convcalc.present.environment import wants_ascii
from convcalc.present.signs import to_ascii

if TYPE_CHECKING:
    from rich.console import Console


class AsciiStream:
    """A text stream that writes the ASCII stand-ins of what it is given."""

    encoding = "ascii"

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write the text's ASCII stand-in."""
        return self._stream.write(to_ascii(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _stream(name: str) -> Any:
    stream = getattr(sys, name)
    return AsciiStream(stream) if wants_ascii(stream) else stream


def write(text: str) -> None:
    """Write text to stdout, with a newline where it has none."""
    stream = _stream("stdout")
    stream.write(text if text.endswith("\n") else text + "\n")
    stream.flush()


def say(text: str) -> None:
    """Write one sentence to stderr, a warning or an error; a terminal gets it wrapped."""
    line = f"convcalc: {printable(text)}"
    if sys.stderr.isatty():
        import shutil
        import textwrap

        own = os.get_terminal_size(sys.stderr.fileno()).columns or 80
        columns = shutil.get_terminal_size((own, 24)).columns
        line = textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
    with suppress(OSError):  # there is nobody left to tell
        _stream("stderr").write(line + "\n")


def console(name: str = "stdout") -> "Console":
    """Return a rich console on a standard stream that styles nothing by guessing."""
    from rich.console import Console, ConsoleDimensions

    made = Console(file=_stream(name), highlight=False, markup=False, emoji=False)
    if made.is_dumb_terminal:  # rich would give it 80 columns whatever it says
        import shutil

        made.size = ConsoleDimensions(*shutil.get_terminal_size())
    return made
