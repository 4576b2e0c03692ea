"""`params` as LaTeX for a slide: plain tabular and maths, no package beyond what beamer loads."""

import re

from convcalc.arithmetic.derivation import (
    Step,
    multiply_add_step,
    neuron_step,
    output_steps,
    weight_step,
)
from convcalc.arithmetic.ladder import ladder
from convcalc.figures import grouped, memory, ratio
from convcalc.layer import ConvLayer

SLIDE_CHARACTERS = 66
"""A wider table is scaled down to the slide's width."""

SIGNS = {
    "−": "-",
    "·": r" \cdot ",
    "×": r"\times",
    "→": r"\to",
    "≈": r"\approx ",
    "⌊": r"\lfloor ",
    "⌋": r" \rfloor",
}


def to_latex(layer: ConvLayer, dtype: str) -> str:
    """Return a fragment to paste into a beamer frame; it is ASCII and compiles as it is."""
    steps = [*output_steps(layer), neuron_step(layer), weight_step(layer), multiply_add_step(layer)]
    volumes = f"{layer.input} → {layer.output}".replace("x", "×")
    rows = [["", "weights", "biases", "parameters", dtype, "$\\times$ shared"]]
    for rung in ladder(layer, dtype):
        rows.append(
            [
                rung.name,
                *map(grouped, (*rung.parameters, rung.parameters.total)),
                _text(memory(rung.bytes)),
                _text(ratio(rung.times)),
            ]
        )
    width = sum(max(map(len, column)) + 2 for column in zip(*rows, strict=True))
    table = [
        r"\begin{tabular}{@{}lrrrrr@{}}",
        "  " + " & ".join(rows[0]) + r" \\ \hline",
        *("  " + " & ".join(row) + r" \\" for row in rows[1:]),
        r"\end{tabular}",
    ]
    if width > SLIDE_CHARACTERS:
        table = [r"\resizebox{\linewidth}{!}{%", *table[:-1], table[-1] + "}"]
    return "\n".join(
        [
            f"% {_ascii(str(layer))}",
            r"\begin{center}\small",
            f"${_maths(volumes)}$ \\\\[1ex]",
            *(f"{step.name}: ${_equation(step)}$ \\\\" for step in steps),
            r"\medskip",
            *table,
            r"\end{center}",
        ]
    )


def _equation(step: Step) -> str:
    return _maths(step.worked.replace(",", "{,}"))


def _maths(text: str) -> str:
    return re.sub("[−·×→≈⌊⌋]", lambda sign: SIGNS[sign[0]], text)


def _text(figure: str) -> str:
    return figure.replace("≈", r"$\approx$\,")


def _ascii(text: str) -> str:
    return text.replace("→", "->")
