"""`network` as Markdown: a table of the layers, one of the memory, and what else is to be said."""

import re

from convcalc.layer.network import Network
from convcalc.present.text.network_columns import USUAL_LISTING, Listing
from convcalc.present.text.network_summary import NetworkSummary, misfits, summary

MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
"""What Markdown would read as its own."""


def to_markdown(network: Network, listing: Listing = USUAL_LISTING) -> str:
    """Return a network as Markdown that GitHub and Jupyter render."""
    found = summary(network, listing)
    notes = [*found.notes, found.conventions, *(said for said, _ in misfits(network))]
    parts = [f"**{_plain(found.title)}**", _layers(found), _table(found.memory)]
    return "\n\n".join([*parts, *map(_plain, notes)])


def _layers(found: NetworkSummary) -> str:
    sides = [":--" if column.text else "--:" for column in found.columns]
    total = [f"**{cell}**" if cell else "" for cell in map(_plain, found.total)]
    rows = [[_plain(cell) for cell in row] for row in [found.heading, *found.cells]]
    return _joined(rows[0], sides, [*rows[1:], total])


def _table(rows: list[list[str]]) -> str:
    sides = [":--", *["--:"] * (len(rows[0]) - 1)]
    return _joined(rows[0], sides, rows[1:])


def _joined(heading: list[str], sides: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heading, *rows)]
    lines.insert(1, f"|{'|'.join(sides)}|")
    return "\n".join(lines)


def _plain(text: str) -> str:
    """Return a text whose signs are no marks of Markdown's."""
    return MARKS.sub(r"\\\1", text)
