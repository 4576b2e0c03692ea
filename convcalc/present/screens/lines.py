"""Lines and tables on a terminal: broken between words, and never inside a number."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from convcalc.present.signs import ARROW, ASCII_ARROW

GAP = 2
"""Columns between what stands side by side."""


def print_lines(console: Console, *lines: str | Text) -> None:
    """Print lines that wrap between words but never inside a number."""
    width = console.width
    texts = [_spelt_out(Text(line) if isinstance(line, str) else line, console) for line in lines]
    longest = max((len(word) for text in texts for word in text.plain.split()), default=0)
    parts: list[Text] = []
    for text in texts:
        if longest > width:
            parts += text.split("\n", allow_blank=True)
        elif "\n" in text.plain or cell_len(text.plain) > width:
            parts += text.wrap(console, width)
        else:
            parts.append(text)
    for part in parts:
        part.rstrip()
    console.print(Text("\n").join(parts), soft_wrap=True)


def _spelt_out(line: Text, console: Console) -> Text:
    """Return a line with the arrow that the console's stream will have, to be measured with it."""
    if console.encoding != "ascii":
        return line
    return Text(ASCII_ARROW, line.style).join(line.split(ARROW, allow_blank=True))


def table_lines(rows: Sequence[Sequence[str | Text]]) -> list[Text]:
    """Return the lines of a table, however wide: names on the left, figures right of their columns.

    All lines have one width, so that a caller sees whether the table fits.
    """
    widths = [max(cell_len(str(cell)) for cell in column) for column in zip(*rows, strict=True)]
    lines = []
    for name, *figures in rows:
        line = Text().append(name).append(" " * (widths[0] - cell_len(str(name))))
        for figure, width in zip(figures, widths[1:], strict=True):
            line.append(" " * (GAP + width - cell_len(str(figure)))).append(figure)
        lines.append(line)
    return lines
