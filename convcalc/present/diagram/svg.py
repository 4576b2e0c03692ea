"""A network as an SVG for a slide: volumes as boxes; black on white, no font of its own.

Nothing in it has a name, so several can be on one page.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from convcalc.files.save import replacing
from convcalc.layer.network import Network
from convcalc.present.diagram.lengths import cut, height
from convcalc.present.diagram.shapes import Layout, Solid, Text
from convcalc.present.diagram.slide import draw

FONT = "Helvetica, Arial, sans-serif"
INK, TOP, SIDE = "#000000", "#eeeeee", "#cccccc"
SMALL, HATCH = 14, 6


def to_svg(network: Network, depth: int | None = None) -> str:
    """Return a network drawn, its groups folded to a depth or as far as is needed to read it."""
    return to_element(network, depth, ' xmlns="http://www.w3.org/2000/svg"')


def to_element(network: Network, depth: int | None = None, namespace: str = "") -> str:
    """Return the same as an element of a page."""
    slide = draw(network, depth)
    lines = [
        f'<svg{namespace} viewBox="0 0 {slide.width} {slide.height}" font-family="{FONT}">',
        f"<title>{escape(slide.title)}</title>",
        f'<rect width="{slide.width}" height="{slide.height}" fill="#ffffff"/>',
        *map(_text, slide.texts),
        *(_bar(*bar, slide.texts[-1].size) for bar in slide.bars),
        f'<g transform="translate({slide.left} {slide.top})">',
        *_boxes(slide.layout),
        "</g>",
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def save_drawing(path: Path, network: Network, depth: int | None = None) -> None:
    """Write a network drawn to an SVG file.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    drawing = to_svg(network, depth).encode()
    with replacing(path) as file:
        file.write(drawing)


def _boxes(layout: Layout) -> Iterator[str]:
    size = layout.size
    yield f'<g fill="none" stroke="{INK}" shape-rendering="crispEdges">'
    for points in layout.lines:
        path = " ".join(f"{x},{y}" for x, y in points)
        yield f'<polyline points="{path}"/>'
    yield "</g>"
    for x, y in layout.arrows:
        back, half = x - size // 2, size // 4
        yield f'<path d="M{x} {y}L{back} {y - half}V{y + half}Z" fill="{INK}"/>'
    for solid in layout.solids:
        yield from _sum(solid) if solid.box.adds else _solid(solid, size < SMALL)
    yield from map(_text, layout.texts)
    for span in layout.spans:
        low, end = span.y + height(size) + 1, span.right
        yield (
            f'<path d="M{span.left} {low + 3}V{low}H{end}V{low + 3}" fill="none" stroke="{INK}"/>'
        )
        name = cut(span.name, size, span.right - span.left)
        yield _text(Text((span.left + span.right) // 2, span.y, name, size, False, True))


def _solid(solid: Solid, small: bool) -> Iterator[str]:
    x, long, high, aslant = solid.x, solid.long, solid.high, solid.aslant
    top = solid.axis - high // 2
    thin, thick = (0.6, 1.4) if small else (1, 2)
    thick = thick if solid.box.learns else thin
    outline = f'stroke="{INK}" stroke-width="{thick}" stroke-linejoin="round"'
    yield (
        f'<path d="M{x} {top}l{aslant} {-aslant}h{long}l{-aslant} {aslant}z" '
        f'fill="{TOP}" {outline}/>'
    )
    yield (
        f'<path d="M{x + long} {top}l{aslant} {-aslant}v{high}l{-aslant} {aslant}z" '
        f'fill="{SIDE}" {outline}/>'
    )
    yield f'<rect x="{x}" y="{top}" width="{long}" height="{high}" fill="#ffffff" {outline}/>'
    lines = []
    if solid.box.folded:
        for c in range(HATCH, long + high, HATCH):
            a, b = max(0, c - high), min(c, long)
            lines.append(f"M{x + a} {top + c - a}L{x + b} {top + c - b}")
    depths = solid.box.stacked
    for number in range(1, len(depths)):
        at = x + long * sum(depths[:number]) // sum(depths)
        lines.append(f"M{at} {top + high}V{top}l{aslant} {-aslant}")
    if lines:
        yield f'<path d="{"".join(lines)}" fill="none" stroke="{INK}"/>'


def _sum(solid: Solid) -> Iterator[str]:
    half = solid.long // 2
    x, y = solid.x + half, solid.axis
    yield f'<circle cx="{x}" cy="{y}" r="{half}" fill="#ffffff" stroke="{INK}"/>'
    yield f'<path d="M{x - half} {y}h{2 * half}M{x} {y - half}v{2 * half}" stroke="{INK}"/>'


def _bar(x: int, y: int, long: int, size: int) -> str:
    middle = y + height(size) // 2
    return f'<path d="M{x} {middle - 4}v8m0 -4h{long}m0 -4v8" fill="none" stroke="{INK}"/>'


def _text(text: Text) -> str:
    extras = (' font-weight="bold"' if text.bold else "") + (
        ' text-anchor="middle"' if text.centred else ""
    )
    return (
        f'<text x="{text.x}" y="{text.y + text.size}" font-size="{text.size}"{extras}>'
        f"{escape(text.text)}</text>"
    )
