"""`network` in a terminal: a row for each layer, bars, totals, memory.

Columns that are too many for the width go on in a further table below, with the names again.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.network import Line
from convcalc.layer.network import Network
from convcalc.present.screens.layer import EIGHTHS
from convcalc.present.screens.lines import GAP, print_lines, table_lines
from convcalc.present.text.network_columns import USUAL_LISTING, Listing
from convcalc.present.text.network_summary import BARS, NetworkSummary, summary

LONGEST_BAR, SHORTEST_BAR = 20, 10
Cells = list[str]
"""A column: its heading on two lines, what is below, and the total; all of one width."""


def print_network(console: Console, network: Network, listing: Listing = USUAL_LISTING) -> None:
    """Print a network at the console's width."""
    found = summary(network, listing)
    print_lines(
        console,
        Text(found.title, "bold"),
        "",
        *_tables(found, console.width),
        *found.notes[:1],
        "",
        *_memory(found),
        *found.notes[1:],
        Text(found.conventions, "dim"),
    )


def _tables(found: NetworkSummary, width: int) -> Iterator[str | Text]:
    names, *others = (
        _column(column.heading, below, column.text)
        for column, *below in zip(found.columns, *found.cells, found.total, strict=True)
    )
    blocks: list[list[Cells]] = [[names]]
    for column in others:
        if len(blocks[-1]) > 1 and _width(blocks[-1]) + GAP + cell_len(column[0]) > width:
            blocks.append([names])
        blocks[-1].append(column)
    room = (width - _width(blocks[-1])) // len(BARS) - GAP
    if room >= SHORTEST_BAR:
        blocks[-1] += _bars(found.lines, min(room, LONGEST_BAR))
    for block in blocks:
        above, heading, *lines, total = map((" " * GAP).join, zip(*block, strict=True))
        if above.strip():
            yield Text(above, "bold")
        yield Text(heading, "bold")
        yield from lines
        yield from (Text(total, "bold"), "")


def _width(block: list[Cells]) -> int:
    return sum(cell_len(column[0]) + GAP for column in block) - GAP


def _column(heading: str, below: Sequence[str], from_the_left: bool) -> Cells:
    """Return a column; a heading that is longer than what is below takes a second line."""
    widths = [*map(cell_len, below)]
    first, _, rest = heading.rpartition(" ") if len(heading) > max(widths) else ("", "", heading)
    cells, widths = [first, rest, *below], [len(first), len(rest), *widths]
    widest = max(widths)
    spaces = [" " * (widest - width) for width in widths]
    if from_the_left:
        return [cell + space for cell, space in zip(cells, spaces, strict=True)]
    return [space + cell for cell, space in zip(cells, spaces, strict=True)]


def _bars(lines: Sequence[Line], cells: int) -> list[Cells]:
    """Return a column of bars for each of BARS, the longest as long as there is room."""
    columns = []
    for heading, figure in BARS.items():
        numbers = [figure(line) for line in lines]
        most = max(numbers) or 1
        bars = [_bar(8 * cells * number, most) for number in numbers]
        columns.append(_column(heading, [*bars, " " * cells], True))
    return columns


def _bar(room: int, most: int) -> str:
    """Return a bar of room / most eighths of a cell, one at least for what is not nothing."""
    eighths = max((2 * room + most) // (2 * most), room > 0)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _memory(found: NetworkSummary) -> Iterator[Text]:
    heading, *rows = found.memory
    yield from table_lines([[Text(cell, "bold") for cell in heading], *rows])
