"""`--explain`: every step's arithmetic done again, and the sliding found by sliding."""

import json
import re

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import huge_layers, layers, windows_of
from support.sums import evaluate

from convcalc import ConvLayer
from convcalc.arithmetic.derivation import derivation
from convcalc.present.text.sliding import sliding

NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96".split()


def counted(layer: ConvLayer) -> dict[str, int]:
    """What the steps should come to, by the notes' own sums."""
    sides = []
    for size, before, after, filter, stride, dilation in (
        (layer.input.width, *layer.pad[:2], layer.filter[0], layer.stride.x, layer.dilation.x),
        (layer.input.height, *layer.pad[2:], layer.filter[1], layer.stride.y, layer.dilation.y),
    ):
        last = size + before + after - ((filter - 1) * dilation + 1)
        sides.append(last // stride + 1)
    width, height = sides
    each = layer.filter[0] * layer.filter[1] * (layer.input.depth // layer.groups)
    one = each + (1 if layer.bias else 0)
    neurons = width * height * layer.filters
    whole = layer.input.width * layer.input.height * layer.input.depth
    return {
        "width": width,
        "height": height,
        "depth of the output volume": layer.filters,
        "neurons": neurons,
        "weights per neuron": each,
        "biases per neuron": one - each,
        "fully connected parameters": neurons * (whole + one - each),
        "unshared parameters": neurons * one,
        "shared parameters": layer.filters * one,
        "sharing factor": width * height,
        "multiply-adds": neurons * each,
        "bytes of the fully connected parameters": 4 * neurons * (whole + one - each),
        "bytes of the unshared parameters": 4 * neurons * one,
        "bytes of the shared parameters": 4 * layer.filters * one,
    }


@pytest.mark.slow
@given(st.one_of(layers(side=30), huge_layers()))
@settings(max_examples=2000)
def test_every_step_does_the_sum_it_shows(layer: ConvLayer) -> None:
    steps = derivation(layer)
    for step in steps:
        assert evaluate(step.substituted) == step.value, step
    expected = counted(layer)
    values = {name: step.value for step in steps for name in step.name.split(", ")}
    assert values == expected
    assert list(values) == list(expected)


@pytest.mark.slow
@given(layers(side=30), st.sampled_from([("float16", 2), ("float32", 4), ("float64", 8)]))
def test_every_step_has_a_formula_and_one_sentence(
    layer: ConvLayer, dtype: tuple[str, int]
) -> None:
    across, down = windows_of(layer)
    steps = derivation(layer, dtype[0])
    for step in steps:
        assert re.fullmatch(r"[A-Z][^.]*\.", step.why), step
        assert evaluate(step.substituted) == step.value
        if "parameters" in step.name:
            assert layer.bias or "1" not in step.formula
    assert steps[-1].value == dtype[1] * layer.parameters.shared.total
    assert f"{dtype[0]} number takes {dtype[1]} bytes" in steps[-1].why
    assert f"{len(across)}x{len(down)}x{layer.filters}" in str(steps)


@pytest.mark.slow
@given(layers(side=25))
@settings(max_examples=300)
def test_the_words_count_the_steps_of_the_filter(layer: ConvLayer) -> None:
    by_name = {name: step for step in derivation(layer) for name in step.name.split(", ")}
    for axis, windows in zip(layer.axes, windows_of(layer), strict=True):
        why = by_name[axis.name].why
        left = axis.size + axis.after - 1 - windows[-1][-1]
        row = "padded row" if axis.before + axis.after else "row"
        if len(windows) == 1 and not left:
            assert why == f"The filter covers the whole {row}: the start is its only position."
            continue
        steps = {0: "no step", 1: "1 step"}.get(len(windows) - 1, f"{len(windows) - 1} steps")
        stay = "stays" if left == 1 else "stay"
        end = f"; {left} of its pixels {stay} unseen" if left else ""
        room = f"there is room for {steps} of {axis.stride}{end}."
        assert why == f"After the start at the edge of the {row} {room}"


def test_the_notes_layer_step_by_step(run: Run) -> None:
    code, out, err = run("params", *NOTES, "--explain")
    assert (code, err) == (0, "")
    # the figures of the course notes
    for figure in ("290,400", "363", "105,705,600", "34,944", "3,025", "96·(363 + 1)"):
        assert figure in out
    assert out.count("\n ") >= 11
    assert "sliding" not in out, "227 pixels are too many to draw"


def test_json_markdown_and_latex_tell_the_same_steps(run: Run) -> None:
    spec = "--input 9x6x4 --filter 2x3 --stride 3x1 --pad 0x1x1x0 --groups 2 --filters 4 --no-bias"
    words = ["params", *spec.split(), "--explain", "--format"]
    record = json.loads(run(*words, "json").out)
    assert list(record)[-2:] == ["sharing_factor", "derivation"]
    steps = record["derivation"]
    assert all(list(one) == ["name", "formula", "substituted", "value", "why"] for one in steps)
    # width: 9 - 2 + 0 + 1 = 8 = 2·3 + 2; height: 6 - 3 + 1 + 0 = 4; 60·9·6·4 = 12960 weights
    counts = [3, 5, 4, 60, 12, 0, 12960, 720, 48, 15, 720]
    assert [one["value"] for one in steps] == [*counts, 51840, 2880, 192]
    markdown, latex = (run(*words, form).out for form in ("markdown", "latex"))
    latex = latex.replace("{,}", ",")
    assert latex.isascii()
    for one in steps:
        for text in (markdown, latex):
            assert one["name"] in text
            assert one["why"] in text
            assert f"{one['value']:,}" in text
    assert [int(n) for n in re.findall(r"^(\d+)\. ", markdown, re.MULTILINE)] == [*range(1, 15)]
    assert latex.count(r"\item") == 14
    assert r"$\mathit{FW} \cdot \mathit{FH} \cdot D/G = 2 \cdot 3 \cdot 4/2 = 12$" in latex
    assert r"W_{\mathrm{out}} \cdot H_{\mathrm{out}} \cdot K" in latex
    assert latex.count("{") == latex.count("}")


def test_csv_has_no_place_for_it(run: Run) -> None:
    code, out, err = run("params", *NOTES, "--explain", "--format", "csv")
    assert (code, out) == (2, "")
    assert err == (
        "convcalc: --format csv: has rows of counts and no place for an argument; "
        "give table, json, markdown or latex with --explain\n"
    )


@pytest.mark.parametrize("columns", [10, 60, 80, 200])
def test_it_keeps_to_the_width(columns: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    for spec in (NOTES, "--input 9x12x4 --filter 2x3 --pad 1 --filters 4 --no-bias".split()):
        out = run("params", *spec, "--explain").out
        assert columns == 10 or max(map(len, out.splitlines())) <= columns
        assert "sharing saves" in " ".join(out.split())


@pytest.mark.slow
@given(layers(side=20))
@settings(max_examples=400)
def test_the_drawing_shows_what_sliding_finds(layer: ConvLayer) -> None:
    x, y = layer.axes
    drawing = sliding(layer)
    assert all(line.isascii() and len(line) <= 60 for line in drawing)
    for axis, windows, name in zip((x, y), windows_of(layer), ("column", "row"), strict=True):
        padded = axis.before + axis.size + axis.after
        if name == "row" and x._replace(name=y.name) == y:
            assert not any(re.match(r"row \d", line) for line in drawing)
            continue
        drawn = [line[11:].split(" ") for line in drawing if re.match(rf"{name} \d", line)]
        if padded > 24:
            assert not drawn
            continue
        assert len(drawn) == len(windows)
        for cells, window in zip(drawn, windows, strict=True):
            assert len(cells) == padded
            seen = [index - axis.before for index, sign in enumerate(cells) if sign == "#"]
            assert seen == window
            for index, sign in enumerate(cells):
                pixel = index - axis.before
                if window[0] <= pixel <= window[-1]:
                    assert sign in "#-"
                else:
                    assert sign == ("." if 0 <= pixel < axis.size else "0")
    unseen = {
        tuple(index // 2 for index, sign in enumerate(line[11:]) if sign == "x")
        for line in drawing
        if line.startswith("left over")
    }
    behind = {
        tuple(range(axis.before + windows[-1][-1] + 1, axis.padded))
        for axis, windows in zip((x, y), windows_of(layer), strict=True)
        if axis.padded <= 24
    }
    assert unseen == behind - {()}


def test_left_over_pixels_are_drawn_behind_the_last_window(run: Run) -> None:
    _, out, _ = run(
        "params", *"--input 8x5x1 --filter 3x2 --stride 2x3 --filters 1".split(), "--explain"
    )
    assert out.endswith(
        "sliding along the width\n(. pixel, # seen, x left over)\n"
        "row        . . . . . . . .\n"
        "column 0   # # # . . . . .\n"
        "column 1   . . # # # . . .\n"
        "column 2   . . . . # # # .\n"
        "left over                x\n"
        "\n"
        "sliding along the height\n(. pixel, # seen)\n"
        "row        . . . . .\n"
        "row 0      # # . . .\n"
        "row 1      . . . # #\n"
    )


def test_forward_explains_too(run: Run) -> None:
    spec = "forward --input 9x9x2 --filter 3 --filters 2 --seed 1 --explain".split()
    counted = run("params", *"--input 9x9x2 --filter 3 --filters 2".split(), "--explain").out
    assert run(*spec).out.endswith(counted.split("\n\n", 1)[1])
    record = json.loads(run(*spec, "--format", "json", "--dtype", "float64").out)
    # 2·(3·3·2 + 1) = 38 parameters of 8 bytes
    assert record["derivation"][-1]["value"] == 38 * 8
