"""`--answer`: what an answer is right for, or by which mistakes it comes about."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.answers.judging import Verdict
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
            "read_as": verdict.read_as,
            "right": verdict.is_right,
            "right_as": [
                _finding_record(one.name, one.steps, []) | {"how": one.how} for one in verdict.right
            ],
            "mistakes": [
                _finding_record(one.name, one.steps, one.right) for one in verdict.mistakes
            ],
            "compare": None if verdict.compare is None else _step_record(verdict.compare),
        }
    }


def _finding_record(name: str, steps: list[Step], right: list[Step]) -> dict[str, Any]:
    return {
        "name": name,
        "steps": [_step_record(step) for step in steps],
        "right": [_step_record(step) for step in right],
    }


def _step_record(step: Step) -> dict[str, Any]:
    """Return a step as plain data; what is not whole is a fraction as text."""
    value = step.value if isinstance(step.value, int | tuple) else str(step.value)
    return step._asdict() | {"value": value}


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
    if verdict.read_as != answer:
        answer = f"{answer}, read as {verdict.read_as},"
    for right in verdict.right:
        yield f"{answer} is right as {right.name}{right.how and f', {right.how}'}:"
        yield from _steps(right.steps)
    if verdict.right and verdict.mistakes:
        named = [f"{wrong.name} ({wrong.of})" for wrong in verdict.mistakes]
        yield ""
        yield f"By mistake it also comes out as: {'; '.join(named)}"
    elif verdict.mistakes:
        yield f"{answer} is what comes out by a mistake:"
        for wrong in verdict.mistakes:
            yield from _mistake(wrong)
    if verdict.compare:
        yield f"{answer} is no number of this layer, and no mistake known here makes it of one."
        if verdict.hint:
            yield verdict.hint
        yield "The first step to compare:"
        yield from _steps([verdict.compare])
        yield "  " + verdict.compare.why
        yield "All steps: --explain"


def _mistake(wrong: Wrong) -> Iterator[str]:
    yield ""
    yield wrong.name
    yield from _steps(wrong.steps)
    yield "  " + wrong.steps[-1].why
    yield "  right:"
    yield from (f"  {line}" for line in _steps(wrong.right))


def _steps(steps: list[Step]) -> Iterator[str]:
    for step in steps:
        yield f"  {step}"
