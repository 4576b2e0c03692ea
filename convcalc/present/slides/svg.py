"""The steps as an animated SVG: no script, no address, no font of its own.

A shape that several steps have in common is drawn once. Shapes that come and go together are one
group, and the group's `animate` element (SMIL) says in which steps it is visible. A program that
does not animate shows the first step.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby
from xml.sax.saxutils import escape

from convcalc.present.slides.drawing import (
    FAINT,
    HEIGHT,
    SECONDS,
    WIDTH,
    Box,
    Hatch,
    Label,
    Shape,
)

FONT = "Helvetica, Arial, sans-serif"


def to_svg(title: str, scenes: Iterable[list[Shape]]) -> str:
    """Return pictures as one endless animation."""
    steps: dict[Shape, list[int]] = defaultdict(list)
    for step, scene in enumerate(scenes):
        for shape in scene:
            steps[shape].append(step)
    count = step + 1
    groups: dict[tuple[int, tuple[int, ...]], list[Shape]] = defaultdict(list)
    for shape, seen in steps.items():
        groups[_layer(shape), tuple(seen)].append(shape)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="{FONT}">',
        f"<title>{escape(title)}</title>",
    ]
    for (_, visible), shapes in sorted(groups.items(), key=lambda group: group[0][0]):
        lines += _group(visible, count, shapes)
    return "\n".join([*lines, "</svg>", ""])


def _layer(shape: Shape) -> int:
    """Return how far up a shape lies: fills, then hatches, outlines and labels."""
    if isinstance(shape, Box):
        return 0 if shape.fill else 2
    return 1 if isinstance(shape, Hatch) else 3


def _group(visible: tuple[int, ...], count: int, shapes: list[Shape]) -> list[str]:
    drawn = [_element(shape) for shape in shapes]
    if len(visible) == count:
        return ["<g>", *drawn, "</g>"]
    runs = [(shown, next(steps)) for shown, steps in groupby(range(count), visible.__contains__)]
    values = ["visible" if shown else "hidden" for shown, _ in runs]
    times = ";".join(f"{start / count:.6g}" for _, start in runs)
    return [
        f'<g visibility="{values[0]}">',
        f'<animate attributeName="visibility" values="{";".join(values)}" keyTimes="{times}" '
        f'calcMode="discrete" dur="{count * SECONDS:g}s" repeatCount="indefinite"/>',
        *drawn,
        "</g>",
    ]


def _element(shape: Shape) -> str:
    if isinstance(shape, Box):
        return (
            f'<rect x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}" '
            f'fill="{shape.fill or "none"}" stroke="{shape.line}" stroke-width="{shape.thick}"/>'
        )
    if isinstance(shape, Hatch):
        path = "".join(f"M{a} {b}L{c} {d}" for a, b, c, d in shape.lines)
        return f'<path d="{path}" stroke="{FAINT}"/>'
    return _text(shape)


def _text(label: Label) -> str:
    """Return a label; its baseline is a third of its size below the middle of its letters."""
    extras = (' font-weight="bold"' if label.bold else "") + (
        ' text-anchor="middle"' if label.centred else ""
    )
    baseline = label.y + round(0.35 * label.size)
    return (
        f'<text x="{label.x}" y="{baseline}" font-size="{label.size}"{extras}>'
        f"{escape(label.text)}</text>"
    )
