"""`--answer`: every mistake is named by its answer, found by wrong formulas written here anew."""

import json
import math
from fractions import Fraction
from typing import NamedTuple

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.generated import huge_layers, layers, windows_of
from support.sums import evaluate as evaluate_floors

from convcalc import ConvLayer
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.wrong import Wrong, wrong_values
from convcalc.arithmetic.formula import work_out

SMALL = "--input 32x32x3 --filter 3 --filters 32".split()


class Row(NamedTuple):
    """The numbers of one axis."""

    size: int
    filter: int
    stride: int
    dilation: int
    before: int
    after: int

    @property
    def extent(self) -> int:
        return (self.filter - 1) * self.dilation + 1

    @property
    def right(self) -> int:
        return (self.size + self.before + self.after - self.extent) // self.stride + 1


def rows(layer: ConvLayer) -> tuple[Row, Row]:
    (w, h, _), (fw, fh, _), pad = layer.input, layer.filter, layer.pad
    return (
        Row(w, fw, layer.stride.x, layer.dilation.x, pad.left, pad.right),
        Row(h, fh, layer.stride.y, layer.dilation.y, pad.top, pad.bottom),
    )


def wrong_sides(r: Row) -> dict[tuple[str, int], int]:
    """The wrong positions along an axis; the number tells apart two ways of one mistake."""
    both = r.before + r.after
    return {
        ("forgot the pad", 0): (r.size - r.extent) // r.stride + 1,
        ("added the pad once", 0): (r.size - r.extent + r.before) // r.stride + 1,
        ("added the pad once", 1): (r.size - r.extent + r.after) // r.stride + 1,
        ("missing brackets", 0): r.size
        - r.extent
        + (
            2 * r.before // r.stride
            if r.before == r.after
            else math.floor(r.before + Fraction(r.after, r.stride))
        )
        + 1,
        ("forgot the + 1", 0): (r.size - r.extent + both) // r.stride,
        ("rounded up", 0): -((r.extent - r.size - both) // r.stride) + 1,
        ("forgot the stride", 0): r.size - r.extent + both + 1,
        ("ignored the dilation", 0): (r.size - r.filter + both) // r.stride + 1,
        ("took dilation 0 for none", 0): (r.size - (r.filter - 1) * (r.dilation + 1) - 1 + both)
        // r.stride
        + 1,
        ("used the input's size", 0): r.size,
    }


def wrong_counts(layer: ConvLayer) -> dict[tuple[str, str], int]:
    """The wrong counts, by quantity and mistake."""
    (w, h, d), (fw, fh, _), k, g = layer.input, layer.filter, layer.filters, layer.groups
    across, down = (row.right for row in rows(layer))
    flat, each, places = fw * fh, fw * fh * (d // g), across * down
    b = int(layer.bias)
    shared = {
        "forgot the depth": k * flat + k * b,
        "confused filters with depth": d * flat * (k // g) + d * b,
        "confused filters with depth: as deep as there are filters": k * flat * k + k * b,
        "confused filters with depth: as many filters as depths": d * each + d * b,
        "counted one filter": each + b,
        "ignored the groups": k * flat * d + k * b,
        "multiplied by the positions": places * k * each + places * k * b,
    }
    unshared = {
        "forgot the depth": places * k * (flat + b),
        "used the input's positions": w * h * k * (each + b),
        "counted one depth slice": places * (each + b),
    }
    if layer.bias:
        shared |= {
            "forgot the depth and the biases": k * flat,
            "forgot the biases": k * each,
            "one bias per neuron": k * each + places * k,
            "counted the biases twice": k * each + k + k,
            "one bias for the whole layer": k * each + 1,
        }
        unshared |= {
            "forgot the biases": places * k * each,
            "one bias per filter": places * k * each + k,
            "used the input's positions and forgot the biases": w * h * k * each,
        }
    else:
        shared["counted biases"] = k * each + k
    neurons = {
        "used the input's positions": w * h * k,
        "confused filters with depth": places * d,
        "counted one depth slice": places,
    }
    return {
        (quantity, name): value
        for quantity, table in (
            ("shared parameters", shared),
            ("unshared parameters", unshared),
            ("neurons", neurons),
        )
        for name, value in table.items()
    }


def right_counts(layer: ConvLayer) -> dict[str, int]:
    across, down = (row.right for row in rows(layer))
    each = math.prod(layer.filter)
    one, neurons = each + int(layer.bias), across * down * layer.filters
    return {
        "shared parameters": layer.filters * one,
        "unshared parameters": neurons * one,
        "neurons": neurons,
        "width": across,
        "height": down,
        "shared weights": layer.filters * each,
        "unshared weights": neurons * each,
        "multiply-adds": neurons * each,
        "fully connected weights": neurons * math.prod(layer.input),
        "fully connected parameters": neurons * (math.prod(layer.input) + int(layer.bias)),
        "depth of the output volume": layer.filters,
        "weights per neuron": each,
        "biases per neuron": int(layer.bias),
        "sharing factor": across * down,
        "fully connected multiply-adds": neurons * math.prod(layer.input),
        "bytes of the fully connected parameters": 4
        * neurons
        * (math.prod(layer.input) + int(layer.bias)),
        "bytes of the shared parameters": 4 * layer.filters * one,
        "bytes of the unshared parameters": 4 * neurons * one,
    }


def named(findings: list[Wrong]) -> set[tuple[str, str]]:
    """Which quantity came out wrong, and by which mistake; a step may be of two quantities."""
    return {
        (quantity, finding.name)
        for finding in findings
        for quantity in finding.steps[-1].name.split(", ")
    }


def expected_mistakes(layer: ConvLayer, number: int) -> set[tuple[str, str]]:
    """Every mistake whose arithmetic gives a number that is not the right one."""
    right = right_counts(layer)
    if number == right["shared parameters"]:
        return set()
    found = {
        (quantity, name)
        for (quantity, name), value in wrong_counts(layer).items()
        if value == number != right[quantity]
    }
    depth = layer.input.depth
    if depth == number != right["depth of the output volume"]:
        found.add(("depth of the output volume", "confused filters with depth"))
    x, y = rows(layer)
    for (name, way), width in wrong_sides(x).items():
        height = wrong_sides(y)[name, way]
        for side, value in (("width", width), ("height", height)):
            if value == number != right[side]:
                found.add((side, name))
        if min(width, height) > 0 and width * height * layer.filters == number != right["neurons"]:
            found.add(("neurons", name))
    return found


def answers_to_try(layer: ConvLayer) -> list[int]:
    x, y = rows(layer)
    sides = [*wrong_sides(x).values(), *wrong_sides(y).values()]
    products = [
        a * b * layer.filters
        for a, b in zip(wrong_sides(x).values(), wrong_sides(y).values(), strict=True)
    ]
    other = wrong_counts(layer.replace(bias=not layer.bias))
    numbers = {*wrong_counts(layer).values(), *right_counts(layer).values(), *sides, *products}
    numbers |= set(other.values())
    return sorted(number for number in numbers if number >= 0)


@pytest.mark.slow
@given(st.one_of(layers(side=30), huge_layers()), st.data())
@settings(max_examples=2000)
def test_exactly_the_mistakes_that_give_a_count_are_named(
    layer: ConvLayer, data: st.DataObject
) -> None:
    for number in data.draw(st.lists(st.sampled_from(answers_to_try(layer)), max_size=2)):
        verdict = judge(layer, str(number))
        assert named(verdict.mistakes) == expected_mistakes(layer, number), number
        right = {name for name, value in right_counts(layer).items() if value == number}
        assert {n for f in verdict.right for n in f.name.split(", ")} == right
        assert (verdict.compare is None) == bool(right or verdict.mistakes)
        for finding in (*verdict.right, *verdict.mistakes):
            assert finding.steps[-1].value == number
            for step in (*finding.steps, *getattr(finding, "right", ())):
                assert evaluate(step.substituted) == step.value


def evaluate(text: str) -> Fraction:
    """Do a wrong step's arithmetic; ceil(a) is −floor(−a), and 0−a where a sign would stand."""
    return evaluate_floors(text.replace("ceil(", "(0−1)·floor((0−1)·"))


@pytest.mark.slow
@given(layers(side=30), st.data())
@settings(max_examples=1000)
def test_exactly_the_mistakes_that_give_a_size_are_named(
    layer: ConvLayer, data: st.DataObject
) -> None:
    x, y = rows(layer)
    across, down = (len(windows) for windows in windows_of(layer))
    wrong = {
        key: (wrong_sides(x)[key], wrong_sides(y)[key])
        for key in wrong_sides(x)
        if min(wrong_sides(x)[key], wrong_sides(y)[key]) >= 0
    }
    d, k = layer.input.depth, layer.filters

    def explanation(size: tuple[int, ...]) -> set[str]:
        """The mistakes that make a size of width, height and perhaps depth; none if one is not."""
        names = {name for (name, _), pair in wrong.items() if pair == size[:2]}
        names |= {"swapped width and height"} if size[:2] == (down, across) else set()
        if size[:2] == (across, down):
            names = set()
        elif not names:
            return set()
        if size[2:] in ((), (k,)):
            return names
        return names | {"confused filters with depth"} if size[2] == d else set()

    sizes = sorted({*wrong.values(), (down, across), (across, down), (across + 100, down)})
    for size in data.draw(st.lists(st.sampled_from(sizes), max_size=2)):
        for answer in (size, (*size, k), (*size, d), (*size, k + d), (k, *size[::-1])):
            verdict = judge(layer, "x".join(map(str, answer)))
            right = answer in ((across, down), (across, down, k), (k, down, across))
            expected = set() if right else explanation(answer)
            if not right and not expected and answer[0] == k and len(answer) == 3:
                expected = explanation(answer[::-1])
            assert {finding.name for finding in verdict.mistakes} == expected, answer
            assert bool(verdict.right) == right
            assert (verdict.compare is None) == (right or bool(expected))


def test_wrong_values_are_there_without_an_answer() -> None:
    # 10 − 3 = 7, floor(7/2) + 1 = 4; 9 − 3 = 6, 6/2 + 1 = 4. Without the + 1: 3x3, and 3·3·5
    found = list(wrong_values(ConvLayer(input=(10, 9, 2), filter=3, stride=2, filters=5)))
    forgotten = {one.of: one.value for one in found if one.name == "forgot the + 1"}
    assert forgotten == {
        "width": (3,),
        "height": (3,),
        "width and height of the output": (3, 3),
        "neurons": (45,),
        "im2col matrix": (18, 9),
        "im2col matrix, a row for each window": (9, 18),
        "output as a matrix, a row for each filter": (5, 9),
    }
    # rounded up, 7/2 is 4 and 6/2 is 3: only the width is another
    assert [(one.of, one.value) for one in found if one.name == "rounded up"] == [
        ("width", (5,)),
        ("width and height of the output", (5, 4)),
        ("neurons", (100,)),
        ("im2col matrix", (18, 20)),
        ("output as a matrix, a row for each filter", (5, 20)),
        ("im2col matrix, a row for each window", (20, 18)),
    ]
    confused = [one.value for one in found if one.of == "depth of the output volume"]
    assert confused == [(2,)]
    assert all(one.value != tuple(step.value for step in one.right) for one in found)


def test_the_first_side_that_differs_is_the_one_to_compare() -> None:
    layer = ConvLayer(input=(9, 12, 2), filter=3, filters=4)  # 7x10x4
    names = [judge(layer, size).compare for size in ("77x10", "7x77", "7x10x77")]
    assert [step and step.name for step in names] == [
        "width",
        "height",
        "depth of the output volume",
    ]
    counted = judge(layer, "12345").compare
    assert counted is not None
    assert counted.name == "weights per neuron"


@pytest.mark.parametrize(
    ("spec", "answer", "names"),
    [
        # 3·3·32, 3·3·3·32, 3·3·3·32 + 32·2, 32·(3·3 + 1), 900·32 more biases, 3·(9·32 + 1)
        ("32x32x3 3 1 0 32", "288", ["forgot the depth and the biases"]),
        ("32x32x3 3 1 0 32", "864", ["forgot the biases"]),
        ("32x32x3 3 1 0 32", "928", ["counted the biases twice"]),
        ("32x32x3 3 1 0 32", "320", ["forgot the depth"]),
        ("32x32x3 3 1 0 32", "29,664", ["one bias per neuron"]),
        ("32x32x3 3 1 0 32", "867", ["confused filters with depth"]),
        ("32x32x3 3 1 0 32", "806,400", ["multiplied by the positions"]),
        ("32x32x3 3 1 0 32", "896", []),
        # floor(213/4) + 1 = 54; 213 + 0/4 + 1 = 214
        ("224x224x3 11 4 0 96", "53x53x96", ["forgot the + 1"]),
        ("224x224x3 11 4 0 96", "55x55", ["rounded up"]),
        ("224x224x3 11 4 0 96", "214x214", ["missing brackets", "forgot the stride"]),
        ("224x224x3 11 4 0 96", "54x54x3", ["confused filters with depth"]),
        # (224 − 7 + 3)/2 = 110, and 111; (224 − 7)/2 = 108.5, and 109
        ("224x224x3 7 2 3 64", "111x111", ["added the pad once", "forgot the + 1"]),
        ("224x224x3 7 2 3 64", "109x109", ["forgot the pad", "took dilation 0 for none"]),
        ("224x224x3 7 2 3 64", "111", ["added the pad once", "forgot the + 1"]),
        # 3·3·1 + 1 = 10 parameters: right, though the input is 10 wide
        ("10x10x1 3 1 0 1", "10", []),
        ("9x7x1 3 1 0 1", "5x7", ["swapped width and height"]),
    ],
)
def test_puzzles_by_hand(spec: str, answer: str, names: list[str], run: Run) -> None:
    input, filter, stride, pad, filters = spec.split()
    options = f"--input {input} --filter {filter} --stride {stride} --pad {pad} --filters {filters}"
    words = ["params", *options.split(), "--answer", answer]
    code, out, _ = run(*words)
    assert code == 0
    found = json.loads(run(*words, "--format", "json").out)["answer"]
    assert [mistake["name"] for mistake in found["mistakes"]] == names
    if found["right"]:
        also = " ".join(out.split()).partition("By mistake it also comes out as: ")[2]
        assert [part.split(" (")[0] for part in also.split("; ") if part] == names
    else:
        assert all(f"\n{name}\n" in out for name in names)
    assert f"{answer} is " in out


def test_the_record(run: Run) -> None:
    record = json.loads(run("params", *SMALL, "--answer", "288", "--format", "json").out)
    assert list(record)[-2:] == ["training", "answer"]
    assert record["answer"] == {
        "given": "288",
        "read_as": "288",
        "right": False,
        "right_as": [],
        "mistakes": [
            {
                "name": "forgot the depth and the biases",
                "steps": [
                    {
                        "name": "shared parameters",
                        "formula": "FW·FH·K",
                        "substituted": "3·3·32",
                        "value": 288,
                        "why": "A filter sees the full depth of the input, and has a bias.",
                    }
                ],
                "right": [
                    {
                        "name": "shared parameters",
                        "formula": "K·(weights per neuron + 1)",
                        "substituted": "32·(27 + 1)",
                        "value": 896,
                        "why": "Shared, all neurons of a depth slice use the same weights and "
                        "the same bias: one filter.",
                    }
                ],
            }
        ],
        "compare": None,
    }


def test_an_answer_may_be_explained(run: Run) -> None:
    words = ["params", *SMALL, "--answer", "288"]
    explained = run("params", *SMALL, "--explain").out
    assert run(*words, "--explain").out == run(*words).out + explained[explained.index("\n") + 1 :]
    record = json.loads(run(*words, "--explain", "--format", "json").out)
    assert list(record)[-2:] == ["derivation", "answer"]


@pytest.mark.parametrize("form", ["csv", "markdown", "latex"])
def test_other_formats_are_refused_by_name(form: str, run: Run) -> None:
    assert run("params", *SMALL, "--answer", "288", "--format", form) == (
        2,
        "",
        f"convcalc: --format {form}: is not a format that answers are judged in; "
        "give table or json with --answer\n",
    )


@pytest.mark.parametrize("columns", [20, 60, 80, 200])
def test_it_keeps_to_the_width(columns: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    for answer in ("288", "896", "806,400", "1", "32x32x3", "7x8x9"):
        out = run("params", *SMALL, "--answer", answer).out
        assert columns == 20 or max(map(len, out.splitlines())) <= columns


def test_only_arithmetic_is_evaluated() -> None:
    assert work_out("ceil((7 − 2)/3)·floor(5/2)", {}).value == 4
    for text in (
        "",
        "open",
        "floor(1).x",
        "2**9",
        "f(3)",
        "'a'",
        "(1",
        "1 +",
        "1)",
        "floor 2",
        "1/2",
    ):
        with pytest.raises(ValueError, match=r"\w"):
            _ = work_out(text, {}).value
