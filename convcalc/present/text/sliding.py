"""The filter sliding along a short row, drawn: the window at each position, what is never seen.

Plain ASCII, and at most 60 columns wide.
"""

from convcalc.layer import Axis, Layer
from convcalc.layer.wording import PIXELS

LONGEST = 24
"""Pixels of the longest padded row that is drawn, two columns of the screen each."""

LEGEND = {
    "0": "0 pad",
    ".": ". {pixel}",
    "#": "# seen",
    "-": "- skipped by dilation",
    "x": "x left over",
}


def sliding(layer: Layer) -> list[str]:
    """Return drawings of both axes, or of one where they are alike; none of a long axis.

    >>> from convcalc.layer import ConvLayer
    >>> print("\\n".join(sliding(ConvLayer(input=(6, 30, 1), filter=2, stride=3, filters=1))))
    sliding along the width
    (. pixel, # seen, x left over)
    row        . . . . . .
    column 0   # # . . . .
    column 1   . . . # # .
    left over            x
    """
    if not layer.axes:
        return []
    x, y = layer.axes
    if x.name == "length":
        return _drawn(x)
    if x.alike(y):
        return _drawn(x, "width, and the height alike")
    across, down = _drawn(x), _drawn(y)
    return [*across, *([""] if across and down else []), *down]


def _drawn(axis: Axis, along: str = "") -> list[str]:
    if axis.padded > LONGEST:
        return []
    row = "0" * axis.before + "." * axis.size + "0" * axis.after
    lines = [("row", row)]
    place, pixel = ("output", "sample") if axis.name == "length" else (PIXELS[axis.name], "pixel")
    lines += [(f"{place} {index}", _window(axis, row, index)) for index in range(axis.positions)]
    if axis.unused:
        lines.append(("left over", " " * (axis.padded - axis.unused) + "x" * axis.unused))
    drawn = {sign for _, cells in lines for sign in cells}
    legend = ", ".join(LEGEND[sign].format(pixel=pixel) for sign in LEGEND if sign in drawn)
    return [f"sliding along the {along or axis.name}", f"({legend})"] + [
        f"{name:11}{' '.join(cells)}" for name, cells in lines
    ]


def _window(axis: Axis, row: str, index: int) -> str:
    """Return the row with the filter's pixels at one position, and the holes between them."""
    seen = axis.window(index)
    window = ("#" + "-" * (axis.dilation - 1)) * axis.filter
    return row[: seen.start] + window[: axis.extent] + row[seen.stop :]
