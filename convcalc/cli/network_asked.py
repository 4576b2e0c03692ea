"""What `network` is asked of its numbers: why they are so, and whether an answer is right."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from convcalc.cli.formats import require_format, show

if TYPE_CHECKING:
    from convcalc.layer.network import Network
    from convcalc.present.text.network_columns import Listing

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option(
        "--explain",
        metavar="LAYER|total|all",
        help="Derive the numbers of a layer step by step, the totals, or all of them.",
    ),
    click.option(
        "--answer",
        metavar="LAYER=VALUE",
        help="Judge an answer about a layer or total; a VALUE alone may be any number.",
    ),
    click.option("--check", is_flag=True, help="With --answer: exit with 1 where it is wrong."),
)


def asking_options(command: Command) -> Command:
    """Give a command the options --explain, --answer and --check."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def show_asked(
    network: "Network", format: str, listing: "Listing", explain: str | None, answer: str | None
) -> bool:
    """Print what was asked; return whether an answer was right, or none was given."""
    from convcalc.arithmetic.reasons.explaining import explain_network

    explained = [] if explain is None else explain_network(network, explain, listing.use)
    if answer is None:
        show("network derivation", format, network, explained, listing)
        return True
    from convcalc.arithmetic.reasons.judging import judge_network

    require_format("network verdict", format)
    verdict = judge_network(network, answer, listing.use)
    show("network verdict", format, network, verdict, explained, listing)
    return verdict.is_right
