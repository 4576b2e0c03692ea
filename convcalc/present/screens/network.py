"""`network` in a terminal: a row for each layer, and the totals."""

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.network import rows, totals
from convcalc.layer.network import Network
from convcalc.numerals import grouped
from convcalc.present.screens.lines import print_lines, table_lines


def print_network(console: Console, network: Network) -> None:
    """Print the table of a network."""
    counted = rows(network)
    total = totals(counted)
    cells = [["layer", "output", "parameters", "multiply-adds", "sees"]]
    cells += [
        [
            row.placed.path,
            str(row.placed.layer.output),
            grouped(row.parameters.total),
            grouped(row.multiply_adds),
            str(row.fields[0].size),
        ]
        for row in counted
    ]
    cells.append(["total", "", grouped(total.parameters.total), grouped(total.multiply_adds), ""])
    title = Text(f"{network.name}, {network.input}", "bold")
    print_lines(console, title, "", *table_lines(cells))
