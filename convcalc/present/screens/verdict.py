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
    step_records,
)
from convcalc.present.text.record import layer_record

if TYPE_CHECKING:
    from rich.console import Console


def verdict_record(
    layer: Layer, verdict: Verdict, use: Use, explain: bool = False
) -> dict[str, Any]:
    """Return the layer, its derivation if asked for, and the verdict as plain data."""
    record = explained_record(layer, use) if explain else layer_record(layer, use)
    return record | answer_record(verdict)


def answer_record(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain data."""
    return {
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
            "compare": None if verdict.compare is None else step_records([verdict.compare])[0],
        }
    }


def _finding_record(name: str, steps: list[Step], right: list[Step]) -> dict[str, Any]:
    return {"name": name, "steps": step_records(steps), "right": step_records(right)}


def print_verdict(
    console: "Console", layer: Layer, verdict: Verdict, use: Use, explain: bool = False
) -> None:
    """Print the layer, what its answer is, and the derivation if asked for."""
    from rich.text import Text

    from convcalc.present.screens.lines import print_lines

    print_lines(console, Text(str(layer), "bold"), "")
    print_answer(console, verdict)
    if explain:
        console.print()
        print_explanation(console, layer, use)


def print_answer(console: "Console", verdict: Verdict, of: str = "layer", more: str = "") -> None:
    """Print what an answer is; `of` is what it is about, `more` what --explain takes there."""
    from rich.text import Text

    for line in _lines(verdict, of, more):
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


def _lines(verdict: Verdict, of: str, more: str) -> Iterator[str]:
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
        yield f"{answer} is no number of this {of}, and no mistake known here makes it of one."
        yield from filter(None, [verdict.hint])
        yield "The first step to compare:"
        yield from _steps([verdict.compare])
        yield "  " + verdict.compare.why
        yield f"All steps: --explain {more}".rstrip()
    elif verdict.hint:
        yield ""
        yield verdict.hint


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
