"""A kind of layer that no module knows: written here, it is counted and derived everywhere."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import sync_playwright
from rich.console import Console
from support.browsing import ARGUMENTS, CHROMIUM, visiting

from convcalc import Volume
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.mistakes import MISTAKES, Mistake
from convcalc.arithmetic.derivation import derivation
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, FORMULAS, MULTIPLY_ADDS, SHORTS, SIZE, Formula
from convcalc.arithmetic.use import USUAL
from convcalc.layer import Axis, Recipe
from convcalc.layer.axis import sliding
from convcalc.layer.kinds import KINDS
from convcalc.layer.options import Option, pair
from convcalc.layer.protocol import Kind
from convcalc.layer.volume import Pair
from convcalc.present.page.builder import page


@dataclass(frozen=True, repr=False)
class DilatedAverage(Kind):
    """The mean of a dilated window, channel by channel."""

    kind: ClassVar = "dilated average"
    options: ClassVar = (Option("filter", pair), Option("dilation", pair, "1"))

    input: Volume
    filter: Pair
    dilation: Pair

    @property
    def axes(self) -> tuple[Axis, Axis]:
        return sliding(self.input, self.filter, dilation=self.dilation)

    @property
    def output(self) -> Volume:
        return Volume(*(axis.positions for axis in self.axes), self.input.depth)


KIND = DilatedAverage.kind
WHY = "A window covers d·(F − 1) + 1 = {d·(F − 1) + 1} of the {W,} pixels."
TABLE = (
    Formula(SIZE, "W − (d·(F − 1) + 1) + 1", WHY, essential=True),
    Formula(DEPTH, "D", "Each channel has a mean of its own."),
    Formula(MULTIPLY_ADDS, "W_out·H_out·D·cells", "Each cell is added once.", essential=True),
)
LAYER = DilatedAverage(Volume(9, 7, 2), Pair(3, 2), Pair(2, 3))
# 9 − (2·2 + 1) + 1 = 5; 7 − (3·1 + 1) + 1 = 4; 5·4·2·3·2 = 240; undilated 9 − 3 + 1 = 7


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, KIND, DilatedAverage)
    monkeypatch.setitem(FORMULAS, KIND, TABLE)
    monkeypatch.setitem(SHORTS, KIND, (Short("cells", "FW·FH"),))
    mistake = Mistake(SIZE, "ignored the dilation", "W − F + 1", "There are holes.")
    monkeypatch.setitem(MISTAKES, KIND, (mistake,))


def test_it_is_bound_and_typed_like_any_other() -> None:
    recipe = Recipe.read(KIND, {"filter": "3x2", "dilation": "2x3"})
    assert recipe == Recipe.of(LAYER)
    assert recipe.at(Volume(9, 7, 2)) == LAYER
    assert recipe.command(LAYER.input).endswith("--input 9x7x2 --filter 3x2 --dilation 2x3")


def test_it_tells_what_it_is_of_itself() -> None:
    assert str(LAYER) == "9x7x2 → 5x4x2: dilated average, filter 3x2, dilation 2x3"
    shown = "DilatedAverage(input=(9, 7, 2), filter=(3, 2), dilation=(2, 3))"
    assert repr(LAYER) == shown
    assert LAYER.fit.exact
    assert "neurons" not in LAYER._repr_html_()
    assert "5·4·2·3·2 = 240" in LAYER._repr_html_()
    assert LAYER.spec == {"filter": {"x": 3, "y": 2}, "dilation": {"x": 2, "y": 3}}
    letters, axes = LAYER.symbols()
    numbers = {name: symbol.number for name, symbol in letters.items()}
    assert numbers == {"W": 9, "H": 7, "D": 2, "FW": 3, "FH": 2}
    assert list(axes) == ["width", "height"]


def test_a_kind_without_a_window_says_less_still() -> None:
    @dataclass(frozen=True)
    class Flattened(Kind):
        kind: ClassVar = "flattened"
        options: ClassVar = (Option("order", lambda _, text: text),)

        input: Volume
        order: str

        @property
        def output(self) -> Volume:
            return Volume(1, 1, self.input.cells)

    layer = Flattened(Volume(5, 4, 3), "rows")
    assert (layer.axes, layer.connections, layer.spec) == ((), (), {"order": "rows"})
    letters, axes = layer.symbols()
    assert {name: symbol.number for name, symbol in letters.items()} == {"W": 5, "H": 4, "D": 3}
    assert axes == {"width": {"W": ("W", 5)}, "height": {"W": ("H", 4)}}
    assert str(layer) == "5x4x3 → 1x1x60: flattened, order rows"


def test_it_is_derived_and_judged() -> None:
    steps = derivation(LAYER)
    assert [(step.name, step.value) for step in steps] == [
        ("width", 5),
        ("height", 4),
        (DEPTH, 2),
        (MULTIPLY_ADDS, 240),
    ]
    assert steps[0].substituted == "9 − (2·(3 − 1) + 1) + 1"
    assert steps[0].why == "A window covers d·(F − 1) + 1 = 5 of the 9 pixels."
    assert steps[-1].formula == "W_out·H_out·D·FW·FH"
    assert [one.name for one in judge(LAYER, "240").right] == [MULTIPLY_ADDS]
    assert [one.name for one in judge(LAYER, "5x4x2").right] == ["output volume"]
    assert [one.name for one in judge(LAYER, "7x6").mistakes] == ["ignored the dilation"]


def test_it_has_a_table_and_every_format() -> None:
    from convcalc.present.screens.explanation import explained_in_markdown, print_explained_layer
    from convcalc.present.screens.layer import print_layer
    from convcalc.present.text.latex import explained_in_latex, to_latex
    from convcalc.present.text.markdown import to_markdown
    from convcalc.present.text.record import layer_record, to_csv, to_json

    console = Console(width=80, record=True, file=io.StringIO())
    print_layer(console, LAYER, USUAL)
    print_explained_layer(console, LAYER, USUAL)
    screen = console.export_text()
    assert "multiply-adds: W_out·H_out·D·FW·FH = 5·4·2·3·2 = 240" in screen
    assert " 4. multiply-adds: W_out·H_out·D·FW·FH = 5·4·2·3·2 = 240" in screen
    record = json.loads(to_json(layer_record(LAYER)))
    assert record["output"] == {"width": 5, "height": 4, "depth": 2}
    assert (record["multiply_adds"], record["parameters"]) == (240, {})
    assert record["dilation"] == {"x": 2, "y": 3}
    assert to_csv(LAYER, USUAL).splitlines()[1].startswith("9x7x2,3x2,2x3,5x4x2")
    for text in (to_markdown(LAYER, USUAL), explained_in_markdown(LAYER, USUAL)):
        assert "5·4·2·3·2 = 240" in text
    for text in (to_latex(LAYER, USUAL), explained_in_latex(LAYER, USUAL)):
        assert r"5 \cdot 4 \cdot 2 \cdot 3 \cdot 2 = 240" in text


@pytest.mark.browser
def test_it_has_its_place_on_the_page(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(page(LAYER), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with visiting(browser, path) as visit:
            steps = visit.page.locator("#steps dd").all_text_contents()
            assert visit.text("#layer") == str(LAYER)
            assert not visit.page.locator("#settings").is_visible()
            assert visit.page.locator("#derivation").is_visible()
        browser.close()
    assert steps == [step.equation + step.why for step in derivation(LAYER)]
