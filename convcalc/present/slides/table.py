"""What a command prints, as an SVG for a slide: black on white, no address and no font of its own.

rich draws it. Its own frame fetches a font from the net and looks like a window, so the frame here
is another. Lines never overflow: instead of being clipped they are fitted to their length, whatever
the width of the letters at hand.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from convcalc.files.save import replacing

COLUMNS = 80

FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" \
width="{width}" height="{height}" xml:space="preserve">
<style>
.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px; white-space: pre }}
{styles}
</style>
<rect width="100%" height="100%" fill="#ffffff"/>
<g transform="translate({terminal_x}, 16)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""

CLIPPING = re.compile(r' clip-path="url\(#[^"]*"')

THEME = TerminalTheme(
    background=(255, 255, 255),
    foreground=(0, 0, 0),
    normal=[
        (0, 0, 0),
        (213, 94, 0),
        (0, 125, 90),
        (160, 110, 0),
        (0, 114, 178),
        (170, 80, 130),
        (30, 120, 170),
        (90, 90, 90),
    ],
)
"""Okabe and Ito's colours, those too pale for letters on white darkened."""


def save_snapshot(path: Path, draw: Callable[[Console], None]) -> None:
    """Write what `draw` prints on a console to an SVG file.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    with io.StringIO() as nowhere, replacing(path) as file:
        console = Console(
            file=nowhere,
            record=True,
            width=COLUMNS,
            force_terminal=True,
            color_system="truecolor",
            no_color=False,
            highlight=False,
            markup=False,
            emoji=False,
        )
        draw(console)
        svg = console.export_svg(theme=THEME, code_format=FRAME, unique_id="table")
        file.write(CLIPPING.sub(' lengthAdjust="spacingAndGlyphs"', svg).encode())
