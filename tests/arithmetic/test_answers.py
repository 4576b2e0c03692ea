"""`--answer`: every mistake is named by its answer, found by wrong formulas written here anew."""

import json
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.budget import examples
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
    def room(self) -> int:
        return self.size + self.before + self.after - self.extent

    @property
    def right(self) -> int:
        return self.room // self.stride + 1


def rows(layer: ConvLayer) -> tuple[Row, Row]:
    (w, h, _), (fw, fh, _), pad = layer.input, layer.filter, layer.pad
    return (
        Row(w, fw, layer.stride.x, layer.dilation.x, pad.left, pad.right),
        Row(h, fh, layer.stride.y, layer.dilation.y, pad.top, pad.bottom),
    )


def wrong_sides(
    r: Row, floor: Callable[[Fraction], Any] = math.floor
) -> dict[tuple[str, int], Any]:
    """The wrong positions along an axis; the number tells apart two ways of one mistake."""
    both, step = r.before + r.after, r.stride

    def places(room: int, stride: int = step) -> Any:
        return floor(Fraction(room, stride)) + 1

    room = r.size - r.extent + both
    no_dilation = r.size - r.filter + both
    dilated_more = r.size - (r.filter - 1) * (r.dilation + 1) - 1 + both
    return {
        ("forgot the pad", 0): places(r.size - r.extent),
        ("added the pad once", 0): places(r.size - r.extent + r.before),
        ("added the pad once", 1): places(r.size - r.extent + r.after),
        ("took the pad of both sides for that of one", 0): places(room + both),
        ("subtracted the pad", 0): places(room - both - both),
        ("missing brackets", 0): r.size
        - r.extent
        + (
            floor(Fraction(2 * r.before, step))
            if r.before == r.after
            else floor(r.before + Fraction(r.after, step))
        )
        + 1,
        ("forgot the + 1", 0): places(room) - 1,
        ("added the 1 before dividing", 0): places(room + 1) - 1,
        ("rounded up", 0): -((-room) // step) + 1,
        ("forgot the stride", 0): room + 1,
        ("ignored the dilation", 0): places(no_dilation),
        ("took dilation 0 for none", 0): places(dilated_more),
        ("forgot the filter", 0): places(r.size + both),
        ("divided the input by the stride", 0): floor(Fraction(r.size, step)),
        ("took it for a transposed convolution", 0): (r.size - 1) * step - both + r.extent,
        ("used the input's size", 0): r.size,
        ("took the pad for same", 0): -(-r.size // step),
        ("applied the stride twice", 0): places(room, step * step),
        ("applied the stride twice", 1): floor(Fraction(places(room), step)),
    }


def applies(name: str, axes: tuple[Row, Row]) -> bool:
    """Whether a mistake can be made along one of the axes at least."""
    if name == "took the pad for same":
        return any(row.before + row.after for row in axes)
    of_stride = name in ("applied the stride twice", "divided the input by the stride")
    return not of_stride or any(row.stride > 1 for row in axes)


def following(layer: ConvLayer, changed: dict[str, Any]) -> dict[str, Any]:
    """What becomes of the numbers that are made of a wrong one, by its name; that one included."""
    full, k, b = math.prod(layer.input), layer.filters, int(layer.bias)
    made = {"neurons": right_output(layer)[2], "weights per neuron": math.prod(layer.filter)}
    made |= changed
    neurons, each = made["neurons"], made["weights per neuron"]
    of_neurons, of_each = "neurons" in changed, "weights per neuron" in changed
    found = dict(changed)
    if of_neurons:
        found |= {
            "fully connected parameters": neurons * (full + b),
            "activations": neurons,
            "numbers of input and output": full + neurons,
        }
    if of_neurons or of_each:
        products, sums = neurons * each, neurons * (each - 1 + b)
        found |= {
            "multiply-adds": products,
            "multiplications": products,
            "additions": sums,
            "multiplications and additions": products + sums,
            "connections": products + neurons * b,
            "unshared parameters": neurons * (each + b),
        }
    if of_each:
        found["shared parameters"] = k * (each + b)
    if "multiply-adds" in found:
        found["FLOPs"] = 2 * found["multiply-adds"]
    if of_neurons or "shared parameters" in found:
        shared = found.get("shared parameters", k * (each + b))
        found["numbers kept in training"] = 2 * neurons + 2 * shared
    in_bytes = {
        "activations": "of the activations",
        "numbers of input and output": "of input and output",
        "numbers kept in training": "kept in training",
    }
    in_bytes |= {
        f"{way} parameters": f"of the {way} parameters"
        for way in ("fully connected", "unshared", "shared")
    }
    for count, named in in_bytes.items():
        if count in found:
            found[f"bytes {named}"] = 4 * found[count]
    return found


def right_output(layer: ConvLayer) -> tuple[int, int, int]:
    """The output's width and height, and the neurons."""
    across, down = (row.right for row in rows(layer))
    return across, down, across * down * layer.filters


def wrong_numbers(layer: ConvLayer) -> list[tuple[str, str, int]]:
    """The results that mistakes are about, the mistakes and what they make of them."""
    (w, h, d), (fw, fh, _), k, g = layer.input, layer.filter, layer.filters, layer.groups
    across, down = (row.right for row in rows(layer))
    flat, each, places = fw * fh, fw * fh * (d // g), across * down
    b = int(layer.bias)
    of_each = {
        "forgot the depth": flat,
        "ignored the groups": flat * d,
    }
    if g == 1:
        of_each["forgot to square the filter"] = fw * d
    for other in range(2, 65):
        if d % other == k % other == 0 and other != g:
            of_each[f"right for {other} groups"] = flat * d // other
    shared = {
        "confused filters with depth": d * flat * (k // g) + d * b,
        "confused filters with depth: as deep as there are filters": k * flat * k + k * b,
        "confused filters with depth: as many filters as depths": d * each + d * b,
        "counted one filter": each + b,
        "multiplied by the positions": places * k * each + places * k * b,
        "multiplied the whole input by the filter": k * w * h * d * flat + k * b,
        "counted a depthwise separable pair": d * flat + d * b + k * d + k * b,
        "counted a depthwise layer": d * flat + d * b,
        "counted a pointwise layer": k * d + k * b,
    }
    neurons = {
        "used the input's positions": w * h * k,
        "counted the input's cells": w * h * d,
        "confused filters with depth": places * d,
        "counted one depth slice": places,
        "a map for every filter and channel": places * k * d,
    }
    depth = {"confused filters with depth": d, "a map for every filter and channel": k * d}
    if g > 1:
        depth["counted one group"] = k // g
    unshared, full = {}, {}
    if layer.bias:
        shared |= {
            "forgot the depth and the biases": k * flat,
            "forgot the biases": k * each,
            "one bias per neuron": k * each + places * k,
            "counted the biases twice": k * each + k + k,
            "one bias for the whole layer": k * each + 1,
            "one bias per weight": k * each * 2,
            "one bias per weight of a depth slice": k * each + k * flat,
            "one bias per filter and input channel": k * each + k * d,
            "one bias per input channel": k * each + d,
            "multiplied the whole input by the filter, and forgot the biases": (
                w * h * d * flat * k
            ),
            "counted a depthwise separable pair, and forgot the biases": d * flat + d * k,
            "counted a depthwise separable pair, its first layer without biases": (
                d * flat + d * k + k
            ),
        }
        unshared = {
            "forgot the biases": places * k * each,
            "one bias per filter": places * k * each + k,
            "one bias per position": places * k * each + places,
            "used the input's positions and forgot the biases": w * h * k * each,
        }
        full = {"one bias per filter": places * k * w * h * d + k}
    else:
        shared["counted biases"] = k * each + k
    work = {"counted a depthwise separable pair": places * d * flat + places * k * d}
    found = [
        (quantity, name, value)
        for quantity, table in (
            ("weights per neuron", of_each),
            ("shared parameters", shared),
            ("unshared parameters", unshared),
            ("fully connected parameters", full),
            ("neurons", neurons),
            ("multiply-adds", work),
            ("depth of the output volume", depth),
        )
        for name, value in table.items()
    ]
    for way, right in right_counts(layer).items():
        if way.startswith("bytes of "):
            found += [
                (way, "counted bits", 8 * right),
                (way, "took 2 bytes for a number", right // 2),
            ]
            found += [(way, "took 8 bytes for a number", right * 2)]
            found += [(way, "took bytes for bits", right // 8)] if right % 8 == 0 else []
    return found


def right_counts(layer: ConvLayer) -> dict[str, int]:
    """The numbers of a layer that mistakes are about, or that follow from those."""
    across, down, neurons = right_output(layer)
    each, full, b = math.prod(layer.filter), math.prod(layer.input), int(layer.bias)
    found = following(layer, {"neurons": neurons, "weights per neuron": each})
    return found | {
        "width": across,
        "height": down,
        "sharing factor": across * down,
        "depth of the output volume": layer.filters,
        "biases per neuron": b,
        "shared weights": layer.filters * each,
        "unshared weights": neurons * each,
        "fully connected weights": neurons * full,
        "fully connected multiply-adds": neurons * full,
        "parameters of a dense layer": layer.filters * (full + b),
        "numbers of the input": full,
        "bytes of the input": 4 * full,
        **({"FLOPs with the biases": neurons * (2 * each + 1)} if b else {}),
        **(
            {"multiplications and additions without the biases": neurons * (2 * each - 1)}
            if b
            else {}
        ),
    }


def all_wrong(layer: ConvLayer) -> list[tuple[str, str, int]]:
    """Every wrong count: by the number it is of, the mistake, and what it comes to."""
    right = right_counts(layer)
    found = [
        (quantity, name, value)
        for of, name, made in wrong_numbers(layer)
        for quantity, value in following(layer, {of: made}).items()
    ]
    axes = rows(layer)
    for floor in (math.floor, Fraction):
        named = [
            (name, *(wrong_sides(row, floor)[name, way] for row in axes))
            for name, way in wrong_sides(axes[0])
            if applies(name, axes)
        ]
        if floor is Fraction:
            named.append(("", *(Fraction(row.room, row.stride) + 1 for row in axes)))
        for name, width, height in named:
            if floor is Fraction:
                if width == int(width) and height == int(height):
                    continue
                name = "not floored"
            else:
                found += [("width", name, width), ("height", name, height)]
            if min(width, height) >= 1:
                neurons = width * height * layer.filters
                after = following(layer, {"neurons": neurons})
                found += [(of, name, value) for of, value in after.items() if value == int(value)]
    return [(of, name, int(value)) for of, name, value in found if value != right[of]]


def expected_mistakes(layer: ConvLayer, number: int, wrong: list[tuple[str, str, int]]) -> set[str]:
    """Every mistake that gives a number; of bytes only where no other does."""
    if number == right_counts(layer)["shared parameters"]:
        return set()
    found = [(of, name) for of, name, value in wrong if value == number]
    counts = {name for of, name in found if not of.startswith("bytes")}
    return counts or {name for _, name in found}


def named(findings: list[Wrong]) -> set[str]:
    """The names of mistakes; which of them was not floored does not matter."""
    return {
        "not floored" if finding.name.endswith("not floored") else finding.name
        for finding in findings
    }


@pytest.mark.slow
@given(st.one_of(layers(side=30), huge_layers()), st.data())
@settings(max_examples=examples(2000))
def test_exactly_the_mistakes_that_give_a_count_are_named(
    layer: ConvLayer, data: st.DataObject
) -> None:
    known, wrong = right_counts(layer), all_wrong(layer)
    tried = sorted({*known.values(), *(value for *_, value in wrong if value >= 0)})
    for number in data.draw(st.lists(st.sampled_from(tried), max_size=3)):
        verdict = judge(layer, str(number))
        assert named(verdict.mistakes) == expected_mistakes(layer, number, wrong), number
        right = {name for name, value in known.items() if value == number}
        sides = ("width, height",)
        assert {
            n for f in verdict.right for n in (f.name.split(", ") if f.name in sides else [f.name])
        } == right
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
@settings(max_examples=examples(1000))
def test_exactly_the_mistakes_that_give_a_size_are_named(
    layer: ConvLayer, data: st.DataObject
) -> None:
    x, y = rows(layer)
    across, down = (len(windows) for windows in windows_of(layer))
    wrong = {
        key: (wrong_sides(x)[key], wrong_sides(y)[key])
        for key in wrong_sides(x)
        if min(wrong_sides(x)[key], wrong_sides(y)[key]) >= 0 and applies(key[0], (x, y))
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
        depths = {"confused filters with depth": d, "a map for every filter and channel": k * d}
        if layer.groups > 1:
            depths["counted one group"] = k // layer.groups
        made = {name for name, depth in depths.items() if depth == size[2]}
        return names | made if made else set()

    sizes = sorted({*wrong.values(), (down, across), (across, down), (across + 100, down)})
    for size in data.draw(st.lists(st.sampled_from(sizes), max_size=2)):
        for answer in (size, (*size, k), (*size, d), (*size, k + d), (k, *size[::-1])):
            verdict = judge(layer, "x".join(map(str, answer)))
            right = answer in ((across, down), (across, down, k), (k, down, across))
            expected = set() if right else explanation(answer)
            if not right and not expected and answer[0] == k and len(answer) == 3:
                expected = explanation(answer[::-1])
            sizes_only = ("output volume", "width and height of the output")
            of_size = [one for one in verdict.mistakes if "matrix" not in one.of]
            if any(one.name not in sizes_only for one in verdict.right):
                continue  # the shape of another volume, or of a matrix
            assert {finding.name for finding in of_size} == expected or (
                len(of_size) < len(verdict.mistakes)
            ), answer
            assert bool(verdict.right) == right
            assert (verdict.compare is None) == bool(right or verdict.mistakes)


def test_wrong_values_are_there_without_an_answer() -> None:
    # 10 − 3 = 7, floor(7/2) + 1 = 4; 9 − 3 = 6, 6/2 + 1 = 4. Without the + 1: 3x3, and 3·3·5
    found = list(wrong_values(ConvLayer(input=(10, 9, 2), filter=3, stride=2, filters=5)))
    forgotten = {one.of: one.value for one in found if one.name == "forgot the + 1"}
    assert forgotten == {
        "width": (3,),
        "height": (3,),
        "width and height of the output": (3, 3),
        "neurons": (45,),
        # 45·(18 + 1), 45·(180 + 1), four bytes each, 45·18
        "unshared parameters": (855,),
        "fully connected parameters": (8145,),
        "bytes of the unshared parameters": (3420,),
        "bytes of the fully connected parameters": (32580,),
        "multiply-adds": (810,),
        "multiplications": (810,),
        # with the bias, as many additions; twice 810; 45·(18 + 1)
        "additions": (810,),
        "multiplications and additions": (1620,),
        "FLOPs": (1620,),
        "connections": (855,),
        "activations": (45,),
        "bytes of the activations": (180,),
        # 10·9·2 = 180 in, 45 out; twice 45 and twice 5·19
        "numbers of input and output": (225,),
        "bytes of input and output": (900,),
        "numbers kept in training": (280,),
        "bytes kept in training": (1120,),
        "im2col matrix": (18, 9),
    }
    # rounded up, 7/2 is 4 and 6/2 is 3: only the width is another
    assert [(one.of, one.value) for one in found if one.name == "rounded up"][:3] == [
        ("width", (5,)),
        ("width and height of the output", (5, 4)),
        ("neurons", (100,)),
    ]
    confused = [one.value for one in found if one.of == "depth of the output volume"]
    assert confused == [(2,), (10,)]
    # 7/2 + 1 = 4.5, and 6/2 + 1 = 4
    fractions = [one.value for one in found if one.name == "not floored"]
    assert fractions[:2] == [(Fraction(9, 2),), (Fraction(9, 2), 4)]
    assert ("neurons", (90,)) in [(one.of, one.value) for one in found]
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
        # the filter is as wide as the input is deep
        ("32x32x3 3 1 0 32", "320", ["forgot the depth", "forgot to square the filter"]),
        ("32x32x3 3 1 0 32", "29,664", ["one bias per neuron"]),
        (
            "32x32x3 3 1 0 32",
            "867",
            ["one bias per input channel", "confused filters with depth"],
        ),
        ("32x32x3 3 1 0 32", "806,400", ["multiplied by the positions"]),
        ("32x32x3 3 1 0 32", "896", []),
        # floor(213/4) + 1 = 54; 213 + 0/4 + 1 = 214
        (
            "224x224x3 11 4 0 96",
            "53x53x96",
            ["forgot the + 1", "added the 1 before dividing"],
        ),
        ("224x224x3 11 4 0 96", "55x55", ["rounded up"]),
        ("224x224x3 11 4 0 96", "214x214", ["missing brackets", "forgot the stride"]),
        ("224x224x3 11 4 0 96", "54x54x3", ["confused filters with depth"]),
        # (224 − 7 + 3)/2 = 110, and 111; (224 − 7)/2 = 108.5, and 109
        ("224x224x3 7 2 3 64", "111x111", ["added the pad once", "forgot the + 1"]),
        ("224x224x3 7 2 3 64", "109x109", ["forgot the pad", "took dilation 0 for none"]),
        ("224x224x3 7 2 3 64", "111", ["added the pad once", "forgot the + 1"]),
        # (224 − 11)/4 + 1 = 54.25; 54.25·54.25·96 = 282,534; (32 − 3)/2 + 1 = 15.5
        ("224x224x3 11 4 0 96", "54.25", ["not floored"]),
        ("224x224x3 11 4 0 96", "54.25x54.25x96", ["not floored"]),
        ("224x224x3 11 4 0 96", "(96, 54.25, 54.25)", ["not floored"]),
        ("224x224x3 11 4 0 96", "282,534", ["not floored"]),
        ("32x32x3 3 2 0 16", "15.5x15.5x16", ["not floored"]),
        # with pad 1: (7 − 2 + 2)/2 + 1 = 4.5; without it (7 − 2)/2 + 1 = 3.5
        ("7x7x1 2 2 1 1", "4.5x4.5", ["not floored"]),
        ("7x7x1 2 2 1 1", "3.5x3.5", ["forgot the pad, not floored"]),
        # 5·10 maps of 24x24
        ("26x26x10 3 1 0 5", "24x24x50", ["a map for every filter and channel"]),
        # 32·4·4·3 = 1,536, and 32·4·4 = 512
        ("32x32x3 4 1 0 32", "2,048", ["one bias per weight of a depth slice"]),
        ("32x32x3 4 1 0 32", "3,072", ["one bias per weight", "counted the input's cells"]),
        # 32·5·5·3 = 2,400, and 32·3 = 96
        ("32x32x3 5 1 0 32", "2,496", ["one bias per filter and input channel"]),
        # 256·256·3 = 196,608; times 7·7·128 = 6,272; and 128
        ("256x256x3 7 1 0 128", "1,233,125,504", ["multiplied the whole input by the filter"]),
        # 5·5·48·256 = 307,200, and 256
        ("27x27x96 5 1 2 256", "307,456", ["right for 2 groups"]),
        # 3·9 + 3 = 30, and 3·128 + 128 = 512; without biases 27 + 384
        ("32x32x3 3 1 0 128", "542", ["counted a depthwise separable pair"]),
        ("32x32x3 3 1 0 128", "411", ["counted a depthwise separable pair, and forgot the biases"]),
        # 216/16 = 13.5, and 14
        ("227x227x3 11 4 0 96", "14x14x96", ["applied the stride twice"]),
        # 55/4 = 13.75
        ("227x227x3 11 4 0 96", "13x13", ["applied the stride twice"]),
        # a pad of 1 keeps 3x3 filters' size, not those of 5x5: 10 − 5 + 2 + 1 = 8
        (
            "10x10x1 5 1 1 1",
            "10x10",
            [
                "took the pad of both sides for that of one",
                "took the pad for same",
                "used the input's size",
            ],
        ),
        # 6 in all, taken for each side: 10 − 5 + 12 + 1 = 18
        ("10x10x1 5 1 3 1", "18x18", ["took the pad of both sides for that of one"]),
        # 96·364·4 bytes = 139,776, eight times that; half of it with two bytes, double with eight
        ("227x227x3 11 4 0 96", "1,118,208", ["counted bits"]),
        ("227x227x3 11 4 0 96", "139776 bits", ["took bytes for bits"]),
        ("227x227x3 11 4 0 96", "69,888", ["took 2 bytes for a number"]),
        ("227x227x3 11 4 0 96", "279,552 bytes", ["took 8 bytes for a number"]),
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
    assert " is right as " in out or " is what comes out by a mistake:" in out


def test_the_other_way_round_a_layer_of_groups_is_taken_for_one_without(run: Run) -> None:
    # 256 filters of 5·5·48 + 1 = 1,201, and of 5·5·96 + 1 = 2,401
    words = "params --input 27x27x96 --filter 5 --pad 2 --filters 256 --groups 2 --answer".split()
    assert "307,456 is right as shared parameters:" in run(*words, "307456").out
    assert "\nignored the groups\n" in run(*words, "614,656").out
    # 5·5·24 = 600
    assert "\nright for 4 groups\n" in run(*words, "153,856").out


def test_a_fraction_is_worked_out(run: Run) -> None:
    words = "params --input 224x224x3 --filter 11 --stride 4 --filters 96 --answer 54.25".split()
    out = " ".join(run(*words).out.split())
    assert "54.25 is what comes out by a mistake: not floored width, height: " in out
    assert "(W − F + 2·P)/S + 1 = (224 − 11 + 2·0)/4 + 1 = 217/4 = 54.25 The filter" in out
    step = json.loads(run(*words, "--format", "json").out)["answer"]["mistakes"][0]["steps"][0]
    assert step["value"] == "217/4"


def test_what_is_right_is_said_first_and_alone(run: Run) -> None:
    out = run("params", *SMALL, "--answer", "32").out.splitlines()[2:]
    assert out == [
        "32 is right as depth of the output volume:",
        "  depth of the output volume: K = 32",
        "",
        "By mistake it also comes out as: used the input's size (width, height)",
    ]


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
