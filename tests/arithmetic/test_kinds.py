"""What is said of every kind of layer: by Python's own arithmetic, by counting, in every form."""

import io
import itertools
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright
from rich.console import Console
from support.browsing import ARGUMENTS, CHROMIUM, visiting
from support.evaluator import by_python, written_out
from support.generated import slide
from support.kinds import EXAMPLES, OTHERS, enlarged, layers_of

from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.mistakes import MISTAKES
from convcalc.arithmetic.answers.wrong import wrong_values
from convcalc.arithmetic.derivation import derivation, output_of, results
from convcalc.arithmetic.formula import work_out_sides
from convcalc.arithmetic.formulas import DEPTH, FORMULAS, MULTIPLY_ADDS, SHORTS, SIZE
from convcalc.arithmetic.use import USUAL, Use
from convcalc.compute.passes.kinds import PASSES
from convcalc.layer.kinds import HOMES
from convcalc.present.page.builder import page

ADAM = Use("float16", 3, "adam")


def test_there_is_an_example_of_every_kind() -> None:
    assert EXAMPLES.keys() == HOMES.keys()
    assert {*OTHERS, "conv", "conv1d"} == {*HOMES}


def letters_of(layer: Any, use: Use) -> dict[str, dict[str, int]]:
    """The letters' numbers, by the layer's options, along each axis and of the whole."""
    options = layer.made_of
    (width, height, depth), (fw, fh) = layer.input, options.get("window", (1, 1))
    if "filter" in options:
        fw, fh = options["filter"]
    if layer.kind in ("globalpool", "flatten", "dense"):
        fw, fh = width, height
    stride, hole = options.get("stride", (1, 1)), options.get("dilation", (1, 1))
    pad, more = options.get("pad", (0, 0, 0, 0)), options.get("output_pad", (0, 0))
    factor = options.get("factor", (1, 1))
    sides = {}
    for side, axis in (("width", 0), ("height", 1)):
        before, after = pad[2 * axis : 2 * axis + 2]
        sides[side] = {"W": layer.input[axis], "F": (fw, fh)[axis], "S": stride[axis]}
        sides[side] |= {"d": hole[axis], "P": before, "P_before": before, "P_after": after}
        sides[side] |= {"O": more[axis], "U": factor[axis]}
        if layer.kind == "pool":
            room, starts = sides[side]["W"] + before + after - (fw, fh)[axis], stride[axis]
            last = -(-room // starts) * starts  # where a last window would start, rounded up
            out = options["ceil"] and room % starts and last < before + sides[side]["W"]
            sides[side]["U"] = int(bool(out))
    whole = {"W": width, "H": height, "D": depth, "FW": fw, "FH": fh}
    whole |= {"K": options.get("filters", options.get("units", len(options.get("table", ()))))}
    whole |= {"G": options.get("groups", 1), "B": int(options.get("bias", 0)), "untied": 0}
    whole |= dict(zip(("P_left", "P_right", "P_top", "P_bottom"), pad, strict=True))
    whole |= {"A": int(options.get("affine", 0)), "size": options.get("size", 0)}
    whole |= {"seen": sum(map(len, options.get("table", ())))}
    others = getattr(layer, "others", ())
    whole |= {"volumes": 1 + len(others), "depths": depth + sum(one[2] for one in others)}
    size = {"float16": 2, "float32": 4}[use.dtype]
    whole |= {"W_out": layer.output[0], "H_out": layer.output[1], "type": size, "bytes each": size}
    states = {"none": 0, "adam": 2}[use.optimizer]
    whole |= {"batch": use.batch, "states": states, "optimizer": states}
    return {**sides, "": whole}


def own(layer: Any, use: Use) -> dict[str, int]:
    """What the layer says of itself, by the names of formulas."""
    width, height, depth = layer.output
    ways = {way.key.replace("_", " "): way for way in layer.connections}
    last = layer.connections[-1] if ways else None
    work, cells = last.multiply_adds if last else 0, layer.output.cells
    found = {"width": width, "height": height, DEPTH: depth, MULTIPLY_ADDS: work}
    found |= {"activations": 0 if layer.in_place else use.batch * cells}
    found |= {"bytes of the activations": found["activations"] * use.bytes_each}
    found |= {"FLOPs": 2 * work, f"{MULTIPLY_ADDS} of the batch": use.batch * work}
    found |= {"FLOPs of the batch": 2 * use.batch * work, "parameters": 0}
    for name, way in ways.items():
        found[f"{name} parameters"] = way.parameters.total
        found[f"{name} weights"] = way.parameters.weights
        found[f"bytes of the {name} parameters"] = way.parameters.total * use.bytes_each
        found[f"{name} {MULTIPLY_ADDS}"] = way.multiply_adds
    if last:
        learned, averages = last.parameters.total, last.averages
        found["moving averages"], found["parameters"] = averages, learned + averages
        found["bytes of the parameters"] = found["parameters"] * use.bytes_each
        kept = 2 * found["activations"] + (2 + use.states) * learned + averages
        found["numbers kept in training"] = kept
        found["bytes kept in training"] = kept * use.bytes_each
        found["connections"] = work + last.parameters.biases
    if layer.kind in ("local", "tabled"):
        neurons, n, bias = layer.neurons, layer.weights_per_neuron, layer.biases_per_neuron
        found["connections"] = work + neurons * bias
        inputs = use.batch * layer.input.cells
        found |= {"neurons": neurons, "biases per neuron": bias, "weights per neuron": n}
        found |= {"numbers of input and output": inputs + use.batch * neurons}
        found["bytes of input and output"] = (inputs + use.batch * neurons) * use.bytes_each
        found["sharing factor"] = width * height
        found["multiplications"] = work
        found["additions"] = neurons * (n - 1 + bias)
        found["multiplications and additions"] = found["additions"] + work
        found["parameters of a dense layer"] = depth * (layer.input.cells + bias)
        if layer.kind == "tabled":
            found["connected pairs"] = layer.pairs
    if layer.kind == "dense":
        found["inputs"] = layer.input.cells
    if layer.kind == "transposed":
        found["weights per input cell"] = layer.weights_per_cell
    return found


def check(layer: Any, use: Use) -> None:
    """Every formula, by Python's own arithmetic and as results, is the layer's own number."""
    letters, shorts, known = letters_of(layer, use), SHORTS[layer.kind], own(layer, use)
    named = letters[""] | known
    told = {one.name: one for one in results(layer, use)}
    for formula in FORMULAS[layer.kind]:
        for side in ("width", "height") if formula.name == SIZE else ("",):
            numbers = letters[side] | {"B": 0} if side else named
            if formula.when and not by_python(written_out(formula.when, numbers, shorts), numbers):
                assert formula.name not in told
                continue
            values = [
                by_python(written_out(part, numbers, shorts), numbers)
                for part in formula.text.split(" × ")
            ]
            name = side or formula.name
            if not values[1:]:
                assert values == [known[name]], name
            result = told.get(name) or told[formula.name]
            assert [*result.values] == values, name
            assert result.step.why or formula.further
    assert output_of(layer) == layer.output


@pytest.mark.slow
@pytest.mark.parametrize("kind", OTHERS)
@given(st.data())
@settings(max_examples=150)
def test_every_formula_evaluates_to_the_layers_own_number(kind: str, data: st.DataObject) -> None:
    layer = data.draw(st.one_of(layers_of(kind), enlarged(kind)))
    check(layer, data.draw(st.sampled_from([USUAL, ADAM])))


@pytest.mark.parametrize("kind", OTHERS)
@given(st.data())
@settings(max_examples=10)
def test_some_formulas_do(kind: str, data: st.DataObject) -> None:
    check(data.draw(st.one_of(layers_of(kind), enlarged(kind))), ADAM)


@pytest.mark.slow
@pytest.mark.parametrize("kind", OTHERS)
@given(st.data())
@settings(max_examples=60)
def test_every_mistake_evaluates_alike_by_python(kind: str, data: st.DataObject) -> None:
    layer = data.draw(st.one_of(layers_of(kind), enlarged(kind)))
    letters, shorts = letters_of(layer, ADAM), SHORTS[kind]
    symbols, named = layer.symbols(), letters[""] | own(layer, ADAM)
    along = {name: axis for key, axis in symbols.axes.items() for name in key.split(", ")}
    told = {one.name: one for one in results(layer, ADAM)}
    for mistake in MISTAKES[kind]:
        for side in ("width", "height") if mistake.of == SIZE else ("",):
            if "it" in mistake.text.split("·") or "/g" in mistake.text or mistake.of == "bytes":
                continue  # these are of a convolution, and tested there
            numbers = letters[side] | {"B": 0} if side else named
            ours = work_out_sides(
                mistake.text, along[side] if side else told[mistake.of].letters, shorts
            )
            expected = by_python(written_out(mistake.text, numbers, shorts), numbers)
            assert Fraction(ours[0].numerator, ours[0].denominator) == expected, mistake


# --- by counting


def windows(layer: Any) -> list[int]:
    """How many places there are along each axis: slid over the padded row, or laid down."""
    options, found = layer.made_of, []
    for axis in (0, 1):
        size, out = layer.input[axis], set()
        before, after = options.get("pad", (0,) * 4)[2 * axis : 2 * axis + 2]
        step = options.get("stride", (1, 1))[axis]
        hole = options.get("dilation", (1, 1))[axis]
        if layer.kind == "transposed":
            taps = [tap * hole for tap in range(options["filter"][axis])]
            out = {cell * step + tap for cell in range(size) for tap in taps} | {0}
            length = max(out) + 1 + options["output_pad"][axis]
            found.append(len(range(length)[before : length - after]))
            continue
        window = options.get("filter", options.get("window"))[axis]
        places = slide(size, before, after, window, step, hole)
        if options.get("ceil"):
            start = len(places) * step
            left_over = start < size + before + after and places[-1][-1] < size + after - 1
            places += [[]] * (left_over and start < before + size)
        found.append(len(places))
    return found


@pytest.mark.parametrize("kind", ["local", "tabled", "transposed", "pool"])
@given(st.data())
@settings(max_examples=60)
def test_the_size_is_the_number_of_places(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers_of(kind))
    sides = [one.value for one in results(layer) if one.formula.name == SIZE]
    assert [sides[0], sides[-1]] == windows(layer)


@pytest.mark.parametrize("kind", OTHERS)
@given(st.data())
@settings(max_examples=30)
def test_output_and_parameters_are_those_of_the_arrays(kind: str, data: st.DataObject) -> None:
    layer = data.draw(layers_of(kind, side=5))
    shapes = PASSES[kind].shapes(layer)
    inputs = [
        np.ones((one.height, one.width, one.depth))
        for one in (layer.input, *getattr(layer, "others", ()))
    ]
    weights = {name: np.ones(shape) for name, shape in shapes.items()}
    made = PASSES[kind].definition(layer, inputs, weights)
    found = {one.name: one.value for one in results(layer)}
    assert (output_of(layer).height, output_of(layer).width, found[DEPTH]) == made.shape
    assert found["activations"] == (0 if layer.in_place else made.size)
    total = {"tabled": "shared", "local": "unshared", "transposed": "shared", "dense": "dense"}
    name = f"{total[kind]} parameters" if kind in total else "parameters"
    if kind == "tabled":
        held = sum(
            layer.filter.width * layer.filter.height * len(row) + bool(layer.bias)
            for row in layer.table
        )
        assert found[name] == held
    else:
        assert found[name] == sum(array.size for array in weights.values())


@given(st.data())
@settings(max_examples=60)
def test_multiply_adds_are_one_for_each_product(data: st.DataObject) -> None:
    local, tabled, transposed, dense = (
        data.draw(layers_of(kind, side=4)) for kind in ("local", "tabled", "transposed", "dense")
    )

    def places(layer: Any) -> Any:
        return itertools.product(*map(range, layer.output[:2]))

    def taps(layer: Any) -> Any:
        return itertools.product(*map(range, layer.made_of["filter"]))

    def work(layer: Any) -> int:
        return next(one.value for one in results(layer) if one.name == MULTIPLY_ADDS)

    channels = range(local.input.depth)
    products = itertools.product(places(local), range(local.filters), taps(local), channels)
    assert work(local) == sum(1 for _ in products)
    seen = [(filter, one) for filter, row in enumerate(tabled.table) for one in row]
    assert work(tabled) == sum(1 for _ in itertools.product(places(tabled), taps(tabled), seen))
    own = transposed.filters // transposed.groups
    laid = itertools.product(*map(range, transposed.input), range(own), taps(transposed))
    assert work(transposed) == sum(1 for _ in laid)
    pairs = itertools.product(range(dense.units), *map(range, dense.input))
    assert work(dense) == sum(1 for _ in pairs)


# --- by hand


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        # 63 − 9 + 1 = 55; 55·55·16 = 48,400; 9·9·16 = 1,296; 48,400·1,297; 48,400·1,296
        ("local", {"neurons": 48400, "unshared parameters": 62774800, MULTIPLY_ADDS: 62726400}),
        # 6·3 + 9·4 + 6 = 60; 25·60 + 16; 100·1,500; 100·(1,500 + 16)
        (
            "tabled",
            {
                "connected pairs": 60,
                "shared parameters": 1516,
                MULTIPLY_ADDS: 150000,
                "connections": 151600,
                "unshared parameters": 151600,
            },
        ),
        # 6·2 + 4 − 1 = 15; 4·2 + 4 − 2 = 10; 4·4·16 = 256; 64·256 + 32; 7·5·64·256
        (
            "transposed",
            {"width": 15, "height": 10, "shared parameters": 16416, MULTIPLY_ADDS: 573440},
        ),
        ("pool", {SIZE: 27, "parameters": 0, "activations": 27 * 27 * 96, MULTIPLY_ADDS: 0}),
        ("globalpool", {SIZE: 1, DEPTH: 2048, "activations": 2048}),
        # 25,088·4,096 = 102,760,448; + 4,096
        ("dense", {"inputs": 25088, "dense parameters": 102764544, MULTIPLY_ADDS: 102760448}),
        ("flatten", {SIZE: 1, DEPTH: 25088, "activations": 0}),
        ("batchnorm", {"trainable parameters": 128, "moving averages": 128, "parameters": 256}),
        ("lrn", {SIZE: 55, "parameters": 0, "activations": 290400}),
        ("activation", {SIZE: 55, DEPTH: 96, "activations": 0, MULTIPLY_ADDS: 0}),
        ("dropout", {SIZE: 1, DEPTH: 4096, "activations": 0}),
        ("upsample", {"width": 14, "height": 10, DEPTH: 64, "activations": 8960}),
        ("add", {SIZE: 56, DEPTH: 256, "activations": 802816}),
        ("concat", {SIZE: 28, DEPTH: 192, "activations": 0}),
    ],
)
def test_the_numbers_of_known_layers(kind: str, expected: dict[str, int]) -> None:
    found = {step.name: step.value for step in derivation(EXAMPLES[kind])}
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "answer", "mistake"),
    [
        ("local", "20,752", "shared the filters"),  # 16·(1,296 + 1)
        ("local", "62,726,416", "one bias per filter"),  # 48,400·1,296 + 16
        ("tabled", "2,416", "connected every filter with every channel"),  # 16·(25·6 + 1)
        ("tabled", "1,500", None),  # those are its weights
        ("tabled", "1,560", "one bias per pair"),  # 1,500 + 60
        ("tabled", "416", "forgot the depth"),  # 16·(25 + 1)
        ("transposed", "14x10", "multiplied by the stride"),  # 7·2, 5·2
        ("transposed", "16,448", "one bias per input channel"),  # 16,384 + 64
        ("transposed", "16x12", "forgot the pad"),  # 6·2 + 4, 4·2 + 4
        ("pool", "864", "counted a window for each channel"),  # 9·96
        ("pool", "53x53", "forgot the stride"),  # 55 − 3 + 1
        ("pool", "629,856", "counted what each window sees"),  # 27·27·96·9
        ("pool", "27x27x1", "pooled the depth too"),
        ("globalpool", "100,352", "counted a window for each channel"),  # 49·2,048
        ("dense", "102,760,448", None),  # 25,088·4,096 are its weights
        ("dense", "2,101,248", "flattened without width and height"),  # 4,096·(512 + 1)
        ("dense", "204,800", "forgot the depth"),  # 4,096·(49 + 1)
        ("dense", "29,184", "added inputs and units"),  # 25,088 + 4,096
        ("flatten", "1x1x49", "forgot the depth"),
        ("batchnorm", "1,605,632", "one scale and shift per cell"),  # 2·112·112·64
        ("batchnorm", "64", None),  # its depth
        ("lrn", "192", "took it for batch normalisation"),  # 2·96
        ("activation", "290,400", "counted its memory again"),
        ("add", "56x56x512", "laid the volumes one behind the other"),
        ("concat", "28x28x64", "added the volumes up"),
        ("concat", "150,528", "counted the branches' outputs again"),  # 28·28·192
        ("upsample", "9x7", "added the factor"),
    ],
)
def test_mistakes_are_told_by_their_names(kind: str, answer: str, mistake: str | None) -> None:
    verdict = judge(EXAMPLES[kind], answer)
    if mistake is None:
        assert verdict.is_right
    else:
        assert not verdict.is_right
        assert mistake in [one.name for one in verdict.mistakes]


# --- in every form


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_form_tells_it(kind: str) -> None:
    from convcalc.present.screens.explanation import explained_in_markdown, print_explained_layer
    from convcalc.present.screens.layer import print_layer
    from convcalc.present.text.latex import explained_in_latex, to_latex
    from convcalc.present.text.markdown import to_markdown
    from convcalc.present.text.record import layer_record, to_csv, to_json

    layer = EXAMPLES[kind]
    steps = derivation(layer)
    assert all(step.why.endswith(".") and "{" not in step.why for step in steps)
    record = json.loads(to_json(layer_record(layer)))
    assert record["output"] == layer.output._asdict()
    for way in layer.connections:
        assert record["parameters"][way.key]["total"] == way.parameters.total
        assert record["parameters"][way.key]["multiply_adds"] == way.multiply_adds
    assert (record["parameters"] == {}) == (layer.connections == ())
    console = Console(width=100, record=True, file=io.StringIO())
    print_layer(console, layer, USUAL)
    print_explained_layer(console, layer, USUAL)
    screen = console.export_text()
    for text in (explained_in_markdown(layer, USUAL), " ".join(screen.split())):
        assert all(" ".join(str(step).split()) in text.replace("**", "") for step in steps)
    assert ("× " in to_markdown(layer)) == (len(layer.connections) > 1)
    assert str(layer) in to_markdown(layer)
    assert to_latex(layer, USUAL).isascii()
    assert explained_in_latex(layer, USUAL).count(r"\item") == len(steps)
    assert to_csv(layer, USUAL).count("\n") == 1 + max(1, len(layer.connections))
    assert (str(layer) in page(layer)) == (kind in OTHERS)


@pytest.mark.browser
def test_the_page_has_every_step_of_every_kind(tmp_path: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for kind, layer in EXAMPLES.items():
            path = tmp_path / f"{kind}.html"
            path.write_text(page(layer), encoding="utf-8")
            with visiting(browser, path) as visit:
                if kind in OTHERS:
                    steps = visit.page.locator("#steps dd").all_text_contents()
                    assert visit.text("#layer") == str(layer)
                    assert steps == [step.equation + step.why for step in derivation(layer)]
                totals = visit.page.locator("#counts .total").all_text_contents()
                expected = [f"{way.parameters.total:,}" for way in layer.connections]
                assert totals == expected or kind not in OTHERS
        browser.close()


@pytest.mark.parametrize("kind", EXAMPLES)
def test_no_mistake_is_of_a_number_that_there_is_not(kind: str) -> None:
    names = [one.name for one in FORMULAS[kind]]
    for mistake in MISTAKES[kind]:
        assert any(name == mistake.of or name.startswith(f"{mistake.of} of ") for name in names)
        assert mistake.why.endswith(".")
    assert len(MISTAKES[kind]) > 1
    assert all(one.value != one.right[-1].value for one in wrong_values(EXAMPLES[kind]))
