"""`--answer`: what an answer is right for, or by which mistakes it comes about."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.answers.judging import Right, Verdict
from convcalc.arithmetic.answers.wrong import Wrong
from convcalc.arithmetic.derivation import Step
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.present.screens.explanation import (
    explained_record,
    print_explanation,
)
from convcalc.present.text.record import layer_record

if TYPE_CHECKING:
    from rich.console import Console


def verdict_record(
    layer: Layer, verdict: Verdict, use: Use, explain: bool = False
) -> dict[str, Any]:
    """Return the layer, its derivation if asked for, and the verdict as plain data."""
    record = explained_record(layer, use) if explain else layer_record(layer, use)
    return record | {
        "answer": {
            "given": verdict.answer,
            "right_as": [_finding_record(finding) for finding in verdict.right],
            "mistakes": [_finding_record(finding) for finding in verdict.mistakes],
            "compare": None if verdict.compare is None else verdict.compare._asdict(),
        }
    }


def _finding_record(finding: Right | Wrong) -> dict[str, Any]:
    right = finding.right if isinstance(finding, Wrong) else []
    return {
        "name": finding.name,
        "steps": [step._asdict() for step in finding.steps],
        "right": [step._asdict() for step in right],
    }


def print_verdict(
    console: "Console", layer: Layer, verdict: Verdict, use: Use, explain: bool = False
) -> None:
    """Print the layer, what its answer is, and the derivation if asked for."""
    from rich.text import Text

    from convcalc.present.screens.lines import print_lines

    print_lines(console, Text(str(layer), "bold"), "")
    for line in _lines(verdict):
        indent = line[: len(line) - len(line.lstrip())]
        wrapped = textwrap.wrap(
            line,
            max(console.width, 20),
            subsequent_indent=indent + "  " if indent else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in wrapped or [""]:
            console.print(Text(part), soft_wrap=True)
    if explain:
        console.print()
        print_explanation(console, layer, use)


def _lines(verdict: Verdict) -> Iterator[str]:
    answer = verdict.answer
    for finding in verdict.right:
        yield f"{answer} is right as {finding.name}:"
        yield from _steps(finding.steps)
    if verdict.mistakes:
        if verdict.right:
            yield ""
        also = "also " if verdict.right else ""
        yield f"{answer} is {also}what comes out by a mistake:"
    for wrong in verdict.mistakes:
        yield ""
        yield wrong.name
        yield from _steps(wrong.steps)
        yield "  " + wrong.steps[-1].why
        yield "  right:"
        yield from (f"  {line}" for line in _steps(wrong.right))
    if verdict.compare:
        yield f"{answer} is no number of this layer, and no mistake known here makes it of one."
        yield "The first step to compare:"
        yield from _steps([verdict.compare])
        yield "  " + verdict.compare.why
        yield "All steps: --explain"


def _steps(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        yield f"  {step}"
