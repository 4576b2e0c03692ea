"""A slide with a network on it: title and totals, boxes in letters as large as can be, scales."""

from typing import NamedTuple

from convcalc.arithmetic.network import rows, totals
from convcalc.layer.network import Network
from convcalc.numerals import counted
from convcalc.present.diagram.boxes import Box
from convcalc.present.diagram.folding import Drawn, candidates
from convcalc.present.diagram.lanes import Grid, arrange
from convcalc.present.diagram.lengths import Scale, cut, height, length, wrapped
from convcalc.present.diagram.placement import Placement
from convcalc.present.diagram.rows import ANYWHERE, ONE_LINE, TIDY, Ending, Trial, largest
from convcalc.present.diagram.shapes import Layout, Text

WIDTH, HEIGHT, MARGIN, TITLE, SMALL = 1280, 720, 20, 22, 14
LARGEST, READABLE = 22, 10
"""Letters at the boxes, in pixels."""


class Way(NamedTuple):
    """Whether words are left away, how high a box is in half letters, and the least letters."""

    brief: bool
    halves: int
    least: int


WAYS = (Way(False, 14, 15), Way(False, 9, 15), Way(True, 9, 14), Way(True, 5, 12), Way(True, 3, 10))
"""What is tried one after the other."""

TOO_MANY = 300
"""So many boxes are not on a slide."""

GROWN = 12
"""Letters where the picture grows instead, so that they are smaller on a slide."""

LONGEST_BAR = 100
MANY_DIGITS = 10**9
"""Scales of so many cells are below each other."""


class Slide(NamedTuple):
    """Everything in the picture, and where the boxes begin in it."""

    width: int
    height: int
    title: str
    texts: list[Text]
    bars: list[tuple[int, int, int]]
    """Where a bar of the scale begins, and how long it is."""
    left: int
    top: int
    layout: Layout


def draw(network: Network, depth: int | None = None) -> Slide:
    """Return a slide with a network on it: one of the usual size, if letters can be read on it."""
    for drawn in candidates(network, depth):
        if len(drawn.boxes) < TOO_MANY:
            slide = _slide(network, drawn, WIDTH, (READABLE, LARGEST))
            if slide:
                return slide
    wide = WIDTH
    while not (slide := _slide(network, drawn, wide, (GROWN, GROWN))):
        wide = wide * 5 // 4
    return slide


def _slide(network: Network, drawn: Drawn, wide: int, letters: tuple[int, int]) -> Slide | None:
    """Return a slide, or None where it is too small for letters of some sizes."""
    high, room = wide * HEIGHT // WIDTH, wide - 2 * MARGIN
    total = totals(rows(network))
    figures = (
        (total.parameters.total, "parameter"),
        (total.multiply_adds, "multiply-add"),
        (total.activations, "activation"),
    )
    title, small = TITLE * wide // WIDTH, SMALL * wide // WIDTH
    y, texts = MARGIN, []
    for line, size in (
        (str(network), title),
        (", ".join(counted(*figure) for figure in figures), 3 * small // 2 - 3),
    ):
        texts.append(Text(MARGIN, y, cut(line, size, room * 9 // 10), size, size == title))
        y += height(size)
    notes = [line for note in _notes(drawn) for line in wrapped(note, small, room)]
    apart = _largest_side(drawn) >= MANY_DIGITS
    bottom = high - MARGIN - height(small) * (len(notes) + 1 + apart)
    top = y + MARGIN // 2
    bottom_of_boxes = bottom - MARGIN // 2
    layout = _fit(drawn.boxes, (room, bottom_of_boxes - top), letters)
    if layout is None:
        return None
    keys, bars = _keys(layout, bottom, small, apart)
    texts += keys
    bottom = keys[-1].y
    for line in notes:
        bottom += height(small)
        texts.append(Text(MARGIN, bottom, line, small))
    top += (bottom_of_boxes - top - layout.high) // 2
    return Slide(wide, high, str(network), texts, bars, MARGIN, top, layout)


def _fit(boxes: list[Box], room: tuple[int, int], letters: tuple[int, int]) -> Layout | None:
    """Return the layout with the largest letters that some room has for boxes."""
    grid = arrange([box.sources for box in boxes])
    tried = (
        _largest_letters(boxes, grid, room, letters, way, endings)
        for endings in ((TIDY, ONE_LINE), (ANYWHERE,))
        for way in WAYS
    )
    return next(filter(None, tried), None)


def _largest_letters(
    boxes: list[Box],
    grid: Grid,
    room: tuple[int, int],
    letters: tuple[int, int],
    way: Way,
    endings: tuple[Ending, ...],
) -> Layout | None:
    def laid_out(size: int) -> Placement | None:
        trial = Trial(boxes, grid, size, way.brief, room)
        tried = (trial.fitted(ending, way.halves) for ending in endings)
        fitted = next(filter(None, tried), None)
        return Placement(trial, fitted) if fitted else None

    least, most = max(way.least, letters[0]), letters[1]
    if least > most or not laid_out(least):
        return None
    found = laid_out(largest(least, most, lambda size: bool(laid_out(size))))
    return found.layout() if found else None


def _notes(drawn: Drawn) -> list[str]:
    """Return what is said below the picture."""
    said = ["sides as the square root of their cells: twice as long is four times as many"]
    if any(box.learns for box in drawn.boxes):
        said.append("thick: has parameters")
    if any(box.adds for box in drawn.boxes):
        said.append("⊕: sum")
    if any(box.folded for box in drawn.boxes):
        said.append("hatched: several layers")
    return ["; ".join([*said, *drawn.notes])]


def _largest_side(drawn: Drawn) -> int:
    return max(side for box in drawn.boxes for side in box.volume)


def _keys(
    layout: Layout, y: int, size: int, apart: bool
) -> tuple[list[Text], list[tuple[int, int, int]]]:
    """Return the scales, as bars with what they stand for, beside or below each other."""
    texts, bars, x = [], [], MARGIN
    for scale, what in (
        (layout.upright, "of height; width aslant, at half its length"),
        (layout.deep, "of depth"),
    ):
        cells = _cells(scale)
        long = scale.side(cells)
        bars.append((x, y, long))
        x += long + size // 2
        told = f"{counted(cells, 'cell')} {what}"
        texts.append(Text(x, y, told, size))
        x, y = (MARGIN, y + height(size)) if apart else (x + length(told, size) + 2 * size, y)
    return texts, bars


def _cells(scale: Scale) -> int:
    """Return how many cells a bar stands for."""
    cells = scale.cells
    while scale.side(cells) > LONGEST_BAR and cells > 1:
        cells = max(cells // 4, 1)
    return cells
