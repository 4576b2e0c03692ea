"""The demo's page in a browser: it says what Python says, alone, and to every reader."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect, sync_playwright
from support.browsing import (
    ARGUMENTS,
    CHROMIUM,
    Visit,
    channels,
    controls,
    neuron_value,
    pixel_value,
    set_controls,
    taps,
    visiting,
    windows,
)
from support.generated import layers, parsed_layer, series

from convcalc import BadRequest, ConvLayer
from convcalc.arithmetic.derivation import derivation, essentials
from convcalc.arithmetic.fit import fits, misfit
from convcalc.arithmetic.walk.integers import small
from convcalc.cli.command import depth_first
from convcalc.cli.options import what_fits
from convcalc.errors import NoSuchLayer
from convcalc.layer import Recipe
from convcalc.present.page.builder import fragment, save_page

pytestmark = pytest.mark.browser

DEMO = ConvLayer(input=(5, 5, 3), filter=3, stride=2, pad=1, filters=2)
SIZES = {"projector": (1280, 720), "phone": (375, 812), "desk": (1920, 1080)}
SEED = 1


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "page.html"
    save_page(path, DEMO, SEED)
    return path


@pytest.fixture(scope="module")
def visit(browser: Browser, file: Path) -> Iterator[Visit]:
    with visiting(browser, file, viewport={"width": 1280, "height": 720}) as visit:
        yield visit


READ = """([k, i, j]) => {
  const text = (selector) => document.querySelector(selector).textContent;
  const table = document.querySelectorAll(".grid.output")[k];
  const cell = table.rows[i].cells[j];
  cell.focus();
  return {
    layer: text("#layer"),
    totals: [...document.querySelectorAll("#counts .total")].map((cell) => cell.textContent),
    made: [...document.querySelectorAll("#counts .made")].map((cell) => cell.textContent),
    misfit: document.getElementById("misfit").hidden ? "" : text("#misfit"),
    depth: document.getElementById("depth-first").hidden ? "" : text("#depth-first"),
    cell: cell.textContent,
    value: text("#value"),
    slices: document.querySelectorAll(".grid.output").length,
    shape: [table.rows.length, table.rows[0].cells.length],
    steps: [...document.querySelectorAll("#steps dt")].map((name) => {
      const [worked, why] = name.nextElementSibling.childNodes;
      return [name.textContent, worked.textContent, why.textContent];
    }),
    told: text("#derivation"),
    explained: text("#steps"),
  };
}"""


CLICK = "value => document.querySelector(`[value=${value}]`).click()"


def number(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-"))


@given(
    layers(untied=True) | series(12, 5),
    st.booleans(),
    st.booleans(),
    st.integers(0, 2**32 - 1),
    st.data(),
)
@settings(max_examples=400)
def test_the_page_says_what_python_says(
    visit: Visit, layer: ConvLayer, by_slider: bool, shared: bool, seed: int, data: st.DataObject
) -> None:
    set_controls(visit.page, controls(layer) | {"seed": str(seed)}, by_slider)
    visit.page.evaluate(CLICK, "shared" if shared else "unshared")
    k = data.draw(st.integers(0, min(layer.filters, 8) - 1))
    i = data.draw(st.integers(0, layer.output.height - 1))
    j = data.draw(st.integers(0, layer.output.width - 1))
    seen = visit.page.evaluate(READ, [k, i, j])
    assert seen["layer"] == str(layer)
    assert [number(total) for total in seen["totals"]] == [c.total for c in layer.parameters]
    assert [[number(n) for n in re.findall("[0-9,]+", made)] for made in seen["made"]] == [
        [count.weights, count.biases] for count in layer.parameters
    ]
    assert seen["misfit"] == ("" if fits(layer) else f"{misfit(layer)}; {what_fits(layer)}")
    assert seen["depth"] == (depth_first(layer.input) or "")
    assert seen["slices"] == min(layer.filters, 8)
    assert seen["shape"] == [layer.output.height, layer.output.width]
    expected = neuron_value(layer, seed, k, i, j, shared)
    assert number(seen["cell"]) == number(seen["value"]) == expected
    steps = derivation(layer)
    assert seen["steps"] == [[step.name, step.equation, step.why] for step in steps]
    assert all(step.worked in seen["told"] for step in essentials(layer))
    assert all(step.worked in seen["explained"] for step in steps)
    assert all(step.why in seen["explained"] for step in steps)


SERIES = "length depth filter stride dilation filters groups".split()


@given(
    st.fixed_dictionaries(
        {name: st.integers(1, 9).map(str) for name in SERIES} | {"pad": st.integers(0, 3).map(str)}
    ),
    st.sampled_from(["equal", "sides", "same", "valid"]),
)
@settings(max_examples=100)
def test_a_series_is_refused_or_told_in_the_terminals_words(
    visit: Visit, fields: dict[str, str], kind: str
) -> None:
    texts = {name: fields[name] for name in ("filter", "stride", "dilation", "filters", "groups")}
    pads = {"equal": fields["pad"], "sides": f"{fields['pad']}x4"}
    texts |= {"input": f"{fields['length']}x{fields['depth']}", "pad": pads.get(kind, kind)}
    visit.page.evaluate("link => { location.hash = link; }", urlencode(texts | {"bias": "yes"}))
    visit.page.wait_for_function("document.readyState === 'complete'")
    visit.page.evaluate("new Promise(requestAnimationFrame)")
    try:
        layer, refusal = parsed_layer(**texts), ""
    except BadRequest as error:
        layer, refusal = None, f"--{error.argument} {error.rest}".replace("input=(", "--input ")
        refusal = re.sub(r"--input (\d+), (\d+)\)", r"--input \1x\2", refusal)
    expect(visit.page.locator("#refusal")).to_have_text(refusal)
    if layer is None:
        return
    expect(visit.page.locator("#layer")).to_have_text(str(layer))
    kept = {"pad": kind} if kind == "same" else {}
    command = Recipe.of(layer, **kept).command(layer.input)
    assert visit.text("#command") == command
    words = visit.text("#misfit") if visit.page.locator("#misfit").is_visible() else ""
    assert words == ("" if fits(layer) else f"{misfit(layer)}; {what_fits(layer)}")


def test_a_series_is_named_by_its_length(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    layer = ConvLayer(input=(12, 2), filter=3, stride=2, pad=(0, 1), filters=2)
    save_page(path, layer, SEED)
    with visiting(browser, path) as visit:
        page = visit.page
        assert visit.text("#layer") == str(layer)
        page.locator("summary").click()
        said = page.locator("body").inner_text()
        names = page.locator("#settings input:visible").evaluate_all(
            "fields => fields.map((field) => field.getAttribute('aria-label'))"
        )
        cells = page.locator("td").evaluate_all(
            "cells => cells.map((cell) => cell.getAttribute('aria-label')).join()"
        )
        for text in (said, " ".join(filter(None, names)), cells):
            assert not re.search("width|height|column|pixel|row [0-9]|top|bottom", text)
        assert {"length", "depth", "filter length", "stride", "pad left", "dilation"} <= {*names}
        assert "Neuron at position 0 of slice 0" in said
        assert "padded sample 12, channel 0, pad" in cells
        page.click("#series")  # the same numbers as a volume of height 1
        expect(page.locator("#layer")).to_contain_text("12x1x2 → 6x")
        page.click("#series")
        expect(page.locator("#layer")).to_have_text(str(layer))


NUMBERS = "width height depth filter-width filter-height stride-x stride-y dilation-x".split()
odd = st.sampled_from(
    [
        *["0", "", "x", "-1", "3x3", "1e3", "9" * 601, "<b>", "227", f"{10**30}"],
        *["3,3", "1,024", "(3", "4)", "３", "3 4", "3,,3", "2;2", "None", "1,1,1", "3\u00a0", "²"],
    ]
)


@given(
    st.fixed_dictionaries(
        {name: st.integers(1, 9).map(str) for name in NUMBERS}
        | {name: st.integers(1, 3).map(str) for name in ("filters", "groups", "pad")}
    ),
    st.dictionaries(st.sampled_from([*NUMBERS, "filters", "groups", "pad"]), odd, max_size=2),
    st.sampled_from(["equal", "same", "valid"]),
)
@settings(max_examples=100)
def test_large_and_impossible_layers_are_told_in_the_terminals_words(
    visit: Visit, fields: dict[str, str], changes: dict[str, str], kind: str
) -> None:
    fields |= changes | {"dilation-y": "1", "seed": "1"}
    set_controls(
        visit.page, {"series": False, "square": False, "bias": "yes", "pad-kind": kind, **fields}
    )
    pairs = {name: (fields[f"{name}-{a}"], fields[f"{name}-{b}"]) for name, a, b in PAIRS}
    texts = {name: a if a == b else f"{a}x{b}" for name, (a, b) in pairs.items()}
    texts |= {
        "input": f"{fields['width']}x{fields['height']}x{fields['depth']}",
        "pad": fields["pad"] if kind == "equal" else kind,
        "filters": fields["filters"],
        "groups": fields["groups"],
    }
    layer, refusal = parsed(texts)
    assert visit.text("#refusal") == refusal
    assert visit.page.evaluate("document.getElementById('demo').inert") == bool(refusal)
    assert bool(visit.page.locator("[aria-invalid=true]").count()) == bool(refusal)
    if layer is None:
        return
    assert visit.text("#layer") == str(layer)
    totals = visit.page.locator("#counts .total").all_text_contents()
    assert [number(total) for total in totals] == [count.total for count in layer.parameters]
    words = visit.text("#misfit") if visit.page.locator("#misfit").is_visible() else ""
    assert words == ("" if fits(layer) else f"{misfit(layer)}; {what_fits(layer)}")


def parsed(texts: dict[str, str]) -> tuple[ConvLayer | None, str]:
    """The layer, or the sentence in which the terminal refuses it."""
    try:
        return parsed_layer(**texts), ""
    except BadRequest as refusal:
        if isinstance(refusal, NoSuchLayer):
            width, height, depth = map(int, texts["input"].split("x"))
            if width < min(5, height, depth):
                remedy = f"depth comes last: give --input {depth}x{height}x{width}"
                refusal = BadRequest(refusal.argument, refusal.value, refusal.problem, remedy)
        return None, f"--{refusal.argument} {refusal.rest}"


PAIRS = [("filter", "width", "height"), ("stride", "x", "y"), ("dilation", "x", "y")]


LIT = """(name) => [...document.querySelectorAll(".grid td." + name)].map((cell) => {
  const { kind, slice } = cell.closest("table").dataset;
  return [kind, Number(slice), cell.parentElement.rowIndex, cell.cellIndex];
})"""


@given(layers(), st.data())
@settings(max_examples=40)
def test_a_neuron_lights_its_window_and_a_pixel_the_neurons_that_see_it(
    visit: Visit, layer: ConvLayer, data: st.DataObject
) -> None:
    page = visit.page
    set_controls(page, controls(layer) | {"seed": "1"})
    across, down = windows(layer)
    columns = [{column + layer.pad.left for column in window} for window in across]
    rows = [{row + layer.pad.top for row in window} for window in down]
    slices = range(min(layer.filters, 8))

    k = data.draw(st.sampled_from(slices))
    i = data.draw(st.integers(0, len(rows) - 1))
    j = data.draw(st.integers(0, len(columns) - 1))
    page.evaluate(FOCUS, ["output", k, i, j])
    drawn = [channel for channel in channels(layer, k) if channel < 6]
    lit = {tuple(place) for _, *place in page.evaluate(LIT, "window")}
    assert lit == set(product(drawn, rows[i], columns[j]))

    row = data.draw(st.integers(0, layer.axes[1].padded - 1))
    column = data.draw(st.integers(0, layer.axes[0].padded - 1))
    channel = data.draw(st.integers(0, min(layer.input.depth, 6) - 1))
    page.evaluate(FOCUS, ["input", channel, row, column])
    seers = {
        (k, i, j)
        for k in slices
        for i in range(len(rows))
        for j in range(len(columns))
        if channel in channels(layer, k) and row in rows[i] and column in columns[j]
    }
    assert {tuple(place) for _, *place in page.evaluate(LIT, "sees")} == seers
    told = visit.text("#told")
    if layer.filters <= 8:
        neurons = re.search("by ([0-9,]+) neuron", told)
        assert (number(neurons[1]) if neurons else 0) == len(seers)
        assert ("no neuron sees it" in told) == (not seers)

    left = {(row, column) for _, slice, row, column in page.evaluate(LIT, "left") if slice == 0}
    last_row, last_column = max(rows[-1]), max(columns[-1])
    width, height = (axis.padded for axis in layer.axes)
    assert left == {
        (row, column)
        for row in range(height)
        for column in range(width)
        if row > last_row or column > last_column
    }


FOCUS = """([kind, slice, row, column]) => {
  document.querySelectorAll(`.grid.${kind}`)[slice].rows[row].cells[column].focus();
}"""


@given(layers(side=8), st.data())
@settings(max_examples=30)
def test_gradients_add_up_in_one_filter_or_stay_with_their_neuron(
    visit: Visit, layer: ConvLayer, data: st.DataObject
) -> None:
    page = visit.page
    set_controls(page, controls(layer) | {"seed": "1"})
    page.evaluate(CLICK, "gradient")
    k = data.draw(st.integers(0, min(layer.filters, 8) - 1))
    i = data.draw(st.integers(0, layer.output.height - 1))
    j = data.draw(st.integers(0, layer.output.width - 1))
    one = data.draw(st.sampled_from(list(taps(layer, k, i, j))))

    def contribution(i: int, j: int) -> int:
        [tap] = [tap for tap in taps(layer, k, i, j) if tap[:3] == one[:3]]
        return small(1, "upstream", i, j, k) * pixel_value(1, tap)

    columns = layer.output.width
    so_far = [divmod(position, columns) for position in range(i * columns + j + 1)]
    for way, expected in {
        "shared": sum(contribution(*position) for position in so_far),
        "unshared": contribution(i, j),
    }.items():
        page.evaluate(CLICK, way)
        page.evaluate(FOCUS, ["output", k, i, j])
        arrows = page.locator("#diagram line").count()
        rows = min(layer.output.width * layer.output.height, 9)
        assert arrows == len(so_far) if len(so_far) < rows else arrows >= rows - 1
        if one.c < 6:
            page.evaluate(FOCUS, ["weights", one.c, one.m, one.n])
            cell = page.evaluate("document.activeElement.textContent")
            assert number(cell) == number(visit.text("#value")) == expected
    page.evaluate(CLICK, "forward")


def test_weights_have_one_colour_a_slice_or_one_a_neuron(visit: Visit) -> None:
    set_controls(visit.page, controls(DEMO))
    colours = """[...document.querySelectorAll(".grid.output")].map((table) =>
      [...table.querySelectorAll("td")].map((cell) => getComputedStyle(cell).boxShadow))"""
    visit.page.locator("[value=shared]").click()
    first, second = visit.page.evaluate(colours)
    assert len(set(first)) == len(set(second)) == 1
    assert set(first) != set(second)
    visit.page.locator("[value=unshared]").click()
    first, second = visit.page.evaluate(colours)
    assert len({*first, *second}) == DEMO.neurons
    assert "9·28 = 252 parameters" in visit.text("#whose")
    visit.page.locator("[value=shared]").click()
    assert "one filter, 28 parameters" in visit.text("#whose")


def test_the_bars_are_on_one_log_scale(visit: Visit) -> None:
    set_controls(
        visit.page, controls(ConvLayer(input=(10, 10, 1), filter=1, filters=1, bias=False))
    )
    lengths = visit.page.locator("#counts .bar").evaluate_all(
        "bars => bars.map((bar) => bar.style.getPropertyValue('--length'))"
    )
    # 10^4, 10^2 and 1 weights: 4, 2 and 0 tenfolds
    assert [float(length.rstrip("%")) for length in lengths] == [100, 50, 0]


def test_a_depth_that_seems_to_come_first_is_told_and_put_last_by_a_button(
    browser: Browser, file: Path
) -> None:
    layer = "#input=3x9x8&filter=3&stride=1&pad=0&filters=2"
    with visiting(browser, file, layer) as visit:
        told = visit.page.locator("#depth-first")
        expect(told).to_have_text(
            "--input 3x9x8: depth comes last, so this is 3 wide, 9 high and 8 deep; "
            "for a depth of 3 give --input 8x9x3"
        )
        told.locator("button").click()
        expect(visit.page.locator("#layer")).to_contain_text("8x9x3 → 6x7x2")
        expect(told).to_be_hidden()
        visit.page.fill("#width", "3")
        visit.page.fill("#depth", "8")
        expect(told).to_be_visible()
        visit.page.fill("#filter-width", "5")
        visit.page.fill("#filter-height", "5")
        expect(visit.page.locator("#refusal")).to_contain_text(
            "; depth comes last: give --input 8x9x3"
        )
        expect(told).to_be_hidden()


@pytest.mark.parametrize("view", ["forward&weights=shared", "gradient&weights=unshared"])
def test_one_is_one_on_the_page_too(browser: Browser, file: Path, view: str) -> None:
    one = f"#input=1x1x1&filter=1&stride=1&pad=0&filters=1&bias=yes&pass={view}"
    with visiting(browser, file, one) as visit:
        visit.page.locator("summary").click()
        said = visit.page.locator("body").inner_text()
        assert "1 weight + 1 bias" in said
        assert "Unshared is 1 time shared" in said
        assert "1 position " in said
        assert not re.search(r"(?<![\d,.·x])1 (?!bias\b)\w+s\b", said), said
        visit.page.fill("#width", "1000")
        expect(visit.page.locator("#corner")).to_contain_text("pixels of 1 channel, and")
        expect(visit.page.locator("#corner")).to_contain_text("positions of 1 filter.")


def test_play_goes_to_the_end_and_pause_stops(browser: Browser, file: Path) -> None:
    with visiting(browser, file, "#input=3x3x1&filter=2&stride=1&pad=0&filters=1") as visit:
        page = visit.page
        page.fill("#speed", "10")
        page.click("#play")
        expect(page.locator("#play")).to_have_text("Pause")
        expect(page.locator("#position")).to_have_value("4")
        expect(page.locator("#play")).to_have_text("Play")
        page.fill("#speed", "1")
        page.click("#play")
        expect(page.locator("#position")).to_have_value("1")
        page.click("#play")
        page.wait_for_timeout(1200)
        expect(page.locator("#position")).to_have_value("1")
        page.click("#step")
        page.click("#step")
        page.click("#back")
        expect(page.locator("#position")).to_have_value("2")


def test_the_keyboard_is_enough(browser: Browser, file: Path) -> None:
    with visiting(browser, file) as visit:
        page = visit.page
        focused = "document.activeElement.id || document.activeElement.dataset.field || ''"

        def tab_to(name: str) -> None:
            for _ in range(60):
                if page.evaluate(focused) == name:
                    return
                page.keyboard.press("Tab")
            raise AssertionError(f"Tab does not reach {name}")

        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.classList.contains('skip')")
        tab_to("width")
        page.keyboard.press("Tab")
        for _ in range(2):
            page.keyboard.press("ArrowRight")
        layer = DEMO.replace(input=(7, 7, 3))
        assert visit.text("#layer") == str(layer)
        tab_to("step")
        page.keyboard.press("Enter")
        assert visit.text("#value") == _signed(neuron_value(layer, SEED, 0, 0, 1))
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.closest('.output') !== null"):
                break
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        assert visit.text("#value") == _signed(neuron_value(layer, SEED, 0, 1, 3))
        label = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert (
            label == f"neuron at row 1, column 3 of slice 0: {neuron_value(layer, SEED, 0, 1, 3)}"
        )


def test_the_settings_can_be_skipped(browser: Browser, file: Path) -> None:
    with visiting(browser, file) as visit:
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#demo")).to_be_focused()
        assert visit.text("#layer") == str(DEMO)


def _signed(value: int) -> str:
    return str(value).replace("-", "−")


def test_every_control_has_a_name_and_every_grid_a_label(visit: Visit) -> None:
    set_controls(visit.page, controls(DEMO))
    page = visit.page
    for role, names in {
        "slider": ["width slider", "stride along the height slider", "speed"],
        "textbox": ["width", "filter height", "pad top", "neuron"],
        "button": ["Back", "Play", "Step", "Copy command", "Dark"],
        "radio": ["shared", "unshared", "forward", "gradient"],
        "grid": ["channel 2", "slice 1"],
        "img": [visit.text("#whose")],
    }.items():
        for name in names:
            assert page.get_by_role(role, name=name, exact=True).count(), f"no {role} {name}"
    nameless = page.evaluate(
        """[...document.querySelectorAll("input, select, button")].filter((control) =>
          !control.getAttribute("aria-label") && !control.labels?.length && !control.textContent)
          .map((control) => control.outerHTML)"""
    )
    assert nameless == []


@pytest.mark.parametrize(
    ("layer", "pad"),
    [
        (DEMO, None),
        (ConvLayer(input=(9, 7, 4), filter=(3, 2), stride=(2, 3), pad="same", filters=6), "same"),
        (
            ConvLayer(
                input=(9, 7, 4),
                filter=(3, 2),
                pad=(1, 2, 0, 3),
                dilation=(2, 1),
                groups=2,
                filters=6,
                bias=False,
            ),
            None,
        ),
    ],
)
def test_the_address_holds_the_layer(
    browser: Browser, file: Path, layer: ConvLayer, pad: str | None
) -> None:
    with visiting(browser, file) as visit:
        set_controls(visit.page, controls(layer, pad) | {"seed": "7"})
        visit.page.locator("[value=unshared]").click()
        visit.page.locator("[value=gradient]").click()
        link = fragment(layer, 7, pad=pad or "", shared=False, gradient=True)
        visit.page.wait_for_url(f"{visit.url}#{link}")
    with visiting(browser, file, f"#{link}") as visit:
        assert visit.text("#layer") == str(layer)
        assert visit.page.locator("[value=unshared]").is_checked()
        assert visit.page.locator("[value=gradient]").is_checked()
        assert visit.page.locator("#seed").input_value() == "7"
        visit.page.evaluate("location.hash = 'input=6x6x1&filter=2&pad=0&stride=1&groups=1'")
        expect(visit.page.locator("#layer")).to_contain_text("6x6x1 → ")


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ({"input": "9,8,4"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"input": "(9, 8, 4)"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"input": "[9*8*4]"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"input": "９\u3000８\u00a0４"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"input_shape": "5x5x1"}, "5x5x1 → 3x3x2: 2 filters of 3x3x1, stride 1, pad 0"),
        ({"kernel": "3x2"}, "9x8x4 → 7x7x2: 2 filters of 3x2x4, stride 1, pad 0"),
        ({"k": "(3,2)"}, "9x8x4 → 7x7x2: 2 filters of 3x2x4, stride 1, pad 0"),
        ({"filter": "3x2x4"}, "9x8x4 → 7x7x2: 2 filters of 3x2x4, stride 1, pad 0"),
        ({"filter": "3x3x4"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"kernel-size": "3x2x2", "group": "2"}, "9x8x4 → 7x7x2: 2 filters of 3x2x2, stride 1, "
         "pad 0, 2 groups"),
        ({"padding": "SAME"}, "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
        ({"p": "1,1,2,2"}, "9x8x4 → 9x10x2: 2 filters of 3x3x4, stride 1, pad 1x2"),
        ({"pad": "Valid"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"),
        ({"strides": "2,3"}, "9x8x4 → 4x2x2: 2 filters of 3x3x4, stride 2x3, pad 0"),
        ({"out_channels": "1,024"}, "9x8x4 → 7x6x1024: 1024 filters of 3x3x4, stride 1, pad 0"),
        (
            {"dilation-rate": "2;1"},
            "9x8x4 → 5x6x2: 2 filters of 3x3x4, stride 1, pad 0, dilation 2x1",
        ),
        ({"bias": "NO"}, "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0, no bias"),
        (
            {"filter": "3x2x3"},
            "--filter 3x2x3: has depth 3, where the input's depth divided by the groups is 4; give "
            "3x2x4, or 3x2 alone",
        ),
        (
            {"input": "(1, 3, 20, 30)"},
            "--input 1x3x20x30: is 4 numbers where 2 or 3 are needed; leave out the batch (1): "
            "give --input 30x20x3 for (batch, depth, height, width), or --input 20x3x30 for "
            "(batch, height, width, depth)",
        ),
        (
            {"stride": "1,024"},
            "--stride 1,024: 1,024 in it may be one number or two; write 1024 or 1x24",
        ),
    ],
)  # fmt: skip
def test_an_address_is_read_as_people_write_it(
    visit: Visit, given: dict[str, str], seen: str
) -> None:
    plain = {"input": "9x8x4", "filter": "3", "stride": "1", "pad": "0", "dilation": "1"}
    plain |= {"filters": "2", "groups": "1", "bias": "yes", "seed": "1"}
    visit.page.evaluate("([text]) => (location.hash = text)", [urlencode(plain | given)])
    place = "#refusal" if seen.startswith("--") else "#layer"
    expect(visit.page.locator(place)).to_have_text(seen)
    if place == "#layer":
        assert visit.page.locator("#refusal").is_hidden()
        canonical = r"convcalc params --input \d+x\d+x\d+ --filter \d+(x\d+)?( --.*)?"
        assert re.fullmatch(canonical, visit.text("#command"))


def test_an_address_from_a_stranger_is_only_text(browser: Browser, file: Path) -> None:
    evil = "#input=<img src=x onerror=alert(1)>&filter=9999x2&pad=\x07&filters=%3Cb%3E&__proto__=1"
    with visiting(browser, file, evil) as visit:
        assert "--input <img src=" in visit.text("#refusal")
        assert visit.page.locator("img").count() == 0
        set_controls(visit.page, controls(DEMO))
        assert visit.text("#layer") == str(DEMO)


def test_the_button_copies_the_command(browser: Browser, file: Path, run: Run) -> None:
    layer = ConvLayer(
        input=(9, 7, 4), filter=(3, 2), pad=1, stride=(2, 1), groups=2, filters=6, bias=False
    )
    permissions = ["clipboard-read", "clipboard-write"]
    with visiting(browser, file, f"#{fragment(layer, 1)}", permissions=permissions) as visit:
        visit.page.click("#copy")
        expect(visit.page.locator("#copied")).to_have_text("copied")
        program, *arguments = visit.page.evaluate("navigator.clipboard.readText()").split()
    assert program == "convcalc"
    assert run(*arguments).out.splitlines()[0] == str(layer)


def test_a_repair_is_one_click(browser: Browser, file: Path) -> None:
    with visiting(browser, file, "#input=9x9x1&filter=4&stride=2&pad=0&filters=1") as visit:
        visit.page.get_by_role("button", name="--stride 1").click()
        assert visit.text("#layer") == "9x9x1 → 6x6x1: 1 filter of 4x4x1, stride 1, pad 0"
        assert visit.page.locator("#misfit").is_hidden()
        assert visit.page.evaluate("document.activeElement.id") == "stride-x"


def test_a_large_layer_is_counted_and_its_corner_drawn(browser: Browser, file: Path) -> None:
    huge = "#input=1000000000000000000000000000000x227x3&filter=11&stride=4&pad=0&filters=96"
    layer = ConvLayer(input=(10**30, 227, 3), filter=11, stride=4, filters=96)
    with visiting(browser, file, huge) as visit:
        assert visit.text("#layer") == str(layer)
        assert number(visit.text("#counts .shared .total")) == layer.parameters.shared.total
        assert "Too large to draw" in visit.text("#corner")
        assert visit.page.locator(".grid.output td").count() == 8 * 2 * 2
        assert number(visit.text("#value")) == neuron_value(
            layer.replace(input=(227, 227, 3)), 1, 0, 0, 0
        )


CONTRAST = """() => {
  const channels = (colour) => {
    const given = colour.match(/[\\d.]+/g).map(Number);
    return colour.startsWith("color(") ? given.map((c, i) => (i < 3 ? c * 255 : c)) : given;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    throw "no background";
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || element.closest("svg, :disabled, .skip")) continue;
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [a, b] = [channels(getComputedStyle(element).color), background(element)].map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${element.className} ${element.textContent}: ${ratio}`);
  }
  return poor;
}"""


LINKS = {
    "demo": fragment(DEMO, SEED),
    "misfit": "input=12x12x3&filter=3&stride=2&pad=1&filters=8&weights=unshared",
    "huge": f"input={10**30}x{10**30}x3&filter=11&stride=4&pad=1x2x3x4&filters=96",
    "refused": "input=5x5x3&filter=9&pad=0",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_can_be_read_at_every_size_in_both_themes(
    browser: Browser, file: Path, tmp_path: Path, size: str, theme: str
) -> None:
    width, height = SIZES[size]
    options = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
    with visiting(browser, file, **options) as visit:
        page = visit.page
        for name, link in LINKS.items():
            page.evaluate("link => { location.hash = link; }", link)
            if name == "refused":
                expect(page.locator("#refusal")).to_be_visible()
            else:
                shape = link.split("&")[0].removeprefix("input=")
                expect(page.locator("#layer")).to_contain_text(f"{shape} → ")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if name != "refused":
                page.locator(".grid.output td").nth(1).hover()
                assert page.evaluate(CONTRAST) == []
            page.screenshot(path=tmp_path / f"{size}-{theme}-{name}.png")
            if name == "demo" and size != "phone":
                assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_the_theme_follows_the_system_until_it_is_toggled(browser: Browser, file: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with visiting(browser, file, color_scheme="dark") as visit:
        page = visit.page
        dark = page.evaluate(ground)
        expect(page.locator("#theme")).to_have_attribute("aria-pressed", "true")
        page.click("#theme")
        light = page.evaluate(ground)
        assert light != dark
        page.click("#theme")
        assert page.evaluate(ground) == dark
    with visiting(browser, file, color_scheme="light") as visit:
        assert visit.page.evaluate(ground) == light


@pytest.mark.parametrize(("motion", "seconds"), [("reduce", "0s"), ("no-preference", "0.2s")])
def test_nothing_glides_for_who_wants_less_motion(
    browser: Browser, file: Path, motion: str, seconds: str
) -> None:
    with visiting(browser, file, reduced_motion=motion) as visit:
        bar = visit.page.locator("#counts .bar").first
        assert bar.evaluate("bar => getComputedStyle(bar).transitionDuration") == seconds


def test_what_was_looked_at_is_forgotten_with_its_weights(browser: Browser, file: Path) -> None:
    with visiting(browser, file, f"#{fragment(DEMO, SEED)}") as visit:
        visit.page.evaluate(FOCUS, ["weights", 0, 1, 1])
        assert visit.page.evaluate(LIT, "tap")
        visit.page.evaluate(CLICK, "unshared")
        assert not visit.page.evaluate(LIT, "tap")


@pytest.mark.parametrize(
    "link", ["input=5x5x3&filter=9&pad=0", "input=30x30x512&filter=30&stride=1&pad=0&filters=64"]
)
def test_a_page_without_neurons_says_nothing_when_touched(
    browser: Browser, file: Path, link: str
) -> None:
    with visiting(browser, file, f"#{link}") as visit:
        visit.page.set_viewport_size({"width": 700, "height": 500})
        for cell in visit.page.locator(".grid.input td").all()[:2]:
            cell.hover()
        visit.page.locator("#theme").hover()


def test_its_own_policy_forbids_the_network(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    refused = page.evaluate(
        """() => new Promise((resolve) => {
          addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
          fetch("https://example.org/").catch(() => {});
        })"""
    )
    assert refused == "connect-src"
    page.close()
