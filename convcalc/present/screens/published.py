"""`network --published`: what the paper prints beside what comes out, and why they differ."""

import textwrap
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.published import Compared
from convcalc.layer.network import Network
from convcalc.numerals import grouped
from convcalc.present.screens.lines import print_lines


def print_published(
    console: Console, network: Network, source: str, compared: list[Compared]
) -> None:
    """Print where the network is published, and each printed figure with the computed one."""
    print_lines(console, Text(network.name, "bold"), f"source: {source}", "")
    for one in compared:
        print_lines(console, _line(one))
        for note in _notes(one):
            lines = textwrap.wrap(note, max(console.width - 2, 20), break_on_hyphens=False)
            print_lines(console, textwrap.indent("\n".join(lines), "  "))


def _line(one: Compared) -> str:
    of = f" of {one.of}" if one.of else ""
    agrees = "which differs" if one.agrees is None else one.agrees.how or "exactly"
    return f"{one.figure}{of}: printed {one.printed}, computed {grouped(one.computed)}, {agrees}"


def _notes(one: Compared) -> Iterator[str]:
    if one.source:
        yield f"Printed in: {one.source}."
    if one.note:
        yield one.note


def published_record(network: Network, source: str, compared: list[Compared]) -> dict[str, Any]:
    """Return the figures as plain data."""
    return {
        "name": network.name,
        "source": source,
        "published": [
            {
                "figure": one.figure,
                "of": one.of or None,
                "printed": one.printed,
                "computed": one.computed,
                "agrees": one.agrees is not None,
                "note": one.note or None,
                "source": one.source or None,
            }
            for one in compared
        ],
    }
