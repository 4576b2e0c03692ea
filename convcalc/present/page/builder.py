"""The demo as a page: its parts in `web/`, joined into one file that needs no other.

The scripts are modules. Joined, each is a closure, after those it imports from.
"""

import json
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from convcalc.arithmetic.formulas import FLOORED, FORMULAS, LEFT_OVER, SHORTS, SIZE
from convcalc.arithmetic.one_dimension import DOWN, HEIGHT, WORDS
from convcalc.files.save import replacing
from convcalc.layer import ConvLayer, Layer, Recipe, wording
from convcalc.layer.kinds import convolution_of
from convcalc.layer.spellings import SPELLINGS
from convcalc.layer.symbols import Letters

PARTS = Path(__file__).parent / "web"
IMPORT = re.compile(r'import (\{[^}]*\}) from "\./(\w+)\.js";\n')
COMMENT = re.compile(r"^ *(?://.*|/\*\*[^/]*\*/)\n", re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def save_page(path: Path, layer: ConvLayer, seed: int, **view: Any) -> None:
    """Write the page for a layer; `view` is what `fragment` takes besides.

    Raises CannotWrite when the system refuses.
    """
    with replacing(path) as file:
        file.write(page(layer, fragment(layer, seed, **view)).encode())


def page(layer: Layer, start: str = "") -> str:
    """Return the page: styles, scripts and the tables of the layer's kind put in their places.

    `start` is the fragment of an address, and where the page begins without one. A convolution
    has settings and is run; of another kind the layer at hand is counted and derived.
    """
    text = part("page.html").replace("START", escape(start))
    text = text.replace(
        "TABLES", json.dumps(tables(layer), ensure_ascii=False).replace("<", "\\u003c")
    )
    style = f"<style>\n{part('page.css')}</style>"
    text = text.replace('<link rel="stylesheet" href="page.css">', style)
    script = f'<script>\n"use strict";\n{scripts("main")}</script>'
    return text.replace('<script type="module" src="main.js"></script>', script)


def tables(layer: Layer) -> dict[str, Any]:
    """Return what the page's scripts read of Python's: everything that is told of this kind.

    A series is told of by the tables of volumes, as `one_dimension` makes them its own.
    """
    runs = layer.kind == convolution_of(layer.input)
    fixed, kind = None, ConvLayer if runs else type(layer)
    if not runs:
        symbols = layer.symbols()
        axes = {name: _letters(along) for name, along in symbols.axes.items()}
        fixed = {"title": str(layer), "layer": _letters(symbols.layer), "axes": axes}
    weights = {f"{way.key.replace('_', ' ')} weights" for way in layer.connections}
    told = ("name", "text", "why", "essential", "further", "when")
    return {
        "size": SIZE,
        "formulas": [
            {name: value for name, value in row._asdict().items() if value and name in told}
            for row in FORMULAS[kind.kind]
            if not row.further or row.name in weights
        ],
        "shorts": SHORTS[kind.kind],
        "ways": [(way.key, way.name) for way in layer.connections],
        "options": [(option.name, option.usual) for option in kind.options],
        "spellings": SPELLINGS,
        "words": {name: text for name, text in vars(wording).items() if name.isupper()},
        "series": {"height": HEIGHT.pattern, "down": DOWN, "words": WORDS},
        "misfit": {"floored": FLOORED, "leftOver": LEFT_OVER},
        "fixed": fixed,
    }


def _letters(letters: Letters) -> dict[str, tuple[str, str]]:
    """Return letters with their numbers as text, which a script may read however long they are."""
    return {name: (written, str(number)) for name, (written, number) in letters.items()}


def scripts(first: str) -> str:
    """Return a script after those it imports from, each in a closure of its own.

    The comments stay in `web/`, for who changes it: the page is to be small.
    """
    made: dict[str, str] = {}

    def add(name: str) -> None:
        text = part(f"{name}.js")
        for _, other in IMPORT.findall(text):
            if other not in made:
                add(other)
        text = COMMENT.sub("", text)
        text = IMPORT.sub(r"const \1 = \2_js;\n", text)
        exports = ", ".join(exported for _, exported in EXPORT.findall(text))
        text = EXPORT.sub(r"\1", text)
        made[name] = f"const {name}_js = (() => {{\n{text}\nreturn {{ {exports} }};\n}})();\n"

    add(first)
    return "\n".join(made.values())


def part(name: str) -> str:
    """Return one file of the page."""
    return (PARTS / name).read_text(encoding="utf-8")


def fragment(
    layer: ConvLayer, seed: int, *, pad: str = "", shared: bool = True, gradient: bool = False
) -> str:
    """Return a layer, as the page's address holds it, and what to look at.

    `pad` is the pad as it was typed: `same` stays that word when the layer changes.

    >>> fragment(ConvLayer(input=(5, 5, 3), filter=3, filters=2), 1).partition("&seed=")[0]
    'input=5x5x3&filter=3&stride=1&pad=0&dilation=1&groups=1&filters=2&bias=yes'
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
