"""The classroom page: its parts in `classroom/`, joined into one file that needs no other."""

import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from convcalc.files.save import replacing
from convcalc.layer import ConvLayer, Recipe

PARTS = Path(__file__).parent / "classroom"


def save_page(path: Path, layer: ConvLayer, seed: int, **view: Any) -> None:
    """Write the page for a layer; `view` is what `fragment` takes besides.

    Raises CannotWrite when the system refuses.
    """
    with replacing(path) as file:
        file.write(page(fragment(layer, seed, **view)).encode())


def page(start: str) -> str:
    """Return the page: styles and scripts put in where `page.html` names them.

    `start` is the fragment of an address, and where the page begins without one.
    """
    text = part("page.html").replace("START", escape(start))
    text = re.sub(
        r'<link rel="stylesheet" href="(\w+\.css)">',
        lambda link: f"<style>\n{part(link[1])}</style>",
        text,
    )
    return re.sub(
        r'<script src="(\w+\.js)"></script>',
        lambda script: f"<script>\n{part(script[1])}</script>",
        text,
    )


def part(name: str) -> str:
    """Return one file of the page."""
    return (PARTS / name).read_text(encoding="utf-8")


def fragment(
    layer: ConvLayer, seed: int, *, pad: str = "", shared: bool = True, gradient: bool = False
) -> str:
    """Return a layer, as the page's address holds it, and what to look at.

    `pad` is the pad as it was typed: `same` stays that word when the layer changes.

    >>> fragment(ConvLayer(input=(5, 5, 3), filter=3, filters=2), 1).partition("&seed=")[0]
    'input=5x5x3&filter=3&stride=1&pad=0&filters=2&dilation=1&groups=1&bias=yes'
    """
    given = {"pad": pad} if pad in ("same", "valid") else {}
    return urlencode(
        Recipe.of(layer, **given).query(layer.input)
        | {
            "seed": seed,
            "weights": "shared" if shared else "unshared",
            "pass": "gradient" if gradient else "forward",
        }
    )
