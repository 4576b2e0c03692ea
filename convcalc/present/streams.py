"""Where text goes: the standard streams, in UTF-8 or, where the locale is C, in plain ASCII."""

import os
import re
import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from convcalc.errors import printable

if TYPE_CHECKING:
    from rich.console import Console

ARROW, ASCII_ARROW = "→", "->"
TO_ASCII = str.maketrans("×·−≈…█▉▊▋▌▍▎▏─│", "x*-~:########-|") | {ord(ARROW): ASCII_ARROW}
"""A stand-in for every sign this program prints: as wide, so that lines keep their width, but for
the arrow, which is spelt out before lines are broken."""


def columns(text: str) -> int:
    """Return how many columns a text takes at most, whatever the stream.

    >>> columns("5x5x3 → 3x3x2")
    14
    """
    return len(text) + text.count(ARROW)


SENSE = {"COLUMNS": r"(?!0+$)[0-9]{1,5}", "LINES": r"(?!0+$)[0-9]{1,5}", "FORCE_COLOR": ".+"}
"""What a variable of the environment has to look like to be believed."""

LOCALE = ("LC_ALL", "LC_CTYPE", "LANG")
"""The variables that say which signs a terminal has, the strongest first."""

ASCII = "".join(map(chr, range(32, 127))) + "\n"


def forget_nonsense() -> None:
    """Unset what makes no sense of what was said about the screen, before a library believes it.

    These are the environment's size and locale, and an encoding that cannot write ASCII.
    """
    for name, sense in SENSE.items():
        if not re.fullmatch(sense, os.environ.get(name, "1")):
            del os.environ[name]
    for name in LOCALE:
        if not _is_locale(os.environ.get(name, "C")):
            del os.environ[name]
    for stream in (sys.stdout, sys.stderr):
        if not _can_write_ascii(stream) and isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _is_locale(name: str) -> bool:
    """Whether the system knows a locale; of the two that all have, Windows knows only one."""
    if name in ("", "C", "POSIX"):
        return True
    import locale

    found = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except (locale.Error, UnicodeError):
        return False
    locale.setlocale(locale.LC_CTYPE, found)
    return True


def _can_write_ascii(stream: TextIO) -> bool:
    try:
        encoding = stream.encoding or "ascii"
        return ASCII.encode(encoding).decode(encoding) == ASCII
    except UnicodeError:
        return False


def wants_ascii(stream: TextIO) -> bool:
    """Whether a stream can be trusted with ASCII only.

    Python writes UTF-8 even in the C locale, and then sets LC_CTYPE to C.UTF-8 itself, so the
    locale's own variables are what tells.
    """
    encoding = (stream.encoding or "ascii").lower().replace("-", "")
    if encoding != "utf8":
        return True
    chosen = {name: os.environ.get(name, "") for name in LOCALE}
    if chosen["LC_CTYPE"] == "C.UTF-8" and chosen["LANG"]:
        del chosen["LC_CTYPE"]
    return next(filter(None, chosen.values()), "") in ("C", "POSIX")


def to_ascii(text: str) -> str:
    """Replace what ASCII has not; every sign this program prints has a stand-in."""
    return text.translate(TO_ASCII).encode("ascii", "replace").decode("ascii")


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
