"""Networks: sizes, parameters and work by brute force, names, and what is refused."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.networks import naively, network_weights, networks

from convcalc import BadRequest, Volume
from convcalc.arithmetic.network import rows, totals
from convcalc.compute.passes.kinds import PASSES
from convcalc.layer.network import INPUT, Builder, Network
from convcalc.layer.notation import parse
from convcalc.layer.plan import Branches, Group, Step

AVERAGES = ("mean", "variance")
BIASES = ("bias", "shift")


def network(text: str, *sides: int) -> Network:
    return Network.of("net", Volume(*sides), parse(text))


# --- sizes


def slid(size: int, filter: int, stride: int, dilation: int, before: int, after: int) -> int:
    """How many places there are for a filter, moved on until it sticks out."""
    extent, places, first = dilation * (filter - 1) + 1, 0, 0
    while first + extent <= before + size + after:
        places, first = places + 1, first + stride
    return places


def slid_up(size: int, filter: int, stride: int, before: int, after: int) -> int:
    """The same, and a place more where that starts before the pad behind and something is left."""
    places = slid(size, filter, stride, 1, before, after)
    seen = (places - 1) * stride + filter
    return places + (seen < before + size + after and places * stride < before + size)


def laid(size: int, filter: int, stride: int, dilation: int, before: int, after: int) -> int:
    """How many places filters lie on that are laid on one after the other, the cut taken off."""
    under = {cell * stride + tap * dilation for cell in range(size) for tap in range(filter)}
    return len(range(max(under) + 1)) - before - after


def side(layer: Any, axis: int, inputs: list[Volume]) -> int:
    """One side of a layer's output, by what its kind does."""
    size = inputs[0][axis]
    if layer.kind in ("dense", "flatten", "globalpool"):
        return 1
    if layer.kind == "upsample":
        return sum(1 for _ in range(size) for _ in range(layer.factor[axis]))
    if layer.kind not in ("conv", "local", "tabled", "transposed", "pool"):
        return size
    before, after = layer.pad[2 * axis : 2 * axis + 2]
    if layer.kind == "pool":
        step, ends = layer.stride[axis], (before, after)
        if layer.ceil:
            return slid_up(size, layer.window[axis], step, *ends)
        return slid(size, layer.window[axis], step, 1, *ends)
    numbers = size, layer.filter[axis], layer.stride[axis], layer.dilation[axis], before, after
    if layer.kind == "transposed":
        return laid(*numbers) + layer.output_pad[axis]
    return slid(*numbers)


def depth(layer: Any, inputs: list[Volume]) -> int:
    first = inputs[0]
    match layer.kind:
        case "flatten":
            return sum(1 for _ in np.ndindex(*first))
        case "dense":
            return int(layer.units)
        case "concat":
            return sum(one.depth for one in inputs)
        case "tabled":
            return len(layer.table)
        case "conv" | "local" | "transposed":
            return int(layer.filters)
    return first.depth


@given(networks(side=12))
@settings(max_examples=200)
def test_outputs_are_counted_place_by_place(net: Network) -> None:
    outputs = {INPUT: net.input}
    for place, one in enumerate(net.layers):
        inputs = [outputs[source] for source in one.sources]
        x, y = (side(one.layer, axis, inputs) for axis in (0, 1))
        outputs[place] = Volume(x, y, depth(one.layer, inputs))
        assert one.layer.output == outputs[place], one.layer
        assert one.layer.input == inputs[0]


@given(networks(), st.integers(0, 9))
@settings(max_examples=60)
def test_outputs_are_as_large_as_the_definitions_make_them(net: Network, seed: int) -> None:
    width, height, deep = net.input
    x = np.random.default_rng(seed).standard_normal((height, width, deep))
    for one, made in zip(net.layers, naively(net, x, network_weights(net, seed)), strict=True):
        assert made.shape == (one.layer.output.height, one.layer.output.width, one.layer.output[2])


# --- parameters and work


def work(layer: Any, weights: int) -> int:
    """Every weight once for each place it is used at."""
    match layer.kind:
        case "conv" | "tabled":
            return weights * layer.output.width * layer.output.height
        case "transposed":
            return weights * layer.input.width * layer.input.height
        case "dense" | "local":
            return weights
    return 0


@given(networks())
@settings(max_examples=200)
def test_parameters_are_those_of_the_arrays(net: Network) -> None:
    every: dict[str, int] = {"weights": 0, "biases": 0, "averages": 0, "work": 0, "made": 0}
    for row in rows(net):
        layer, arrays = row.placed.layer, {}
        for name, shape in PASSES[row.placed.layer.kind].shapes(layer).items():
            arrays[name] = np.zeros(shape).size
        averages = sum(size for name, size in arrays.items() if name in AVERAGES)
        biases = sum(size for name, size in arrays.items() if name in BIASES)
        weights = sum(arrays.values()) - averages - biases
        if layer.kind == "tabled":  # the array has zeros for channels that are not seen
            taps = layer.filter.width * layer.filter.height
            weights = sum(taps for row_of in layer.table for _ in row_of)
        assert tuple(row.parameters) == (weights, biases, averages), layer
        assert row.multiply_adds == work(layer, weights), layer
        in_place = layer.kind in ("activation", "dropout", "flatten", "concat")
        made = 0 if in_place else len(list(np.ndindex(*layer.output)))
        assert row.activations == made
        for key, number in zip(
            every, (weights, biases, averages, work(layer, weights), made), strict=True
        ):
            every[key] += number
    total = totals(rows(net))
    found = (*total.parameters, total.multiply_adds, total.activations)
    assert found == tuple(every.values())


# --- names


@st.composite
def plans(draw: st.DrawFn, deep: int = 3) -> Any:
    """Plans whose layers and groups have few names, and such as are given by the program."""
    names = st.sampled_from(["", "", "conv1", "conv2", "relu1", "a", "a_2", "a/conv1", "b1"])
    parts: list[Any] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["conv", "relu", "group", "branches"] if deep else ["conv"]))
        if kind == "conv":
            parts.append(Step("conv", {"filter": 1, "filters": "depth"}, draw(names)))
        elif kind == "relu":
            parts.append(Step("activation", {"function": "relu"}, draw(names)))
        elif kind == "group":
            inside, times = draw(plans(deep - 1)), draw(st.integers(0, 3))
            parts.append(Group(inside, times, draw(names), draw(st.booleans())))
        else:
            several = tuple(draw(plans(deep - 1)) for _ in range(draw(st.integers(1, 2))))
            parts.append(Branches("add", several, draw(names)))
    return tuple(parts)


def steps_of(plan: Any) -> int:
    """How many layers a plan stands for."""
    found = 0
    for part in plan:
        if isinstance(part, Group):
            found += part.times * steps_of(part.parts)
        elif isinstance(part, Branches):
            found += 1 + sum(map(steps_of, part.branches))
        else:
            found += 1
    return found


@given(plans())
@settings(max_examples=300)
def test_every_layer_is_there_with_a_path_of_its_own(plan: Any) -> None:
    expected = steps_of(plan)
    if not expected:
        with pytest.raises(BadRequest, match="has no layers; give one layer at least"):
            Network.of("n", Volume(2, 2, 2), plan)
        return
    net = Network.of("n", Volume(2, 2, 2), plan)
    assert len(net.layers) == expected
    paths = [one.path for one in net.layers]
    assert len(set(paths)) == expected
    groups = {path.rpartition("/")[0] for path in paths if "a/" not in path}
    assert not groups & {path for path in paths if "a/" not in path}
    for place, one in enumerate(net.layers):
        assert one.path.endswith(one.name)
        assert net.find(one.path) == place


NAMES = {
    "conv1-1, conv1-1, relu": ["conv1", "conv2", "relu1"],
    # what is named has its name, wherever it stands
    "conv1-1, conv1: conv1-1, conv1-1": ["conv2", "conv1", "conv3"],
    "x: relu, x: relu, x_2: relu, x: relu": ["x", "x_3", "x_2", "x_4"],
    "2*(x: relu)": ["x", "x_2"],
    "b: 2*(relu), relu": ["b1/relu1", "b2/relu1", "relu1"],
    "b1: relu, b: 2*(relu)": ["b1", "b2/relu1", "b3/relu1"],
    "b: (relu, b: (relu)), b: relu": ["b/relu1", "b/b/relu1", "b_2"],
    "add(relu|x: relu, relu), relu": ["relu1", "x", "relu2", "add1", "relu3"],
    "relu6, relu6": ["relu6_1", "relu6_2"],
}


@pytest.mark.parametrize("text", NAMES)
def test_names(text: str) -> None:
    assert [one.path for one in network(text, 2, 2, 1).layers] == NAMES[text]


def test_a_name_of_several_layers_is_asked_for_with_its_groups() -> None:
    net = network("b: 2*(relu), x: relu", 2, 2, 1)
    assert (net.find("b2/relu1"), net.find("x")) == (1, 2)
    with pytest.raises(
        BadRequest, match="layer relu1: is the name of 2 layers; give one with its "
    ):
        net.find("relu1")
    with pytest.raises(BadRequest, match="layer y: is no layer of net; there are b1/relu1 to x"):
        net.find("y")


def test_a_builder_places_layers_in_groups() -> None:
    builder = Builder(Volume(4, 4, 1))
    first = builder.place("conv", {"filter": 3, "filters": 2}, (INPUT,))
    builder.enter(("a", "b"))
    second = builder.place("activation", {"function": "relu"}, (first,), "r")
    third = builder.put(builder.layers[second].layer, (first,), "strange")
    builder.enter(())
    builder.place("add", {}, (second, third))
    net = builder.network("n", [("Strange", 1)])
    assert [one.path for one in net.layers] == ["conv1", "a/b/r", "a/b/strange1", "add1"]
    assert [one.sources for one in net.layers] == [(-1,), (0,), (0,), (1, 2)]
    assert net.not_counted == (("Strange", 1),)


# --- what is refused

REFUSED = {
    "conv3-8, pool2, conv5-8": 'layer 3 "conv2": filter 5 on 3x3x8: its width 5 is more than ',
    "add(conv3-2|x: (conv1-2))": 'layer 3 "add1": add on 6x6x2 and 8x8x2: adds volumes of ',
    "add(conv3-2|conv1-2|conv3-2)": 'layer 4 "add1": add on 6x6x2 and 8x8x2: adds volumes of ',
    "s: add(conv1-2|conv1-3)": 'layer 3 "s": add on 8x8x2 and 8x8x3: adds volumes of ',
    "concat(conv3-2|conv1-2)": 'layer 3 "concat1": concat on 6x6x2 and 8x8x2: joins volumes of ',
    "add(conv1-2|conv1-3|conv1-4|conv1-5|conv1-6|conv1-7)": 'layer 7 "add1": add on 8x8x2, 8x8x3, '
    "8x8x4, 8x8x5 and 2 others: adds volumes of different sizes; give branches that all end in ",
    "conv3-8, conv3-9 groups=depth": 'layer 2 "conv2": groups 8 on 6x6x8: does not ',
    "10001*(relu)": "has more than 10,000 layers; give fewer",
    "101*(101*(relu))": "has more than 10,000 layers; give fewer",
    f"{'n' * 1001}: relu": None,
    f"{'n' * 501}: ({'n' * 500}: relu)": None,
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(BadRequest) as error:
        network(text, 8, 8, 3)
    expected = REFUSED[text]
    if expected is None:
        assert error.value.problem == "has more than 1000 characters with its groups"
    else:
        assert str(error.value).startswith(f"SPEC {expected}")


def test_a_flag_is_yes_or_no() -> None:
    for option, value in (("bias", 1), ("bias", []), ("bias", 2.5), ("bias", ())):
        with pytest.raises(BadRequest, match="is neither yes nor no; give yes or no, true or fal"):
            plan = (Step("conv", {"filter": 1, "filters": 1, option: value}),)
            Network.of("n", Volume(2, 2, 1), plan)


def test_what_repeats_nothing_is_done_at_once() -> None:
    plan: Any = ()
    for times in (10**600, 10**6, 10**6, 10**6):
        plan = (Group(plan, times, "g"),)
    net = Network.of("n", Volume(2, 2, 1), (*plan, Step("flatten", {})))
    assert [one.path for one in net.layers] == ["flatten1"]


def test_layers_that_are_alike_are_one_and_others_are_not() -> None:
    net = network("3*(conv1-1, x: (conv1-1 bias=no)), conv1-1", 2, 2, 1)
    layers = [one.layer for one in net.layers]
    assert [layer.bias for layer in layers] == [True, False] * 3 + [True]
    assert len({id(layer) for layer in layers}) == 3
    grown = network("2*(conv1-depth)".replace("-depth", " filters=depth, concat(|)"), 2, 2, 1)
    assert [one.layer.output.depth for one in grown.layers] == [1, 2, 2, 4]
