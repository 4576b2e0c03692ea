"""Lines and tables on a terminal: broken between words, and never inside a number."""

from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from convcalc.present.signs import ARROW, ASCII_ARROW

GAP = 2
"""Columns between what stands side by side."""


def print_lines(console: Console, *lines: str | Text) -> None:
    """Print lines that wrap between words but never inside a number."""
    texts = (Text(line) if isinstance(line, str) else line for line in lines)
    text = Text("\n").join(_spelt_out(line, console) for line in texts)
    longest = max(map(len, text.plain.split()), default=0)
    parts = text.split("\n", allow_blank=True)
    if longest <= console.width:
        parts = text.wrap(console, console.width)
    for part in parts:
        part.rstrip()
    console.print(Text("\n").join(parts), soft_wrap=True)


def _spelt_out(line: Text, console: Console) -> Text:
    """Return a line with the arrow that the console's stream will have, to be measured with it."""
    if console.encoding != "ascii":
        return line
    return Text(ASCII_ARROW, line.style).join(line.split(ARROW, allow_blank=True))


def table_lines(rows: Iterable[Iterable[str | Text]]) -> list[Text]:
    """Return the lines of a table, however wide: names on the left, figures right of their columns.

    All lines have one width, so that a caller sees whether the table fits.
    """
    table = [[Text() + cell for cell in row] for row in rows]
    widths = [max(cell.cell_len for cell in column) for column in zip(*table, strict=True)]
    for row in table:
        for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
            cell.align("right" if place else "left", width)
    return [Text(" " * GAP).join(row) for row in table]
