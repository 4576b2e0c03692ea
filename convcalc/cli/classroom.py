"""`convcalc demo --html`: a layer as a page for a browser."""

from pathlib import Path
from typing import Any

from convcalc.cli.options import LayerText, warn_of_misfit
from convcalc.errors import BadRequest, printable
from convcalc.present.page.builder import save_page
from convcalc.present.streams import write


def write_page(
    page: Path,
    spec: LayerText,
    seed: int,
    unshared: bool,
    gradient: bool,
    others: dict[str, Any],
) -> None:
    """Write the page, and say so; `others` are options it does not go with, as typed.

    Raises BadRequest where one was, CannotWrite when the system refuses.
    """
    for option, given in others.items():
        if given:
            problem = f"goes without --{option}: the page makes its own numbers and pictures"
            raise BadRequest("html", page, problem, f"leave out --html or --{option}")
    layer = spec.layer()
    save_page(page, layer, seed, pad=spec.texts["pad"], shared=not unshared, gradient=gradient)
    write(f"{layer}\npage: {printable(str(page))}")
    warn_of_misfit(layer)
