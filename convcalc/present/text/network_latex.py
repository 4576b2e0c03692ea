"""`network` as LaTeX: plain tabulars, no package beyond what beamer loads."""

from convcalc.layer.network import Network
from convcalc.present.signs import to_ascii
from convcalc.present.text.network_columns import USUAL_LISTING, Listing
from convcalc.present.text.network_summary import NetworkSummary, misfits, summary

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
            _scaled(_layers(found)),
            r"\\ \medskip",
            _scaled(_memory(found.memory)),
            r"\end{center}",
            *(f"{_plain(note)}\n" for note in notes),
        ]
    )


def _layers(found: NetworkSummary) -> str:
    sides = "".join("l" if column.text else "r" for column in found.columns)
    return _tabular(sides, [found.heading, *found.cells, found.total], ends=(0, -2))


def _memory(rows: list[list[str]]) -> str:
    return _tabular("l" + "r" * (len(rows[0]) - 1), rows, ends=(0,))


def _tabular(sides: str, rows: list[list[str]], ends: tuple[int, ...]) -> str:
    lines = [f"  {' & '.join(map(_plain, row))} \\\\" for row in rows]
    for place in ends:
        lines[place] += r" \hline"
    return "\n".join([rf"\begin{{tabular}}{{@{{}}{sides}@{{}}}}", *lines, r"\end{tabular}"])


def _scaled(table: str) -> str:
    """Scale a table down to the width of the line and the height of a page, if it is larger."""
    return (
        "\\setbox0=\\hbox{%\n"
        f"{table}}}%\n"
        r"\ifdim\wd0>\linewidth\setbox0=\hbox{\resizebox{\linewidth}{!}{\box0}}\fi"
        "\n"
        r"\ifdim\dimexpr\ht0+\dp0>0.6\textheight\resizebox{!}{0.6\textheight}{\box0}\else\box0\fi"
    )


def _plain(text: str) -> str:
    """Return a text in ASCII without a sign that LaTeX would read as its own."""
    return "".join(SIGNS.get(sign) or to_ascii(sign) for sign in text)
