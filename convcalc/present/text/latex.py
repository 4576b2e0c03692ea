"""`params` as LaTeX for a slide: plain tabular and maths, no package beyond what beamer loads."""

import re
from collections.abc import Sequence

from convcalc.arithmetic.connections import compared, ladder
from convcalc.arithmetic.derivation import Step, derivation, essentials
from convcalc.arithmetic.use import Use
from convcalc.layer import Layer
from convcalc.numerals import grouped, memory, ratio
from convcalc.present.signs import to_ascii

SLIDE_CHARACTERS = 60
"""What is wider is scaled down to the slide's width."""

SIGNS = {
    "−": "-",
    "·": r" \cdot ",
    "×": r"\times",
    "→": r"\to",
    "≈": r"\approx",
    "…": r"\ldots",
    "floor": r"\mathrm{floor}",
}


def to_latex(layer: Layer, use: Use) -> str:
    """Return a fragment to paste into a beamer frame; it is ASCII and compiles as it is."""
    volumes = f"{layer.input} → {layer.output}".replace("x", "×")
    rungs = ladder(layer, use)
    times = compared(rungs)
    rows = [["", "weights", "biases", "parameters", f"{use.dtype} memory", *filter(None, [times])]]
    for rung in rungs:
        counts = map(grouped, (*rung.parameters, rung.parameters.total))
        row = [rung.name, *counts, memory(rung.bytes)]
        rows.append([*row, ratio(rung.parameters.total, rung.last_total)] if times else row)
    width = sum(max(map(len, column)) + 2 for column in zip(*rows, strict=True))
    table = [
        rf"\begin{{tabular}}{{@{{}}l{'r' * (len(rows[0]) - 1)}@{{}}}}",
        _row(rows[0]) + r" \hline",
        *map(_row, rows[1:]),
        r"\end{tabular}",
    ]
    lines = [_scaled(f"${_maths(volumes)}$", len(volumes))] + [
        _scaled(_equation(step), len(f"{step.name}: {step.worked}")) for step in essentials(layer)
    ]
    return "\n".join(
        [
            f"% {to_ascii(str(layer))}",
            r"\begin{center}\small",
            *(rf"{line} \\" for line in lines),
            r"\medskip",
            _scaled("\n".join(table), width),
            r"\end{center}",
        ]
    )


def explained_in_latex(layer: Layer, use: Use) -> str:
    """Return the derivation as a list for an article, or a beamer frame that may break.

    It is ASCII and compiles as it is.
    """
    return steps_in_latex(str(layer), derivation(layer, use))


def steps_in_latex(title: str, steps: Sequence[Step]) -> str:
    """Return steps as a list, its title in a comment."""
    items = []
    for step in steps:
        formula = "" if step.formula == step.substituted else f"{_symbols(_plain(step.formula))} = "
        sums = _scaled(f"${formula}{_numbers(step)}$", len(step.formula + step.worked))
        items.append(rf"  \item {step.name}\\ {sums}\\ {to_ascii(_plain(step.why))}")
    return "\n".join(
        [
            f"% {to_ascii(title)}",
            r"% long for a slide: \begin{frame}[allowframebreaks]",
            r"\begin{enumerate}",
            *items,
            r"\end{enumerate}",
        ]
    )


def _plain(text: str) -> str:
    """Return a text with a dash for what LaTeX reads as its own, which only names have in them."""
    return re.sub(r"[\\{}$&#^~%]", "-", text)


def _symbols(formula: str) -> str:
    """Return a formula in maths: letters as they are, words upright."""
    return _maths(re.sub(r"[A-Za-z]+(?:[ _][A-Za-z]+)*", _symbol, formula))


def _symbol(found: re.Match[str]) -> str:
    letter, _, index = found[0].partition("_")
    if index:
        return rf"{letter}_{{\mathrm{{{index}}}}}"
    if len(letter) == 1 or letter == "floor":
        return letter
    return rf"\mathit{{{letter}}}" if letter.isupper() else rf"\mbox{{{letter}}}"


def _scaled(text: str, width: int) -> str:
    """Scale a text of so many characters down to the slide where it is wider."""
    if width <= SLIDE_CHARACTERS:
        return text
    return rf"\resizebox{{\linewidth}}{{!}}{{%{chr(10)}{text}}}"


def _equation(step: Step) -> str:
    return f"{step.name}: ${_numbers(step)}$"


def _numbers(step: Step) -> str:
    worked = re.sub("(?<=[0-9])x(?=[0-9])", "×", step.worked)
    return _maths(worked.replace(",", "{,}"))


def _maths(text: str) -> str:
    return re.sub("[−·×→≈…]|floor", lambda sign: SIGNS[sign[0]], text)


def _row(cells: list[str]) -> str:
    return "  " + re.sub("[≈×]", lambda sign: f"${SIGNS[sign[0]]}$", " & ".join(cells)) + r" \\"
