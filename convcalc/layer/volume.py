"""A volume: a box of numbers, written width x height x depth."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.layer.wording import MOST_CHANNELS


class Volume(NamedTuple):
    """Width, height and depth, in the order of the course notes.

    >>> str(Volume(227, 227, 3))
    '227x227x3'
    """

    width: int
    height: int
    depth: int

    @property
    def cells(self) -> int:
        """How many numbers the volume holds."""
        return self.width * self.height * self.depth

    @property
    def depth_last(self) -> "Volume | None":
        """The volume that is meant where the depth seems to come first, as (D, H, W); or None.

        >>> str(Volume(3, 20, 30).depth_last), Volume(30, 20, 3).depth_last
        ('30x20x3', None)
        """
        depth, height, width = self
        seems_first = depth <= MOST_CHANNELS and depth < min(height, width)
        return Volume(width, height, depth) if seems_first else None

    def __str__(self) -> str:
        return f"{self.width}x{self.height}x{self.depth}"


class Pair(NamedTuple):
    """A step along the width (x) and along the height (y).

    >>> str(Pair(4, 4)), str(Pair(4, 2))
    ('4', '4x2')
    """

    x: int
    y: int

    @classmethod
    def of(cls, sides: Sequence[int]) -> "Pair":
        """Return the pair that one number for both axes, or one for each, stands for."""
        return cls(sides[0], sides[-1])

    @property
    def shortest(self) -> int | tuple[int, ...]:
        """What a layer's constructor takes for it: one number where both are the same."""
        return self.x if self.x == self.y else tuple(self)

    def __str__(self) -> str:
        return f"{self.x}" if self.x == self.y else f"{self.x}x{self.y}"


class Pad(NamedTuple):
    """Zeros added at each border of the input.

    >>> str(Pad(1, 1, 1, 1)), str(Pad(2, 2, 0, 0)), str(Pad(0, 1, 0, 1))
    ('1', '2x0', '0x1x0x1')
    """

    left: int
    right: int
    top: int
    bottom: int

    @classmethod
    def of(cls, sides: Sequence[int]) -> "Pad":
        """Return the pad of four numbers, of two for width and height, or of one for all sides.

        >>> Pad.of((1, 2))
        Pad(left=1, right=1, top=2, bottom=2)
        """
        return cls(*sides) if len(sides) == 4 else cls(sides[0], sides[0], sides[-1], sides[-1])

    @property
    def even(self) -> bool:
        """Whether opposite sides have the same pad."""
        return self.left == self.right and self.top == self.bottom

    @property
    def shortest(self) -> int | tuple[int, ...]:
        """What a layer's constructor takes for it: one number, a pair, or all four."""
        return Pair(self.left, self.top).shortest if self.even else tuple(self)

    def __str__(self) -> str:
        return str(Pair(self.left, self.top)) if self.even else "x".join(map(str, self))

    @property
    def words(self) -> str:
        """The pad as read aloud, its sides named where they differ."""
        if self.even:
            return str(self)
        return f"left {self.left}, right {self.right}, top {self.top}, bottom {self.bottom}"
