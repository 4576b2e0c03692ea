"""What the environment says of the screen, and what of it is to be believed."""

import os
import re
import sys
from io import TextIOWrapper
from typing import TextIO

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
        if name in os.environ and not re.fullmatch(sense, os.environ[name]):
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
