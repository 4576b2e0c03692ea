"""A volume: a box of numbers, written width x height x depth."""

from collections.abc import Sequence
from typing import NamedTuple

from convcalc.errors import shown
from convcalc.layer.wording import MOST_CHANNELS

MANY_CHANNELS = 64
"""So many channels series often have: of more, beside about as many samples, there is a doubt."""


class Volume(NamedTuple):
    """Width, height and depth, in the order of the course notes.

    >>> str(Volume(227, 227, 3))
    '227x227x3'
    """

    width: int
    height: int
    depth: int

    @property
    def sides(self) -> tuple[int, ...]:
        """The numbers that are typed for it."""
        return tuple(self)

    @property
    def dimensions(self) -> int:
        """How many axes a filter slides along: all but the depth."""
        return len(self.sides) - 1

    @classmethod
    def of(cls, sides: Sequence[int]) -> "Volume":
        """Return the volume of three sides, or the series of two.

        >>> Volume.of((60, 1))
        Series(width=60, height=1, depth=1)
        """
        return Series(sides[0], 1, sides[1]) if len(sides) == 2 else Volume(*sides)

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

    @property
    def words(self) -> str:
        """Its sides as read aloud."""
        return f"{shown(self.width)} wide, {shown(self.height)} high and {shown(self.depth)} deep"

    def __str__(self) -> str:
        return "x".join(map(str, self.sides))


class Series(Volume):
    """Samples in a row, each of so many channels: a volume of height 1, of which nobody speaks.

    Its width is the length, its depth the channels.

    >>> str(Series(60, 1, 7)), Series(60, 1, 7).words
    ('60x7', '60 long and 7 deep')
    """

    __slots__ = ()

    @property
    def sides(self) -> tuple[int, ...]:
        """Length and channels."""
        return self.width, self.depth

    @property
    def depth_last(self) -> "Series | None":
        """The series that is meant where the channels seem to come first; or None."""
        seem_first = self.width <= MOST_CHANNELS and self.width < self.depth
        return Series(self.depth, 1, self.width) if seem_first else None

    @property
    def seems_picture(self) -> bool:
        """Whether it may be a picture without its depth: a square, or sides as pictures have them.

        >>> [Series(n, 1, k).seems_picture for n, k in ((28, 28), (640, 480), (640, 64), (640, 80))]
        [True, True, False, False]
        """
        shorter, longer = sorted((self.width, self.depth))
        usual = shorter > MANY_CHANNELS and 2 * longer <= 5 * shorter  # the widest screens are 21:9
        return usual or shorter == longer > 1

    @property
    def words(self) -> str:
        """Its sides as read aloud."""
        return f"{shown(self.width)} long and {shown(self.depth)} deep"


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


class Along(Pair):
    """A step along a series.

    >>> str(Along(4, 1))
    '4'
    """

    __slots__ = ()

    @property
    def shortest(self) -> int:
        """What a layer's constructor takes for it."""
        return self.x

    def __str__(self) -> str:
        return f"{self.x}"


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


class Ends(Pad):
    """Zeros added at the two ends of a series.

    >>> str(Ends(1, 1, 0, 0)), str(Ends(0, 1, 0, 0)), Ends(0, 1, 0, 0).words
    ('1', '0x1', 'left 0, right 1')
    """

    __slots__ = ()

    @classmethod
    def of(cls, sides: Sequence[int]) -> "Ends":
        """Return the pad of one number for both ends, or of one for each."""
        return cls(sides[0], sides[-1], 0, 0)

    @property
    def shortest(self) -> int | tuple[int, ...]:
        """What a layer's constructor takes for it: one number or two."""
        return Pair(self.left, self.right).shortest

    def __str__(self) -> str:
        return str(Pair(self.left, self.right))

    @property
    def words(self) -> str:
        """The pad as read aloud, its sides named where they differ."""
        return str(self) if self.even else f"left {self.left}, right {self.right}"
