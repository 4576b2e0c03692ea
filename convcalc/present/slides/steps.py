"""Pictures for slides, written to files: whole or not at all."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console

from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.errors import printable
from convcalc.files.save import replacing
from convcalc.numerals import plural
from convcalc.present.screens.lines import print_lines
from convcalc.present.screens.progress import Bar
from convcalc.present.slides.drawing import HEIGHT, SECONDS, WIDTH, Shape, frames, scenes
from convcalc.present.slides.panels import ELSEWHERE


def save_steps(console: Console, path: Path, walk: Walk, mode: Mode) -> None:
    """Write the steps as a GIF or an SVG, by the file's ending, and print what was written.

    Raises CannotWrite when the system refuses; the file is then as it was.
    """
    drawn, steps = frames(walk), len(walk)
    with replacing(path) as file, Bar("pictures", drawn) as progress:
        pictures = _counted(scenes(walk, mode), progress)
        if path.suffix.lower() == ".gif":
            from convcalc.present.slides.gif import write_gif

            write_gif(file, pictures)
        else:
            from convcalc.present.slides.svg import to_svg

            file.write(to_svg(f"{walk.layer}, {mode}", pictures).encode())
    some = f"{steps}" if drawn == steps else f"the first {drawn} of {steps}"
    print_lines(
        console,
        f"saved: {printable(str(path))}, {some} {plural(steps, 'step')}, {SECONDS:g} s each, "
        f"{WIDTH}x{HEIGHT} pixels",
        *([] if drawn == steps else [ELSEWHERE]),
    )


def _counted(pictures: Iterator[list[Shape]], progress: Bar) -> Iterator[list[Shape]]:
    for picture in pictures:
        yield picture
        progress(1)
