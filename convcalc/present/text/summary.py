"""A layer in short, before it is Markdown or HTML: title, arithmetic, table, what else to say."""

from typing import NamedTuple

from convcalc.arithmetic.connections import compared, ladder
from convcalc.arithmetic.derivation import essentials, results
from convcalc.arithmetic.fit import fit
from convcalc.arithmetic.formulas import MULTIPLY_ADDS
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.numerals import grouped, ratio


class Summary(NamedTuple):
    """A title, lines of arithmetic, rows of a table, the heading first or none, and notes."""

    title: str
    lines: list[str]
    rows: list[list[str]]
    notes: list[str]


def summary(layer: Layer, use: Use) -> Summary:
    """Return what Markdown and HTML say of a layer."""
    steps = essentials(layer)
    work = [*(step.name for step in steps), MULTIPLY_ADDS].index(MULTIPLY_ADDS)
    lines = [str(step) for step in steps[:work]]
    lines += [
        f"{one.name}: {one.value or 'no'}"
        for one in results(layer)
        if one.name == "biases per neuron"
    ]
    rungs = ladder(layer, use)
    rows = [
        [rung.name]
        + [grouped(n) for n in (*rung.parameters, rung.parameters.total, rung.bytes)]
        + [ratio(rung.parameters.total, rung.last_total)] * len(rungs[1:2])
        for rung in rungs
    ]
    if rows:
        head = ["connected", "weights", "biases", "parameters", f"bytes ({use.dtype})"]
        rows.insert(0, [*head, *filter(None, [compared(rungs)])])
    shared = ", shared or unshared" if rungs[1:] else ""
    notes = [
        f"{step.name[0].upper()}{step.name[1:]}{shared}: {step.worked}." for step in steps[work:]
    ]
    if not (found := fit(layer)):
        notes.append(f"The filter does not tile the input: {found}.")
    return Summary(str(layer), lines, rows, notes)
