"""A layer in a notebook: the HTML is whole, needs nothing else, and says what the Markdown says."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from support.generated import layers

from convcalc import ConvLayer, Volume
from convcalc.layer.network import Network
from convcalc.layer.notation import parse
from convcalc.present.text import html
from convcalc.present.text.summary import Summary

VOID = {"br", "hr", "img", "input", "link", "meta"}


class Reader(HTMLParser):
    """Reads HTML strictly: every tag is closed in its turn; collects tags, attributes, cells."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in VOID
        self.open.append(tag)
        self.tags.add(tag)
        self.attributes |= {f"{name}={value}" for name, value in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader


def words_of(markdown: str) -> list[str]:
    """What Markdown says, without its marks: lines, and the cells of tables."""
    lines = [line for line in markdown.splitlines() if line and not line.startswith("|:")]
    cells = [line.strip("| ").split(" | ") if line.startswith("|") else [line] for line in lines]
    return [re.sub(r"^- |\*\*", "", cell) for line in cells for cell in line]


@pytest.mark.slow
@given(layers())
def test_html_says_what_the_markdown_says(layer: ConvLayer) -> None:
    found = read(layer._repr_html_())
    assert found.texts == words_of(layer._repr_markdown_())
    assert found.tags <= {"div", "p", "strong", "ul", "li", "table", "tr", "th", "td"}
    assert found.attributes <= {"style=text-align: left", "style=text-align: right"}


def test_a_notebook_shows_counts_and_misfit() -> None:
    shown = ConvLayer(input=(224, 224, 3), filter=11, stride=4, filters=96)._repr_html_()
    # (11 * 11 * 3 + 1) * 96 = 34,944; (224 - 11) / 4 + 1 = 54.25; times 4 bytes is 139,776
    texts = read(shown).texts
    assert texts[0] == "224x224x3 → 54x54x96: 96 filters of 11x11x3, stride 4, pad 0"
    assert texts[-9:-3] == ["shared (conv)", "34,848", "96", "34,944", "139,776", "1"]
    assert "= 54.25, floored to 54 (width, height)" in texts[-1]


def test_a_layer_that_fits_says_nothing_of_fitting() -> None:
    layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    assert read(layer._repr_html_()).texts[-1].startswith("FLOPs, shared or unshared: ")


def test_html_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    nasty = '<script>"&'
    spoilt = Summary(nasty, [nasty], [[nasty], [nasty]], [nasty])
    monkeypatch.setattr(html, "summary", lambda layer, use: spoilt)
    shown = html.to_html(ConvLayer(input=(3, 3, 1), filter=3, filters=1))
    assert "script>" not in unescape(re.sub("&lt;script&gt;", "", shown))
    assert read(shown).texts == [nasty] * 5


def test_a_notebook_shows_a_network() -> None:
    plan = parse("conv3-4 pad=1, relu, fc-10")
    network = Network.of("<b>small</b>", Volume(6, 5, 2), plan)
    found = read(network._repr_html_())
    assert found.texts[0] == "<b>small</b>: 6x5x2 → 1x1x10, 3 layers"
    drawn = {"svg", "title", "g", "rect", "path", "polyline", "text"}
    assert found.tags <= {"div", "p", "strong", "table", "tr", "th", "td", "span"} | drawn
    # (3·3·2 + 1)·4 = 76 and (6·5·4 + 1)·10 = 1,210; 6·5·4 + 10 = 130 activations
    for figure in ("76", "1,210", "1,286", "130"):
        assert figure in found.texts
        assert re.search(rf"\b{figure}\b", network._repr_markdown_())
    assert repr(network) == "<Network <b>small</b>: 6x5x2 → 1x1x10, 3 layers>"
