"""Why a network's numbers are so, and by which mistakes others come about."""

import ast
import json
import operator
from fractions import Fraction
from typing import Any

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import networks

from convcalc import BadRequest, Volume
from convcalc.arithmetic.derivation import Step
from convcalc.arithmetic.network import rows, totals, training_bytes
from convcalc.arithmetic.reasons import field, judging
from convcalc.arithmetic.reasons.explaining import explain_network
from convcalc.arithmetic.reasons.judging import judge_network
from convcalc.arithmetic.reasons.subjects import Asked
from convcalc.arithmetic.reasons.what_if import variants
from convcalc.arithmetic.use import Use
from convcalc.gallery.shelf import get
from convcalc.layer.network import Network
from convcalc.layer.notation import parse

NETWORKS = {
    name: get(name).at(None)
    for name in ("lenet5", "alexnet-one-tower", "vgg16", "resnet18", "googlenet")
}


def small(text: str, *sides: int) -> Network:
    return Network.of("small", Volume(*sides), parse(text))


def steps_of(network: Network, name: str) -> dict[str, Step]:
    return {step.name: step for one in explain_network(network, name) for step in one.steps}


# --- explained, by hand


@pytest.mark.parametrize(
    ("network", "layer", "field", "jump", "centre"),
    [
        ("lenet5", "C1", "1 + (5 − 1)·1 = 5", "1·1 = 1", "0 + ((5 − 1)/2 − 0)·1 = 2"),
        ("lenet5", "S2", "5 + (2 − 1)·1 = 6", "1·2 = 2", "2 + ((2 − 1)/2 − 0)·1 = 5/2 = 2.5"),
        ("lenet5", "C3", "6 + (5 − 1)·2 = 14", "2·1 = 2", "5/2 + ((5 − 1)/2 − 0)·2 = 13/2 = 6.5"),
        (
            "lenet5",
            "C5",
            "16 + (5 − 1)·4 = 32",
            "4·1 = 4",
            None,
        ),
        (
            "alexnet-one-tower",
            "conv2",
            "19 + (5 − 1)·8 = 51",
            "8·1 = 8",
            "9 + ((5 − 1)/2 − 2)·8 = 9",
        ),
        ("alexnet-one-tower", "relu2", "51", "8", "9"),
        ("alexnet-one-tower", "pool3", "163 + (3 − 1)·16 = 195", "16·2 = 32", None),
        ("alexnet-one-tower", "dense1", "195 + (6 − 1)·32 = 355", "32·1 = 32", None),
        ("vgg16", "convs5/pool1", "196 + (2 − 1)·16 = 212", "16·2 = 32", None),
        # 7 wide; a pool of 3 at jump 2, 11; two convolutions of 3 at jump 4, 19 and 27; or 11
        ("resnet18", "conv2/residual1/add1", "13 − (−13) + 1 = 27", "4", None),
        # conv7/2 7, pool3/2 11, conv3 19, pool3/2 27; then the branch of 5x5: 27 + 4·8
        ("googlenet", "inception3a/concat1", "36 − (−22) + 1 = 59", "8", None),
    ],
)
def test_receptive_fields_are_derived_from_the_layer_before(
    network: str, layer: str, field: str, jump: str, centre: str | None
) -> None:
    steps = steps_of(NETWORKS[network], layer)
    assert steps["receptive field"].worked.endswith(field.split(" = ")[-1])
    if "−" not in field.split(" = ")[0] or "(−" not in field:
        assert steps["receptive field"].worked == field
    assert steps["jump"].worked == jump
    if centre:
        assert steps["first centre"].worked == centre


def test_the_filter_is_the_receptive_field_of_the_first_layer_only() -> None:
    first, second = (steps_of(NETWORKS["lenet5"], name)["receptive field"] for name in ("C1", "C3"))
    said = "the filter is the receptive field of the first layer only"
    assert (said in first.why, said in second.why) == (True, False)
    whole = steps_of(NETWORKS["vgg16"], "dense1")["receptive field"]
    assert whole.worked == "212 + (7 − 1)·32 = 404"
    assert "the input has only 224" in whole.why


def test_axes_that_differ_are_told_apart() -> None:
    steps = steps_of(small("conv3-2 stride=2x1, conv3-2 dilation=2", 20, 20, 1), "conv2")
    # 3 + (2·2 + 1 − 1)·2 = 11 across, 3 + 4·1 = 7 down
    assert steps["receptive field along the width"].worked == "3 + ((2·(3 − 1) + 1) − 1)·2 = 11"
    assert steps["receptive field along the height"].value == 7
    assert steps["jump along the width"].value == 2


def test_totals_are_sums_written_out() -> None:
    steps = steps_of(NETWORKS["lenet5"], "total")
    assert steps["parameters"].worked == "156 + 1,516 + 48,120 + 10,164 + 850 = 60,806"
    assert steps["parameters"].formula == "C1 + C3 + C5 + F6 + output"
    assert steps["activations with the input"].value == 8094 + 1024
    alexnet = steps_of(NETWORKS["alexnet-one-tower"], "total")
    assert alexnet["parameters"].value == 62378344
    vgg = steps_of(NETWORKS["vgg16"], "total")
    assert vgg["parameters"].substituted.startswith("1792 + 36928 + 73856 + 147584 + … + ")
    assert vgg["parameters"].value == 138357544
    assert "of 16 layers, those in the middle are left out here" in vgg["parameters"].why
    assert (vgg["activations"].value, vgg["FLOPs"].value) == (15087080, 2 * 15470264320)
    resnet = steps_of(NETWORKS["resnet18"], "total")
    assert resnet["trainable parameters"].value == 11689512


# --- explained, generated

SIGNS = {"·": "*", "−": "-", "–": "-"}
OPERATORS: dict[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
}


def evaluated(text: str) -> Fraction:
    """Arithmetic by Python's own reading of it."""

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.Constant(value=int(number)):
                return Fraction(number)
            case ast.BinOp(left, operation, right):
                return Fraction(OPERATORS[type(operation)](value(left), value(right)))
            case ast.UnaryOp(operation, inner):
                return Fraction(OPERATORS[type(operation)](value(inner)))
        raise AssertionError(ast.dump(node))

    return value(ast.parse("".join(SIGNS.get(c, c) for c in text), mode="eval").body)


USES = st.sampled_from([Use(), Use("float16", 3, "adam"), Use("float64", 64, "momentum")])


@given(networks(), USES)
@settings(max_examples=40, deadline=None)
def test_every_row_and_total_is_derived(network: Network, use: Use) -> None:
    explained = explain_network(network, "all", use)
    assert [one.place for one in explained] == [*range(len(network.layers)), None]
    for one in explained[:-1]:
        steps = {step.name: step for step in one.steps}
        for axis, along in enumerate(("along the width", "along the height")):
            seen = network.fields[one.place or 0][axis]
            for name, value in (
                ("receptive field", seen.size),
                ("jump", seen.jump),
                ("first centre", seen.centre),
            ):
                step = steps.get(name) or steps[f"{name} {along}"]
                assert step.value == value == evaluated(step.substituted)
    steps = {step.name: step for step in explained[-1].steps}
    total = totals(rows(network))
    expected = {
        "weights": total.parameters.weights,
        "biases": total.parameters.biases,
        "parameters": total.parameters.total,
        "multiply-adds": total.multiply_adds,
        "FLOPs": 2 * total.multiply_adds,
        "activations": total.activations,
        "unshared parameters": total.unshared,
        "bytes of the parameters": total.parameters.total * use.bytes_each,
        "bytes of the activations": use.batch * total.activations * use.bytes_each,
        "bytes kept in training": training_bytes(total, use),
    }
    if total.parameters.averages:
        expected["trainable parameters"] = total.parameters.trainable
        expected["moving averages"] = total.parameters.averages
    assert {name: steps[name].value for name in expected} == expected
    for step in steps.values():
        if "…" not in step.substituted and "floor" not in step.substituted:
            assert evaluated(step.substituted) == step.value, step
        assert step.why.endswith(".")
        assert "{" not in step.why


@given(networks(side=6), st.data())
@settings(max_examples=25, deadline=None)
def test_no_right_number_is_called_wrong(network: Network, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(explain_network(network, "all")))
    step = data.draw(st.sampled_from(one.steps))
    of = "total" if one.place is None else network.layers[one.place].path
    values = step.value if isinstance(step.value, tuple) else (step.value,)
    assert judge_network(network, f"{of}={'x'.join(map(str, values))}")
    if len(values) == 1 and one.place is None:
        assert judge_network(network, str(step.value))


# --- mistakes, by hand


def cells_of_vgg() -> int:
    """The outputs of VGG-16's convolutions and of its first two dense layers: what ReLU sees."""
    sides = [(224, 64, 2), (112, 128, 2), (56, 256, 3), (28, 512, 3), (14, 512, 3)]
    return sum(side * side * depth * times for side, depth, times in sides) + 4096 + 4096


@pytest.mark.parametrize(
    ("network", "answer", "mistake"),
    [
        # LeNet-5
        ("lenet5", "C3=2,416", "connected every filter with every channel"),
        ("lenet5", "C3=24x24x16", "forgot S2"),  # 28 − 5 + 1
        ("lenet5", "C3=10 receptive field", field.ADDED_UP),  # 1 + 4 + 1 + 4
        ("lenet5", "C3=12 receptive field", field.ADDED_WHOLE),  # 5 + 2 + 5
        ("lenet5", "C5=36 receptive field", "counted a step for each cell of the filter"),
        # 14 + (2 − 1)·2·2 = 18 in place of 14 + 2 = 16
        ("lenet5", "S4=18 receptive field", "scaled by this layer's own stride"),
        ("lenet5", "F6=362,964", "flattened the volume before S4"),  # 84·(6·6·120 + 1)
        ("lenet5", "total=61,706", "connected every filter with every channel in C3"),
        ("lenet5", "total=60,814", "counted the window as weights in every layer"),  # + 4 + 4
        ("lenet5", "total=413,606", "forgot S4"),  # 60,806 − 10,164 + 362,964
        ("lenet5", "total=60,570 parameters", "forgot the biases in every layer"),
        # AlexNet in one tower
        ("alexnet-one-tower", "conv2=55x55x256", "forgot pool1"),
        ("alexnet-one-tower", "conv2=19,456", "forgot that the depth changes"),  # 256·(25·3 + 1)
        ("alexnet-one-tower", "pool3=27 receptive field", field.ADDED_UP),
        # 4,096·(13·13·256 + 1)
        ("alexnet-one-tower", "dense1=177,213,440", "flattened the volume before pool3"),
        ("alexnet-one-tower", "dense1=151,552", "forgot the depth"),  # 4,096·(36 + 1)
        ("alexnet-one-tower", "total=62,367,776 parameters", "forgot the biases in every layer"),
        # VGG-16
        ("vgg16", "total=14,714,688", "left out every dense layer"),
        ("vgg16", f"total={15087080 + cells_of_vgg()}", "counted the memory of relu twice"),
        ("vgg16", "dense1=411,045,888", "flattened the volume before convs5/pool1"),
        ("vgg16", "convs5/pool1=32 receptive field", field.ADDED_UP),  # 1 + 13·2 + 5
    ],
)
def test_mistakes_of_networks_are_named(network: str, answer: str, mistake: str) -> None:
    verdict = judge_network(NETWORKS[network], answer)
    assert not verdict.is_right
    assert any(one.name.startswith(mistake) for one in verdict.mistakes), verdict


@pytest.mark.parametrize(
    ("network", "answer", "right"),
    [
        ("lenet5", "C3=1516", "shared parameters"),
        ("lenet5", "C3=14", "receptive field"),
        ("lenet5", "C3=10x10x16", "output volume"),
        ("lenet5", "total=60k", "weights"),
        ("alexnet-one-tower", "62378344", "parameters of the network"),
        ("alexnet-one-tower", "pool3=195x195", "width and height of the receptive field"),
        ("vgg16", "138M", "weights of the network"),
        ("vgg16", "15,237,608", "activations with the input of the network"),
        ("vgg16", "102,764,544", "dense parameters of dense1"),
        ("vgg16", "30,940,528,640", "FLOPs of the network"),
        ("resnet18", "total=11,689,512", "trainable parameters"),
        ("resnet18", "conv2/residual1/add1=27", "receptive field"),
        ("googlenet", "inception3a/concat1=28x28x256", "output volume"),
        ("lenet5", "parameters = 60,806", "parameters of the network"),
        ("lenet5", "2·8,094 + 2·60,806 = 137,800", "numbers kept in training of the network"),
    ],
)
def test_right_answers_are_right(network: str, answer: str, right: str) -> None:
    assert right in [one.name for one in judge_network(NETWORKS[network], answer).right]


def test_moving_averages_are_not_trained() -> None:
    # ResNet-18 has 11,689,512 parameters that are learned, and 2·4,800 averages
    verdict = judge_network(NETWORKS["resnet18"], "total=11,699,112")
    assert [one.name for one in verdict.right] == ["parameters"]
    named = [(one.of, one.name) for one in verdict.mistakes]
    mistake = "counted the averages of batch normalisation as trained"
    assert ("trainable parameters", mistake) in named


def test_equal_layers_are_named_together_and_few_of_many() -> None:
    # 2·(3·3·2 + 1) = 38, four times
    network = small("conv3-2 pad=1, 3*(conv3-2 pad=1)", 9, 9, 2)
    found = [one.name for one in judge_network(network, "38 parameters").right]
    assert found == ["shared parameters of conv1, conv2 and 2 more"]
    alone = small("conv3-2 pad=1, conv3-2 pad=1", 9, 9, 2)
    found = [one.name for one in judge_network(alone, "38 parameters").right]
    assert found == ["shared parameters of conv1 and conv2"]
    many = judge_network(NETWORKS["resnet18"], "256")
    assert len(many.right) == judging.MOST_FOUND
    assert "give LAYER=VALUE" in many.hint


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ("C4=5", "answer C4: is no layer of LeNet-5; there are C1 to output; total=VALUE is about"),
        ("outpt=5", "answer outpt: is no layer of LeNet-5; the nearest is output"),
        ("C3=what", "answer what: is not a number or a size"),
        ("nothing", "answer nothing: is not a number or a size"),
    ],
)
def test_what_is_no_answer_is_refused(answer: str, sentence: str) -> None:
    with pytest.raises(BadRequest) as caught:
        judge_network(NETWORKS["lenet5"], answer)
    assert str(caught.value).startswith(sentence)


# --- what if


def test_a_forgotten_layer_is_the_network_without_it() -> None:
    network = small("conv3-4 pad=1, pool2, conv3-6, pool2, fc-10", 20, 20, 3)
    without = {
        "forgot pool1": small("conv3-4 pad=1, conv3-6, pool2, fc-10", 20, 20, 3),
        "forgot pool2": small("conv3-4 pad=1, pool2, conv3-6, fc-10", 20, 20, 3),
        "forgot the pools": small("conv3-4 pad=1, conv3-6, fc-10", 20, 20, 3),
    }
    found = {one.name: one.network for one in variants(network)}
    for name, expected in without.items():
        kept = [one for one in found[name].layers if one.layer.kind != "activation"]
        assert [one.layer for one in kept] == [one.layer for one in expected.layers]
        assert totals(rows(found[name])) == totals(rows(expected))
        assert found[name].fields[-1] == expected.fields[-1]
    no_pads = small("conv3-4, pool2, conv3-6, pool2, fc-10", 20, 20, 3)
    assert [one.layer for one in found["forgot the pads"].layers] == [
        one.layer for one in no_pads.layers
    ]
    shallow = found["forgot that the depth changes, and took the input's everywhere"]
    assert shallow.layers[2].layer.input == (10, 10, 3)


@given(networks(side=7))
@settings(max_examples=15, deadline=None)
def test_what_if_makes_networks_that_go_together(network: Network) -> None:
    for variant in variants(network):
        assert variant.why.endswith(".")
        changed = variant.network
        assert len(changed.layers) <= len(network.layers)
        for one, was in zip(changed.layers, network.layers, strict=False):
            assert (one.path, one.sources) == (was.path, was.sources)


@given(networks(side=6))
@settings(max_examples=10, deadline=None)
def test_no_mistake_comes_to_the_right_number(network: Network) -> None:
    asked = Asked(network, Use())
    for subject in (*asked.rows, judging.TotalsSubject(asked)):
        right = {one.name: one.values for one in subject.known}
        for wrong in subject.wrong:
            assert right.get(wrong.of) != wrong.value
            assert wrong.steps[-1].value == wrong.value or len(wrong.value) > 1 or wrong.value


# --- on the command line


def test_why_and_whether_on_the_command_line(run: Run) -> None:
    code, out, _ = run("network", "lenet5", "--explain", "C3")
    assert code == 0
    assert "shared parameters: shared weights + K = 1,500 + 16 = 1,516" in " ".join(out.split())
    assert "receptive field: r_before + (F − 1)·j_before = 6 + (5 − 1)·2 = 14" in " ".join(
        out.split()
    )
    code, out, _ = run("network", "lenet5", "--explain", "all", "--format", "markdown")
    assert (code, out.count("\n**"), out.count("totals**")) == (0, 13, 1)
    code, out, _ = run("network", "lenet5", "--explain", "total", "--format", "latex")
    assert (code, out.isascii(), r"60{,}806$" in out) == (0, True, True)
    code, out, _ = run("network", "resnet18", "--explain", "total", "--format", "latex")
    assert r"+ \ldots +" in out
    code, out, _ = run("network", "lenet5", "--explain", "all", "--format", "json")
    record = json.loads(out)
    assert record["totals"]["derivation"][2]["value"] == record["totals"]["parameters"] == 60806
    assert all("derivation" in row for row in record["layers"])
    found = {step["name"]: step["value"] for step in record["layers"][2]["derivation"]}
    assert (found["first centre"], found["jump"]) == ("5/2", 2)
    code, out, _ = run("network", "lenet5", "--explain", "C3", "--format", "json")
    assert [("derivation" in row) for row in json.loads(out)["layers"]].count(True) == 1


def test_a_graders_exit_codes(run: Run) -> None:
    assert run("network", "lenet5", "--answer", "C3=1516", "--check").code == 0
    assert run("network", "lenet5", "--answer", "C3=2416").code == 0
    code, out, _ = run("network", "lenet5", "--answer", "C3=2416", "--check")
    assert (code, "connected every filter with every channel" in out) == (1, True)
    code, out, _ = run(
        "network", "lenet5", "--answer", "C3=2416", "--format", "json", "--explain", "C3"
    )
    record = json.loads(out)
    assert (code, record["answer"]["right"]) == (0, False)
    assert record["answer"]["mistakes"][0]["steps"][-1]["value"] == 2416
    assert "derivation" in record["layers"][4]
    code, out, _ = run("network", "lenet5", "--answer", "7777777")
    assert "is no number of this network" in out
    assert "All steps: --explain LAYER" in out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ("--explain C9", "--explain C9: is no layer of LeNet-5; there are C1 to output, total and"),
        ("--explain C3 --format csv", "--format csv: has no place for an argument; give table, js"),
        ("--answer 5 --format html", "--format html: is not a format that answers are judged in"),
        ("--check", "--check is about an answer; add --answer ANSWER, or leave it out"),
        ("--explain C3 --depth 1", "--explain C3: goes without --depth, which is about the table;"),
        (
            "--answer 5 --columns all",
            "--answer 5: goes without --columns, which is about the table;",
        ),
    ],
)
def test_what_does_not_go_together_is_refused(run: Run, options: str, sentence: str) -> None:
    code, out, err = run("network", "lenet5", *options.split())
    assert (code, out) == (2, "")
    assert sentence in " ".join(err.split())


def test_names_that_mean_something_to_latex_do_no_harm(run: Run) -> None:
    network = small("conv3-2, fc-3", 9, 9, 1)
    odd = [one._replace(path=f"a&b_{{%{one.path}\\~^#$") for one in network.layers]
    found = explain_network(Network("odd", network.input, tuple(odd)), "total")
    from convcalc.present.text.latex import steps_in_latex

    text = steps_in_latex(found[0].title, found[0].steps)
    body = text.partition(r"\begin{enumerate}")[2]
    assert not set("&%#~^") & set(body)


def test_a_formula_of_fields_is_told_everywhere(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    """The same sum in another order: every form has it in that order."""
    row, *rest = field.FORMULAS["one"]
    turned = row._replace(text="(E − 1)·j_before + r_before")
    monkeypatch.setitem(field.FORMULAS, "one", (turned, *rest))
    for form in ("table", "json", "markdown"):
        _, out, _ = run("network", "lenet5", "--explain", "C3", "--format", form)
        if form == "json":
            (step,) = (
                one for one in json.loads(out)["layers"][4]["derivation"] if one["value"] == 14
            )
            out = step["substituted"]
        assert "(5 − 1)·2 + 6" in out
    _, out, _ = run("network", "lenet5", "--explain", "C3", "--format", "latex")
    assert r"(5 - 1) \cdot 2 + 6 = 14" in out
    _, out, _ = run("network", "lenet5", "--answer", "C3=14")
    assert "(5 − 1)·2 + 6 = 14" in out
