"""`--explain`: the derivation step by step, on a screen or as Markdown; short rows are drawn."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.derivation import Step, derivation
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.present.text.record import layer_record
from convcalc.present.text.sliding import sliding

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text


def print_explained_layer(console: "Console", layer: Layer, use: Use) -> None:
    """Print the layer and its derivation."""
    from rich.text import Text

    from convcalc.present.screens.lines import print_lines

    print_lines(console, Text(str(layer), "bold"), "")
    print_explanation(console, layer, use)


def print_explanation(console: "Console", layer: Layer, use: Use) -> None:
    """Print every step with its formula, numbers, value and reason, at the console's width."""
    print_steps(console, derivation(layer, use))
    print_drawing(console, layer)


def print_steps(console: "Console", steps: Sequence[Step]) -> None:
    """Print steps numbered from 1."""
    for number, step in enumerate(steps, 1):
        for line in _step_lines(f"{number:2}. ", step, console.width):
            console.print(line, soft_wrap=True)


def print_drawing(console: "Console", layer: Layer) -> None:
    """Draw a short row with the windows on it, where there is room."""
    from rich.text import Text

    drawing = sliding(layer)
    if max(map(len, drawing), default=0) <= console.width:
        for text in ["", *drawing] if drawing else []:
            console.print(Text(text), soft_wrap=True)


def derivation_record(layer: Layer, use: Use) -> dict[str, Any]:
    """Return the steps as plain data, under the key that the record has for them."""
    return {"derivation": step_records(derivation(layer, use))}


def step_records(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return steps as plain data; what is not whole is a fraction as text."""
    return [
        step._asdict()
        | {"value": step.value if isinstance(step.value, int | tuple) else str(step.value)}
        for step in steps
    ]


def explained_record(layer: Layer, use: Use) -> dict[str, Any]:
    """Return the layer and its derivation as plain data."""
    return layer_record(layer, use) | derivation_record(layer, use)


def explained_in_markdown(layer: Layer, use: Use) -> str:
    """Return the derivation as Markdown: a numbered list, and short rows as they are drawn."""
    return "\n".join([*steps_in_markdown(str(layer), derivation(layer, use)), *drawn(layer)])


def steps_in_markdown(title: str, steps: Sequence[Step]) -> list[str]:
    """Return the lines of a title and a numbered list."""
    lines = [f"**{title}**", ""]
    for number, step in enumerate(steps, 1):
        lines += [f"{number}. **{step.name}**: {step.equation}\\", f"   {step.why}"]
    return lines


def drawn(layer: Layer) -> list[str]:
    """Return the lines of a short row with the windows on it, if it is short."""
    drawing = sliding(layer)
    return ["", "```text", *drawing, "```"] if drawing else []


def _step_lines(number: str, step: Step, width: int) -> Iterator["Text"]:
    """Yield the sum and, under it, the reason, both indented; no number is ever cut."""
    from rich.text import Text

    for first, text in ((number, str(step)), (" " * 4, step.why)):
        lines = textwrap.wrap(
            text,
            max(width, 20),
            initial_indent=first,
            subsequent_indent=" " * 4,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for index, line in enumerate(lines):
            shown = Text(line)
            if first == number and not index:
                shown.stylize("bold", len(number), len(number) + len(step.name))
            yield shown
