"""`convcalc demo --html`: a layer as a page for a browser."""

from pathlib import Path

from convcalc.cli.options import LayerText, warn_of_misfit
from convcalc.errors import printable
from convcalc.layer.options import pad as read_pad
from convcalc.present.page.builder import save_page
from convcalc.present.streams import write


def write_page(
    page: Path,
    spec: LayerText,
    seed: int,
    unshared: bool,
    gradient: bool,
) -> None:
    """Write the page, and say so; raise CannotWrite when the system refuses."""
    layer = spec.layer()
    pad = str(read_pad("pad", spec.texts["pad"]))
    save_page(page, layer, seed, pad=pad, shared=not unshared, gradient=gradient)
    write(f"{layer}\npage: {printable(str(page))}")
    warn_of_misfit(layer)
