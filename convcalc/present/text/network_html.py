"""`network` as HTML: a page that needs no other file, or a piece of one for a notebook."""

from collections.abc import Callable, Sequence
from html import escape

from convcalc.arithmetic.network import Line
from convcalc.layer.network import Network
from convcalc.present.diagram.svg import to_element
from convcalc.present.text.network_columns import USUAL_LISTING, Listing
from convcalc.present.text.network_summary import BARS, NetworkSummary, misfits, summary

STYLE = """
:root { color-scheme: light dark }
body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 90em; padding: 0 1em }
.network { overflow-x: auto }
.network table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }
.network td, .network th { padding: .1em .6em; white-space: nowrap }
.network tr.total { font-weight: bold; border-top: 1px solid }
"""
BAR = "display: inline-block; height: .8em; background: currentColor; width: {:.1f}em"
BAR_EMS = 7


def to_page(network: Network, listing: Listing = USUAL_LISTING) -> str:
    """Return a whole page."""
    found = summary(network, listing)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(found.title)}</title>",
            f"<style>{STYLE}</style></head>",
            f"<body>\n{_fragment(network, found, listing)}\n</body>",
            "</html>",
        ]
    )


def to_fragment(network: Network, listing: Listing = USUAL_LISTING) -> str:
    """Return a piece of HTML that takes the colours of what is around it."""
    return _fragment(network, summary(network, listing), listing)


def _fragment(network: Network, found: NetworkSummary, listing: Listing) -> str:
    notes = [*found.notes, found.conventions, *(said for said, _ in misfits(network))]
    parts = [
        f"<p><strong>{escape(found.title)}</strong></p>",
        to_element(network, listing.depth).strip(),
        _layers(found),
        _memory(found.memory),
        *(f"<p>{escape(note)}</p>" for note in notes),
    ]
    return '<div class="network">\n' + "\n".join(parts) + "\n</div>"


def _layers(found: NetworkSummary) -> str:
    texts = [column.text for column in found.columns]
    bars = [_bars(found.lines, figure) for figure in BARS.values()]
    rows = [
        _row(
            [_cell("th", cell, text) for cell, text in zip(found.heading, texts, strict=True)]
            + [_cell("th", heading, True) for heading in BARS]
        )
    ]
    for cells, *drawn in zip(found.cells, *bars, strict=True):
        rows.append(
            _row([_cell("td", cell, text) for cell, text in zip(cells, texts, strict=True)] + drawn)
        )
    total = [_cell("td", cell, text) for cell, text in zip(found.total, texts, strict=True)]
    rows.append(_row([*total, *["<td></td>"] * len(BARS)], ' class="total"'))
    return "<table>" + "\n".join(rows) + "</table>"


def _bars(lines: Sequence[Line], figure: Callable[[Line], int]) -> list[str]:
    """Return a cell with a bar for each line, the longest BAR_EMS wide."""
    numbers = [figure(line) for line in lines]
    most = max(numbers) or 1
    widths = [(BAR_EMS * 10 * number + most // 2) // most / 10 for number in numbers]
    return [
        f'<td><span style="{BAR.format(max(width, 0.1))}"></span></td>' if number else "<td></td>"
        for number, width in zip(numbers, widths, strict=True)
    ]


def _memory(rows: list[list[str]]) -> str:
    tags = ["th", *["td"] * (len(rows) - 1)]
    return (
        "<table>"
        + "\n".join(
            _row([_cell(tag, cell, place == 0) for place, cell in enumerate(cells)])
            for tag, cells in zip(tags, rows, strict=True)
        )
        + "</table>"
    )


def _row(cells: list[str], attribute: str = "") -> str:
    return f"<tr{attribute}>{''.join(cells)}</tr>"


def _cell(tag: str, text: str, from_the_left: bool) -> str:
    side = "left" if from_the_left else "right"
    return f'<{tag} style="text-align: {side}">{escape(text)}</{tag}>'
