"""Blocks of lines side by side."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rich.text import Text

from convcalc.present.screens.lines import GAP

Block = Sequence[Text]


def beside(blocks: Sequence[Block], gap: int = GAP) -> Iterator[Text]:
    """Yield the lines of blocks side by side, all of one width."""
    widths = [max(map(len, block)) for block in blocks]
    for parts in zip_longest(*blocks, fillvalue=Text()):
        padded = [part.copy() for part in parts]
        for part, width in zip(padded, widths, strict=True):
            part.pad_right(width - len(part))
        yield Text(" " * gap).join(padded)


def flow(blocks: Iterable[Block], width: int, gap: int = GAP) -> Iterator[Text]:
    """Yield blocks side by side, as many as the width takes, then the next row of them."""
    rows: list[list[Block]] = [[]]
    taken = 0
    for block in blocks:
        wide = max(map(len, block))
        if rows[-1] and taken + wide > width:
            rows.append([])
            taken = 0
        rows[-1].append(block)
        taken += wide + gap
    for row in rows:
        for line in beside(row, gap):
            line.rstrip()
            yield line
