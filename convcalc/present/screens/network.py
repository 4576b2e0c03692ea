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

LONGEST_BAR, SHORTEST_BAR = 20, 8
Cells = list[Text]


def print_network(console: Console, network: Network, listing: Listing = USUAL_LISTING) -> None:
    """Print a network at the console's width."""
    found = summary(network, listing)
    print_lines(
        console,
        Text(found.title, "bold"),
        "",
        *_tables(found, console.width),
        *(Text(row) for row in found.notes[:1]),
        "",
        *_memory(found),
        *found.notes[1:],
        Text(found.conventions, "dim"),
    )


def _tables(found: NetworkSummary, width: int) -> Iterator[Text]:
    names, *others = _columns(found)
    blocks: list[list[Cells]] = [[names]]
    for column in others:
        taken = sum(_width(one) + GAP for one in blocks[-1])
        if len(blocks[-1]) > 1 and taken + _width(column) > width:
            blocks.append([names])
        blocks[-1].append(column)
    room = (width - sum(_width(one) + GAP for one in blocks[-1])) // len(BARS) - GAP
    if room >= SHORTEST_BAR:
        blocks[-1] += _bars(found.lines, min(room, LONGEST_BAR))
    for block in blocks:
        rows = [*zip(*block, strict=True)]
        yield from table_lines(rows if any(cell.plain.strip() for cell in rows[0]) else rows[1:])
        yield Text()


def _columns(found: NetworkSummary) -> list[Cells]:
    """Return the columns; a heading that is longer than what is below takes a second line."""
    columns = []
    for column, *below in zip(found.columns, *found.cells, found.total, strict=True):
        *above, total = below
        heading = [Text(line, "bold") for line in _broken(column.heading, below)]
        cells = [*heading, *map(Text, above), Text(total, "bold")]
        columns.append(_from_the_left(cells) if column.text else cells)
    return columns


def _broken(heading: str, cells: Sequence[str]) -> tuple[str, str]:
    first, _, rest = heading.rpartition(" ")
    return (first, rest) if len(heading) > max(map(cell_len, cells)) else ("", heading)


def _from_the_left(column: Cells) -> Cells:
    width = _width(column)
    return [cell + Text(" " * (width - cell_len(cell.plain))) for cell in column]


def _width(column: Cells) -> int:
    return max(cell_len(cell.plain) for cell in column)


def _bars(lines: Sequence[Line], cells: int) -> list[Cells]:
    """Return a column of bars for each of BARS, the longest as long as there is room."""
    columns = []
    for heading, figure in BARS.items():
        numbers = [figure(line) for line in lines]
        most = max(numbers) or 1
        heads = [Text(f"{line:{cells}}", "bold") for line in _broken(heading, ["█" * cells])]
        bars = [Text(f"{_bar(8 * cells * number, most):{cells}}") for number in numbers]
        columns.append([*heads, *bars, Text()])
    return columns


def _bar(room: int, most: int) -> str:
    """Return a bar of room / most eighths of a cell, one at least for what is not nothing."""
    eighths = max((2 * room + most) // (2 * most), room > 0)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _memory(found: NetworkSummary) -> Iterator[Text]:
    heading, *rows = found.memory
    yield from table_lines([[Text(cell, "bold") for cell in heading], *rows])
