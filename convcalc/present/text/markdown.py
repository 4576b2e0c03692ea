"""`params` as Markdown: a heading, the derivation as a list, the parameters as a table."""

from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer
from convcalc.present.text.summary import summary


def to_markdown(layer: Layer, use: Use = USUAL) -> str:
    """Return the layer as Markdown that GitHub and Jupyter render."""
    title, lines, rows, notes = summary(layer, use)
    table = [f"| {' | '.join(cells)} |" for cells in rows]
    if table:
        table.insert(1, "|:--|" + "--:|" * (len(rows[0]) - 1))
    paragraphs = [f"**{title}**", "\n".join(f"- {line}" for line in lines), "\n".join(table)]
    return "\n\n".join([*filter(None, paragraphs), *notes])
