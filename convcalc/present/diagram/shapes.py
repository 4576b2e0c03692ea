"""What is on the slide: volumes, texts, groups and lines, in whole pixels."""

from typing import NamedTuple

from convcalc.present.diagram.boxes import Box
from convcalc.present.diagram.lengths import Scale, height, length

Point = tuple[int, int]


class Solid(NamedTuple):
    """A volume drawn: its front's left end, its axis from above, and what it measures."""

    box: Box
    x: int
    axis: int
    long: int
    high: int
    aslant: int

    @property
    def right(self) -> int:
        """Where a line leaves it, on its axis."""
        return self.x + self.long + min(self.aslant, self.high // 2)

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom."""
        top, bottom = self.axis - self.high // 2, self.axis - self.high // 2 + self.high
        return self.x, top - self.aslant, self.x + self.long + self.aslant, bottom


class Text(NamedTuple):
    """A line of text: its left end or its middle, and its top."""

    x: int
    y: int
    text: str
    size: int
    bold: bool = False
    centred: bool = False

    @property
    def edges(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom, at most."""
        wide = length(self.text, self.size) + (self.size // 2 if self.bold else 0)
        left = self.x - (wide + 1) // 2 if self.centred else self.x
        return left, self.y, left + wide, self.y + height(self.size)


class Span(NamedTuple):
    """A group: its name, and from where to where its columns are."""

    name: str
    left: int
    right: int
    y: int


class Layout(NamedTuple):
    """Everything that is drawn of the boxes."""

    size: int
    solids: list[Solid]
    high: int
    texts: list[Text]
    lines: list[tuple[Point, ...]]
    arrows: list[Point]
    spans: list[Span]
    upright: Scale
    deep: Scale
