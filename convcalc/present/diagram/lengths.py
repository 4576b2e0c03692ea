"""How wide a text is at most, and how long a side is drawn: no font is at hand, none is asked."""

import textwrap
from bisect import bisect
from math import isqrt
from typing import NamedTuple
from unicodedata import combining, east_asian_width

NARROW, WIDE = set(" .,:;'|!()[]ijlI…·"), set("mwMW@%&⊕—")
LINE = 14
"""Characters of a line below a box."""


def length(text: str, size: int) -> int:
    """Return the pixels that a text takes at most in any usual font without serifs.

    >>> length("28x28x6", 100)
    455
    """
    return -(-size * sum(map(_hundredths, text)) // 100)


def _hundredths(letter: str) -> int:
    if combining(letter):
        return 0
    if letter in NARROW:
        return 45
    if letter in WIDE or letter.isupper():
        return 100 if letter in WIDE else 80
    return 110 if east_asian_width(letter) in "WF" or ord(letter) > 0x2FFF else 65


def height(size: int) -> int:
    """Return how far apart lines stand."""
    return 6 * size // 5


def cut(text: str, size: int, room: int) -> str:
    """Return a text, cut where it is longer than there is room.

    >>> cut("inception3a", 10, 60), cut("inception3a", 10, 100)
    ('inception…', 'inception3a')
    """
    if length(text, size) <= room:
        return text
    kept = bisect(range(len(text)), room, key=lambda kept: length(f"{text[:kept]}…", size)) - 1
    return f"{text[:kept]}…" if kept > 0 else ""


def broken(parts: tuple[str, ...], most: int = LINE) -> list[str]:
    """Return parts of a phrase in short lines, broken within a part only where it is too long.

    >>> broken(("conv 11x11", "stride 4", "pad 2"))
    ['conv 11x11,', 'stride 4,', 'pad 2']
    """
    whole = [part.replace(" ", "\xa0") if len(part) < most else part for part in parts]
    return [line.replace("\xa0", " ") for line in textwrap.wrap(", ".join(whole), most)]


class Scale(NamedTuple):
    """Sides as long as the square roots of their cells: the longest, of `cells`, is `pixels`."""

    cells: int
    pixels: int

    def side(self, cells: int) -> int:
        """Return how long a side is drawn; none is shorter than a line can show.

        >>> [Scale(256, 160).side(cells) for cells in (256, 64, 16, 1)]
        [160, 80, 40, 10]
        """
        return max(isqrt(cells * self.pixels**2 // self.cells), SHORTEST)

    def is_true(self, cells: int) -> bool:
        """Whether a side is long enough to be drawn on the scale."""
        return isqrt(cells * self.pixels**2 // self.cells) >= SHORTEST


SHORTEST = 3
"""Pixels of the shortest side."""


def wrapped(text: str, size: int, room: int) -> list[str]:
    """Return a sentence in lines that fit into a room, broken between words."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and length(longer, size) <= room:
            lines[-1] = longer
        else:
            lines.append(cut(word, size, room))
    return lines
