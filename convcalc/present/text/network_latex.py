"""`network` as LaTeX: plain tabulars, no package beyond what beamer loads."""

from convcalc.layer.network import Network
from convcalc.present.signs import to_ascii
from convcalc.present.text.network_columns import USUAL_LISTING, Listing
from convcalc.present.text.network_summary import NetworkSummary, misfits, summary

CHARACTERS = 60
"""A wider table is scaled down to the slide's width."""
GAP = 2

SLIDE_LINES, LINES, MEMORY_LINES = 20, 9, 3
"""Lines on a slide, and how many of them the layers and the memory take at most."""

SIGNS = {
    "→": r"$\to$",
    "×": r"$\times$",
    "≈": r"$\approx$",
    "…": r"\ldots{}",
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


def to_latex(network: Network, listing: Listing = USUAL_LISTING) -> str:
    """Return two tables and what is to be said, to paste into an article or a beamer frame.

    It is ASCII and compiles as it is; each table is scaled down to the page where it is larger.
    """
    found = summary(network, listing)
    notes = [*found.notes, found.conventions, *(said for said, _ in misfits(network))]
    return "\n".join(
        [
            f"% {to_ascii(found.title)}",
            "% too long for a slide? --depth 1 folds groups of layers",
            r"\begin{center}\small",
            rf"{_plain(found.title)} \\ \medskip",
            _layers(found),
            r"\\ \medskip",
            _memory(found.memory),
            r"\end{center}",
            r"{\tiny",
            *(f"{_plain(note)}\n" for note in notes),
            "}",
        ]
    )


def _layers(found: NetworkSummary) -> str:
    sides = "".join("l" if column.text else "r" for column in found.columns)
    return _tabular(sides, [found.heading, *found.cells, found.total], (0, -2), LINES)


def _memory(rows: list[list[str]]) -> str:
    return _tabular("l" + "r" * (len(rows[0]) - 1), rows, (0,), MEMORY_LINES)


def _tabular(sides: str, rows: list[list[str]], ends: tuple[int, ...], most: int) -> str:
    """Return a table with a line under some rows, scaled down where a slide has no room for it."""
    lines = [f"  {' & '.join(map(_plain, row))} \\\\" for row in rows]
    for place in ends:
        lines[place] += r" \hline"
    table = "\n".join([rf"\begin{{tabular}}{{@{{}}{sides}@{{}}}}", *lines, r"\end{tabular}"])
    width = sum(max(map(len, column)) + GAP for column in zip(*rows, strict=True))
    if len(rows) * CHARACTERS > width * most and len(rows) > most:
        return rf"\resizebox*{{!}}{{{most / SLIDE_LINES:.2f}\textheight}}{{%{chr(10)}{table}}}"
    if width > CHARACTERS:
        return rf"\resizebox{{\linewidth}}{{!}}{{%{chr(10)}{table}}}"
    return table


def _plain(text: str) -> str:
    """Return a text in ASCII without a sign that LaTeX would read as its own."""
    return "".join(SIGNS.get(sign) or to_ascii(sign) for sign in text)
