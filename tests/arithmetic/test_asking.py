"""What Python asks: against windows counted one by one, and against what the command line says."""

import copy
import json
import pickle
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers, windows_of
from support.sums import evaluate

import convcalc
from convcalc import BadRequest, ConvLayer, Recipe, check_answer, counts, explain, solve

NOTES = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)


def checking(layer: ConvLayer, **use: Any) -> Any:
    return check_answer(layer, 1, **use)


def brute_force(layer: ConvLayer) -> dict[str, int]:
    """Counts by going through the layer: every filter at every place, every weight it has there."""
    across, down = windows_of(layer)
    channels = layer.input.depth // layer.groups
    places = [(column, row) for row in down for column in across]
    taps = [len(column) * len(row) * channels for column, row in places]
    bias = 1 if layer.bias else 0
    return {
        "width": len(across),
        "height": len(down),
        "depth of the output volume": layer.filters,
        "neurons": sum(layer.filters for _ in places),
        "weights per neuron": taps[0],
        "unshared parameters": sum(layer.filters * (tap + bias) for tap in taps),
        "shared parameters": sum(taps[0] + bias for _ in range(layer.filters)),
        "multiply-adds": sum(layer.filters * tap for tap in taps),
    }


@pytest.mark.slow
@given(layers())
@settings(max_examples=200)
def test_explaining_comes_to_what_counting_one_by_one_does(layer: ConvLayer) -> None:
    steps = explain(layer)
    values = {name: step.value for step in steps for name in step.name.split(", ")}
    expected = brute_force(layer)
    assert {name: values[name] for name in expected} == expected
    for step in steps:
        assert evaluate(step.substituted) == step.value
        assert str(step).startswith(f"{step.name}: ")
        values = step.value if isinstance(step.value, tuple) else (step.value,)
        assert str(step).replace(",", "").endswith("x".join(map(str, values)))


SIZES = ("output volume", "width and height of the output")


@pytest.mark.slow
@given(layers())
@settings(max_examples=100)
def test_an_answer_is_right_if_counting_one_by_one_comes_to_it(layer: ConvLayer) -> None:
    expected = brute_force(layer)
    width, height, depth = expected["width"], expected["height"], layer.filters
    for name in ("neurons", "unshared parameters", "shared parameters", "multiply-adds"):
        for answer in (expected[name], f"{expected[name]:,}", Decimal(expected[name])):
            assert name in [right.name for right in check_answer(layer, answer).right]
    for size in ((width, height, depth), [width, height], f"{width}x{height}x{depth}"):
        assert check_answer(layer, size).is_right
    # another size may be right as that of a matrix or of the padded input, but not as the output's
    for wrong in ((width, height, depth + 1), (width + 1, height)):
        assert not [one for one in check_answer(layer, wrong).right if one.name in SIZES]


@pytest.mark.slow
@given(layers(), st.sampled_from([("float16", 2), ("float32", 4), ("float64", 8)]))
def test_the_rows_of_the_table_are_the_counts(layer: ConvLayer, dtype: tuple[str, int]) -> None:
    expected, (name, size) = brute_force(layer), dtype
    rows = {row.key: row for row in counts(layer, dtype=name)}
    assert list(rows) == ["fully_connected", "unshared", "shared"]
    for way in ("unshared", "shared"):
        assert rows[way].parameters.total == expected[f"{way} parameters"]
        assert rows[way].bytes == size * expected[f"{way} parameters"]
        assert rows[way].multiply_adds == expected["multiply-adds"]
    assert rows["unshared"].times == expected["width"] * expected["height"]


def test_a_number_that_is_none_of_the_layer_is_not_right() -> None:
    # (11 * 11 * 3 + 1) * 96 = 34,944, without the biases 34,848
    assert check_answer(NOTES, "34,944").is_right
    forgot = check_answer(NOTES, "34,945")
    assert not forgot.is_right
    assert not forgot.mistakes
    assert [one.name for one in check_answer(NOTES, "11,616").mistakes] == [
        "forgot the depth and the biases"  # 11 * 11 * 96
    ]


@pytest.mark.parametrize("answer", [34_944, "34944", "34,944", Decimal("34944"), (34_944,)])
def test_an_answer_may_be_written_in_any_way(answer: Any) -> None:
    assert check_answer(NOTES, answer) == check_answer(NOTES, "34,944")


def test_a_verdict_is_as_true_as_the_answer() -> None:
    assert check_answer(NOTES, 34_944)
    assert not check_answer(NOTES, 34_945)
    assert not check_answer(NOTES, 11_616)


def test_the_shape_of_an_array_is_a_size() -> None:
    layer = ConvLayer(input=(30, 20, 3), filter=3, filters=8)  # 28 wide, 18 high
    for shape in ((18, 28, 8), (8, 18, 28), (1, 8, 18, 28), (28, 18, 8)):
        assert check_answer(layer, shape).is_right
    for other in ((18, 28, 9), (28, 28, 8), (1, 8, 18, 27)):
        assert not check_answer(layer, other).is_right


def test_one_dimension_is_asked_alike() -> None:
    # 60 samples of 1 channel, 7 filters of 40: 60 - 40 + 1 = 21 places, 7 * (40 + 1) = 287
    layer = ConvLayer(input=(60, 1), filter=40, filters=7)
    assert {step.name: step.value for step in explain(layer)}["length"] == 21
    assert check_answer(layer, (21, 7)).is_right
    assert check_answer(layer, 287).is_right
    assert counts(layer)[-1].parameters.total == 287
    assert repr(layer) == "ConvLayer(input=(60, 1), filter=40, filters=7)"
    assert layer.fit


def test_a_layer_without_a_window_fits() -> None:
    found = Recipe("batchnorm", {}).at((4, 3, 2)).fit
    assert (found.exact, found.width, found.height) == (True, 4, 3)
    assert str(found) == "there is no window to fit"


@pytest.mark.parametrize("answer", [54.25, "54.25", Fraction(217, 4), Decimal("54.25")])
def test_an_answer_need_not_be_whole(answer: Any) -> None:
    layer = ConvLayer(input=(224, 224, 3), filter=11, stride=4, filters=96)
    verdict = check_answer(layer, answer)
    assert not verdict.is_right  # (224 - 11)/4 + 1 = 54.25, but there are 54 positions
    assert verdict.answer == "54.25"


@pytest.mark.parametrize("answer", ["", "many", "55x55xmany", (), float("nan"), True, None])
def test_what_is_no_answer_is_refused(answer: Any) -> None:
    with pytest.raises(BadRequest, match=r"^answer "):
        check_answer(NOTES, answer)


def test_an_answer_of_any_length_is_refused_in_words() -> None:
    with pytest.raises(BadRequest, match=r"^answer a number of thousands of digits: is too long"):
        check_answer(NOTES, 10**5000)


@pytest.mark.parametrize(
    "ask", [explain, counts, lambda layer, **use: check_answer(layer, 1, **use)]
)
def test_a_type_that_is_none_is_refused_by_name(ask: Any) -> None:
    with pytest.raises(BadRequest) as refusal:
        ask(NOTES, dtype="float8")
    assert str(refusal.value) == (
        "dtype float8: is none of the choices; give float16, float32 or float64"
    )


@pytest.mark.parametrize("ask", [explain, checking])
def test_a_batch_and_an_optimizer_that_are_none_are_refused_by_name(ask: Any) -> None:
    for wrong in (0, -1, 1.5, True, "2"):
        with pytest.raises(BadRequest, match=r"^batch "):
            ask(NOTES, batch=wrong)
    with pytest.raises(BadRequest, match=r"^optimizer sgd: is none of the choices; give none, "):
        ask(NOTES, optimizer="sgd")


def test_python_and_the_command_line_say_the_same(run: Run) -> None:
    for layer, options in ((NOTES, "--input 227x227x3 --filter 11 --stride 4 --filters 96"),):
        typed = ["params", *options.split(), "--format", "json", "--dtype", "float64"]
        told = json.loads(run(*typed, "--explain").out)["derivation"]
        steps = [step._asdict() for step in explain(layer, dtype="float64")]
        assert told == json.loads(json.dumps(steps))
        told = json.loads(run(*typed, "--answer", "34,848").out)["answer"]
        verdict = check_answer(layer, 34_848, dtype="float64")
        assert [one["name"] for one in told["right_as"]] == [one.name for one in verdict.right]
        assert [one["name"] for one in told["mistakes"]] == [one.name for one in verdict.mistakes]


@pytest.mark.parametrize(
    ("options", "known"),
    [
        ("--input 227x227x3 --output 55x55", {"input": (227, 227, 3), "output": (55, 55)}),
        (
            "--input 32x24x4 --output 16x12x8 --filter 3..5 --pad same --groups 1..4 --no-bias",
            {
                "input": [32, 24, 4],
                "output": (16, 12, 8),
                "filter": range(3, 6),
                "pad": "same",
                "groups": range(1, 5),
                "bias": False,
            },
        ),
        (
            "--input 20x20x3 --keep-size --filter 5x3 --max-params 1.5k --limit 3",
            {
                "input": (20, 20, 3),
                "keep_size": True,
                "filter": (5, 3),
                "max_params": 1500,
                "limit": 3,
            },
        ),
        (
            "--input 20x20x3 --halve --stride 2 --pad 0..2 --max-macs 1M --allow-floor",
            {
                "input": (20, 20, 3),
                "halve": True,
                "stride": 2,
                "pad": range(3),
                "max_macs": 10**6,
                "allow_floor": True,
            },
        ),
        (
            "--output 55x55 --filter 11 --stride 4 --depth 3 --filters 96",
            {"output": (55, 55), "filter": 11, "stride": 4, "depth": 3, "filters": 96},
        ),
        ("--input 9x9x1 --output 40x40", {"input": (9, 9, 1), "output": (40, 40)}),
    ],
)
def test_solving_in_python_is_what_the_command_line_does(
    run: Run, options: str, known: dict[str, Any]
) -> None:
    told = json.loads(run("solve", *options.split(), "--format", "json").out)
    found = solve(**known)
    assert (told["count"], told["complete"]) == (found.total, found.complete)
    for listed, own in (
        (told["solutions"], found.layers),
        (told["nearest"], [near.solution.layer for near in found.nearest]),
    ):
        assert [one["stride"] for one in listed] == [layer.stride._asdict() for layer in own]
        assert [one["filter"] for one in listed] == [layer.filter._asdict() for layer in own]
        assert [one["pad"] for one in listed] == [layer.pad._asdict() for layer in own]
        assert [one["input"] for one in listed] == [layer.input._asdict() for layer in own]
        assert [one["filters"] for one in listed] == [layer.filters for layer in own]
    assert told["solutions"] or told["nearest"]


def test_a_wrong_keyword_names_the_right_one() -> None:
    with pytest.raises(TypeError, match=r"^solve has no keyword kernel_size; it is spelt filter"):
        solve(input=(9, 9, 1), kernel_size=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"^solve has no keyword max_parms; the nearest is max_par"):
        solve(input=(9, 9, 1), max_parms=3)  # type: ignore[call-arg]


def test_what_is_found_is_layers() -> None:
    found = solve(input=(227, 227, 3), output=(55, 55, 96))
    # 227 - 11 = 54 * 4, and each 2 more of filter take a pad of 1 more
    assert [(layer.filter.width, layer.stride.x, layer.pad.left) for layer in found.layers] == [
        (11, 4, 0),
        (13, 4, 1),
        (15, 4, 2),
    ]
    assert found.total == 3
    assert NOTES in found.layers
    assert found.nearest == []
    with pytest.raises(TypeError):
        len(found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "message"),
    [
        ({}, r"^input is missing; give "),
        (
            {"output": 21.5, "filter": 3},
            r"^output 21\.5: is 1 number where 2 or 3 are needed; give ",
        ),
        ({"input": (9, 9, 4), "depth": 3}, r"^depth 3: is not the depth 4 of the input; leave it"),
        ({"input": (9,)}, r"^input 9: is 1 number where 2 or 3 are needed; "),
        ({"filter": "3..5"}, r"^filter 3..5: is not a whole number; "),
        ({"filter": range(3, 12, 2)}, r"^filter range\(3, 12, 2\): is no range .* in steps of one"),
        ({"stride": range(3)}, r"^stride 0x3: .*at least 1; "),
        ({"pad": "some"}, r"^pad some: is not a pad; "),
        ({"limit": 0}, r"^limit 0: must be at least 1; "),
        ({"output": (5, 5), "halve": True}, r"^output is said more than once; give one"),
        ({"keep_size": True, "halve": True}, r"^output is said more than once; give one"),
        ({"output": (5, 5, 4), "filters": 5}, r"^filters 5: is not the depth 4 of "),
        ({"max_params": 1.5}, r"^max-params 1.5: is not a whole number; "),
    ],
)
def test_what_cannot_be_solved_for_is_refused_by_name(known: dict[str, Any], message: str) -> None:
    with pytest.raises(BadRequest, match=message):
        solve(**({"input": (9, 9, 1)} | known if known else known))


def test_a_recipe_is_bound_to_an_input() -> None:
    recipe = Recipe("conv", {"filter": 3, "filters": 8, "pad": "same"})
    assert recipe.at((9, 7, 2)) == ConvLayer(input=(9, 7, 2), filter=3, filters=8, pad=1)
    with pytest.raises(BadRequest, match=r"^kind conv2d: is none of the choices; the nearest "):
        Recipe("conv2d", {"filter": 3, "filters": 8}).at((9, 7, 2))
    with pytest.raises(BadRequest, match=r"^filter 3: its width 3 is more than the 2 columns"):
        Recipe("conv", {"filter": 3, "filters": 8}).at((2, 2, 1))


def test_what_is_returned_can_be_sent_and_copied() -> None:
    for value in (
        explain(NOTES),
        counts(NOTES),
        check_answer(NOTES, 288),
        solve(input=NOTES.input),
        NOTES.fit,
    ):
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value


def test_every_public_name_says_what_it_is() -> None:
    for name in convcalc.__all__:
        assert getattr(convcalc, name).__doc__, name
