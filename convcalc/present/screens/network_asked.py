"""`network --explain` and `--answer`: why a network's numbers are so, and whether they are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.answers.judging import Verdict
from convcalc.arithmetic.reasons.explaining import Explained
from convcalc.layer.network import Network
from convcalc.present.screens.explanation import (
    drawn,
    print_drawing,
    print_steps,
    step_records,
    steps_in_markdown,
)
from convcalc.present.screens.verdict import answer_record, print_answer
from convcalc.present.text.latex import steps_in_latex
from convcalc.present.text.network_columns import Listing
from convcalc.present.text.network_record import network_record

if TYPE_CHECKING:
    from rich.console import Console

Several = Sequence[Explained]


def print_explained_network(
    console: "Console", network: Network, explained: Several, listing: Listing
) -> None:
    """Print the steps of some layers, and of the totals, each under its title."""
    from rich.text import Text

    from convcalc.present.screens.lines import print_lines

    for number, one in enumerate(explained):
        print_lines(console, *([""] if number else []), Text(one.title, "bold"), "")
        print_steps(console, one.steps)
        if one.layer:
            print_drawing(console, one.layer)


def explained_network_record(
    network: Network, explained: Several, listing: Listing
) -> dict[str, Any]:
    """Return the network as plain data, with a derivation at the rows and totals asked about."""
    record = network_record(network, listing)
    for one in explained:
        of = record["totals"] if one.place is None else record["layers"][one.place]
        of["derivation"] = step_records(one.steps)
    return record


def explained_network_in_markdown(network: Network, explained: Several, listing: Listing) -> str:
    """Return the steps as numbered lists."""
    parts = [
        "\n".join(
            [*steps_in_markdown(one.title, one.steps), *(drawn(one.layer) if one.layer else [])]
        )
        for one in explained
    ]
    return "\n\n".join(parts)


def explained_network_in_latex(network: Network, explained: Several, listing: Listing) -> str:
    """Return the steps as lists for an article, or a beamer frame that may break."""
    return "\n\n".join(steps_in_latex(one.title, one.steps) for one in explained)


def print_network_verdict(
    console: "Console",
    network: Network,
    verdict: Verdict,
    explained: Several,
    listing: Listing,
) -> None:
    """Print the network, what an answer about it is, and the steps asked for."""
    from rich.text import Text

    from convcalc.present.screens.lines import print_lines

    title = f"{network.name}, {network.input} → {network.output}"
    print_lines(console, Text(title, "bold"), "")
    print_answer(console, verdict, "network", "LAYER")
    if explained:
        console.print()
        print_explained_network(console, network, explained, listing)


def network_verdict_record(
    network: Network, verdict: Verdict, explained: Several, listing: Listing
) -> dict[str, Any]:
    """Return the network and the verdict as plain data, and the steps asked for."""
    return explained_network_record(network, explained, listing) | answer_record(verdict)
