"""A layer as a piece of HTML for a notebook: it needs nothing else, and takes its colours."""

from html import escape

from convcalc.arithmetic.use import USUAL, Use
from convcalc.layer import Layer
from convcalc.present.text.summary import summary


def to_html(layer: Layer, use: Use = USUAL) -> str:
    """Return the layer as HTML, the same as its Markdown."""
    title, lines, rows, notes = summary(layer, use)
    parts = [f"<p><strong>{escape(title)}</strong></p>"]
    parts.append("<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>")
    if rows:
        parts.append(
            "<table>" + "".join(_row(cells, cells is rows[0]) for cells in rows) + "</table>"
        )
    parts += [f"<p>{escape(note)}</p>" for note in notes]
    return "<div>\n" + "\n".join(parts) + "\n</div>"


def _row(cells: list[str], is_heading: bool) -> str:
    tag = "th" if is_heading else "td"
    sides = ["left", *["right"] * (len(cells) - 1)]
    return (
        "<tr>"
        + "".join(
            f'<{tag} style="text-align: {side}">{escape(cell)}</{tag}>'
            for side, cell in zip(sides, cells, strict=True)
        )
        + "</tr>"
    )
