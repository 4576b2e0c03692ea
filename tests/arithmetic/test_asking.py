"""What Python asks: against windows counted one by one, and against what the command line says."""

import copy
import json
import pickle
from decimal import Decimal
from typing import Any

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import layers, windows_of
from support.sums import evaluate

import convcalc
from convcalc import BadRequest, ConvLayer, check_answer, counts, explain
from convcalc.layer import Recipe

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
        assert str(step).replace(",", "").endswith(str(step.value))


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
    assert not check_answer(layer, (width, height, depth + 1)).is_right
    assert not check_answer(layer, (width + 1, height)).is_right


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
        assert told == [step._asdict() for step in explain(layer, dtype="float64")]
        told = json.loads(run(*typed, "--answer", "34,848").out)["answer"]
        verdict = check_answer(layer, 34_848, dtype="float64")
        assert [one["name"] for one in told["right_as"]] == [one.name for one in verdict.right]
        assert [one["name"] for one in told["mistakes"]] == [one.name for one in verdict.mistakes]


def test_a_recipe_is_bound_to_an_input() -> None:
    recipe = Recipe("conv", {"filter": 3, "filters": 8, "pad": "same"})
    assert recipe.at((9, 7, 2)) == ConvLayer(input=(9, 7, 2), filter=3, filters=8, pad=1)
    with pytest.raises(BadRequest, match=r"^filter 3: its width 3 is more than the 2 columns"):
        Recipe("conv", {"filter": 3, "filters": 8}).at((2, 2, 1))


def test_what_is_returned_can_be_sent_and_copied() -> None:
    for value in (explain(NOTES), counts(NOTES), check_answer(NOTES, 288), NOTES.fit):
        assert pickle.loads(pickle.dumps(value)) == value
        assert copy.deepcopy(value) == value


def test_every_public_name_says_what_it_is() -> None:
    for name in convcalc.__all__:
        assert getattr(convcalc, name).__doc__, name
