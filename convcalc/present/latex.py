"""`params` as LaTeX for a slide: plain tabular and maths, no package beyond what beamer loads."""

import re

from convcalc.arithmetic.derivation import Step, derivation
from convcalc.arithmetic.ladder import ladder
from convcalc.figures import grouped, memory, ratio
from convcalc.layer import ConvLayer

SLIDE_CHARACTERS = 60
"""What is wider is scaled down to the slide's width."""

SIGNS = {
    "−": "-",
    "·": r" \cdot ",
    "×": r"\times",
    "→": r"\to",
    "≈": r"\approx",
    "floor": r"\mathrm{floor}",
}


def to_latex(layer: ConvLayer, dtype: str) -> str:
    """Return a fragment to paste into a beamer frame; it is ASCII and compiles as it is."""
    volumes = f"{layer.input} → {layer.output}".replace("x", "×")
    rows = [["", "weights", "biases", "parameters", f"{dtype} memory", "× shared"]]
    for rung in ladder(layer, dtype):
        counts = map(grouped, (*rung.parameters, rung.parameters.total))
        rows.append([rung.name, *counts, memory(rung.bytes), ratio(rung.times)])
    width = sum(max(map(len, column)) + 2 for column in zip(*rows, strict=True))
    table = [
        r"\begin{tabular}{@{}lrrrrr@{}}",
        _row(rows[0]) + r" \hline",
        *map(_row, rows[1:]),
        r"\end{tabular}",
    ]
    lines = [_scaled(f"${_maths(volumes)}$", len(volumes))] + [
        _scaled(_equation(step), len(f"{step.name}: {step.worked}")) for step in derivation(layer)
    ]
    return "\n".join(
        [
            f"% {_ascii(str(layer))}",
            r"\begin{center}\small",
            *(rf"{line} \\" for line in lines),
            r"\medskip",
            _scaled("\n".join(table), width),
            r"\end{center}",
        ]
    )


def _scaled(text: str, width: int) -> str:
    """Scale a text of so many characters down to the slide where it is wider."""
    if width <= SLIDE_CHARACTERS:
        return text
    return rf"\resizebox{{\linewidth}}{{!}}{{%{chr(10)}{text}}}"


def _equation(step: Step) -> str:
    return f"{step.name}: ${_maths(step.worked.replace(',', '{,}'))}$"


def _maths(text: str) -> str:
    return re.sub("[−·×→≈]|floor", lambda sign: SIGNS[sign[0]], text)


def _row(cells: list[str]) -> str:
    return "  " + re.sub("[≈×]", lambda sign: f"${SIGNS[sign[0]]}$", " & ".join(cells)) + r" \\"


def _ascii(text: str) -> str:
    return text.replace("→", "->")
