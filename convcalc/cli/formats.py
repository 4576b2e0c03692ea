"""How each result is printed: a table of formats, and where the writer of each is."""

from importlib import import_module
from typing import Any

from convcalc.errors import BadRequest
from convcalc.present.streams import console, write

FORMATS: dict[str, dict[str, str]] = {
    "counts": {
        "table": "screens.layer:print_layer",
        "json": "text.record:layer_record",
        "csv": "text.record:to_csv",
        "markdown": "text.markdown:to_markdown",
        "latex": "text.latex:to_latex",
    },
    "derivation": {
        "table": "screens.explanation:print_explained_layer",
        "json": "screens.explanation:explained_record",
        "markdown": "screens.explanation:explained_in_markdown",
        "latex": "text.latex:explained_in_latex",
    },
    "verdict": {
        "table": "screens.verdict:print_verdict",
        "json": "screens.verdict:verdict_record",
    },
    "network": {
        "table": "screens.network:print_network",
        "json": "text.network_record:network_record",
        "csv": "text.network_record:to_csv",
        "markdown": "text.network_markdown:to_markdown",
        "latex": "text.network_latex:to_latex",
        "html": "text.network_html:to_page",
    },
    "network derivation": {
        "table": "screens.network_asked:print_explained_network",
        "json": "screens.network_asked:explained_network_record",
        "markdown": "screens.network_asked:explained_network_in_markdown",
        "latex": "screens.network_asked:explained_network_in_latex",
    },
    "network verdict": {
        "table": "screens.network_asked:print_network_verdict",
        "json": "screens.network_asked:network_verdict_record",
    },
    "network run": {
        "table": "screens.network_run:print_network_run",
        "json": "screens.network_run:network_run_record",
    },
    "solutions": {
        "table": "screens.solutions:print_solutions",
        "json": "text.solution_record:solutions_record",
    },
    "published": {
        "table": "screens.published:print_published",
        "json": "screens.published:published_record",
    },
    "forward": {
        "table": "screens.forward:print_forward",
        "json": "screens.forward:forward_record",
    },
    "comparison": {
        "table": "screens.comparison:print_comparison",
        "json": "screens.comparison:comparison_record",
    },
    "backward": {
        "table": "screens.backward:print_backward",
        "json": "screens.backward:backward_record",
    },
    "shift": {
        "table": "screens.shift:print_shift",
        "json": "screens.shift:shift_record",
    },
}
"""By result and format: a function that prints on a console, one that returns a record for JSON,
or one that returns text; each of the result's parts."""

MISSING = {
    "derivation": (
        "has rows of counts and no place for an argument",
        "give table, json, markdown or latex with --explain",
    ),
    "verdict": (
        "is not a format that answers are judged in",
        "give table or json with --answer",
    ),
    "network derivation": (
        "has no place for an argument",
        "give table, json, markdown or latex with --explain",
    ),
    "network verdict": (
        "is not a format that answers are judged in",
        "give table or json with --answer",
    ),
    "published": (
        "is not a format for printed figures",
        "give table or json with --published",
    ),
}
"""Why a result has not every format its command has, and what to do."""


def require_format(result: str, format: str) -> None:
    """Raise BadRequest unless a result has a format."""
    if format not in FORMATS[result]:
        raise BadRequest("format", format, *MISSING[result])


def show(result: str, format: str, *parts: Any) -> None:
    """Print a result in a format.

    Raises BadRequest where the result has no such format.
    """
    require_format(result, format)
    module, _, name = FORMATS[result][format].partition(":")
    writer = getattr(import_module(f"convcalc.present.{module}"), name)
    if format == "table":
        writer(console(), *parts)
    elif format == "json":
        from convcalc.present.text.record import to_json

        write(to_json(writer(*parts)))
    else:
        write(writer(*parts))
