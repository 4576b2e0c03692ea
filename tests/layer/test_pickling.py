"""Errors and values travel: through pickle, copy and other processes, and arrive as they were."""

import copy
import dataclasses
import importlib
import inspect
import multiprocessing
import pickle
import pkgutil
import sys
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.kinds import EXAMPLES

import convcalc
from convcalc import BadRequest, ConvLayer
from convcalc.arithmetic.answers.agreement import agreement
from convcalc.arithmetic.answers.judging import judge
from convcalc.arithmetic.answers.mistakes import MISTAKES
from convcalc.arithmetic.answers.reading import read_answer
from convcalc.arithmetic.connections import ladder
from convcalc.arithmetic.derivation import derivation, results
from convcalc.arithmetic.fit import repairs
from convcalc.arithmetic.formulas import FORMULAS, SHORTS
from convcalc.arithmetic.network import kept, most, rows, totals
from convcalc.arithmetic.published import compare as compare_published
from convcalc.arithmetic.reasons.explaining import explain_network
from convcalc.arithmetic.reasons.sums import Part
from convcalc.arithmetic.reasons.what_if import CHANGES, variants
from convcalc.arithmetic.solver.budget import Budget
from convcalc.arithmetic.solver.families import families
from convcalc.arithmetic.solver.nearest import nearest
from convcalc.arithmetic.solver.search import Search
from convcalc.arithmetic.solver.solve import solve
from convcalc.arithmetic.use import Use
from convcalc.arithmetic.walk.numbers import small_numbers
from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.cli.conflicts import RULES
from convcalc.compute.data.own_weights import tied
from convcalc.compute.data.random import (
    RandomUnshared,
    random_input,
    random_upstream,
    random_weights,
)
from convcalc.compute.experiments.backward_run import run_backward
from convcalc.compute.experiments.compare import compare
from convcalc.compute.experiments.forward_run import Operands, run_forward
from convcalc.compute.experiments.one_neuron import Place, cell_of
from convcalc.compute.experiments.shift import run_shift
from convcalc.compute.forward.choose import ALGORITHMS
from convcalc.compute.forward.job import Job
from convcalc.compute.forward.winograd_engine import Limits
from convcalc.compute.network.run import run_network
from convcalc.compute.network.schedule import Schedule
from convcalc.compute.network.weights import RandomWeights
from convcalc.compute.passes.call import Call
from convcalc.compute.passes.kinds import PASSES
from convcalc.compute.tools.progress import nobody
from convcalc.compute.tools.tiling import whole
from convcalc.errors import NoSuchLayer
from convcalc.files.network import Document
from convcalc.files.onnx.essentials import Span
from convcalc.files.onnx.tensors import Given, Tensor
from convcalc.layer import Pair, Recipe, Volume
from convcalc.layer.field import Link
from convcalc.layer.foreign import Foreign
from convcalc.layer.network import INPUT, Network
from convcalc.layer.notation import parse
from convcalc.layer.sight import ITSELF
from convcalc.present.frameworks.code import call
from convcalc.present.frameworks.program import Block, Node, Program, Scope, written
from convcalc.present.player.keys import Player
from convcalc.present.saved.sheet import sheet_layout
from convcalc.present.screens.network_run import Told
from convcalc.present.screens.pictures import input_tile
from convcalc.present.slides.drawing import scenes
from convcalc.present.slides.panels import View, board
from convcalc.present.text.network_columns import Listing
from convcalc.present.text.network_summary import summary as network_summary
from convcalc.present.text.summary import summary
from convcalc.shapes import Scale

WAYS: dict[str, Callable[[Any], Any]] = {
    **{
        f"pickle {protocol}": lambda value, protocol=protocol: pickle.loads(
            pickle.dumps(value, protocol)
        )
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def classes_of(kind: Callable[[type], bool]) -> set[type]:
    """Every class of a kind that a module of the package defines."""
    for module in pkgutil.walk_packages(convcalc.__path__, "convcalc."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return {
        found
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "convcalc"
        for found in vars(module).values()
        if inspect.isclass(found) and found.__module__ == name and kind(found)
    }


# --- errors

VALUES = [
    *(None, "", "3x3", "a\nb", "x" * 5000, "\x1b" * 5000, 0, 10**5000, 1.5, b"bytes", [1, 2]),
    *(Path("a/b"), Volume(5, 5, 3), np.float32, lambda: 0, object(), sys.stderr),
]
"""What may be wrong with; the last three no process can be sent."""


def errors() -> list[BaseException]:
    made: list[BaseException] = []
    for kind in classes_of(lambda found: issubclass(found, BaseException)):
        if issubclass(kind, BadRequest):
            made += [kind("filter", value, "is wrong", "give another") for value in VALUES]
        else:
            made.append(kind("it failed"))
    for arguments in [{"filter": 0}, {"filter": 9}, {"groups": 2}, {"pad": "some"}, {"stride": ""}]:
        with pytest.raises(BadRequest) as caught:
            ConvLayer(**{"input": (5, 5, 3), "filter": 3, "filters": 2} | arguments)
        made.append(caught.value)
    return made


def told(error: BaseException) -> tuple[Any, ...]:
    """Everything an error has to say, with whatever attributes it has."""
    public = {
        name: getattr(error, name, None)
        for name in dir(error)
        if not name.startswith("_") and not callable(getattr(error, name, None))
    }
    return type(error), str(error), repr(error), error.args, vars(error), public


@pytest.mark.parametrize("way", WAYS)
def test_every_error_arrives_with_all_it_has_to_say(way: str) -> None:
    for error in errors():
        error.add_note("and a note")
        assert told(WAYS[way](error)) == told(error)


def test_an_error_says_what_it_said_before() -> None:
    error = BadRequest("filter", 11, "is too wide", "give 5")
    assert str(error) == "filter 11: is too wide; give 5"
    assert (error.argument, error.rest) == ("filter", "11: is too wide; give 5")
    assert error.exit_code == 2
    assert str(BadRequest("input", None, "is missing", "give it")) == "input is missing; give it"
    assert issubclass(NoSuchLayer, BadRequest)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_a_refusal_in_another_process_is_raised_in_this_one(method: str) -> None:
    with multiprocessing.get_context(method).Pool(1) as pool:
        sent = pool.map_async(read_answer, ["55x55", "no answer", "34,944"])
        with pytest.raises(BadRequest, match="answer no answer: is not a number or a size; give"):
            sent.get(timeout=60)
        layer = ConvLayer(input=(5, 5, 3), filter=3, filters=2)
        assert pool.map_async(ladder, [layer]).get(timeout=60) == [ladder(layer)]


# --- values


def values() -> Iterator[Any]:
    """Results of everything the package can be asked for."""
    layer = ConvLayer(input=(6, 5, 2), filter=3, stride=2, filters=2, groups=2)
    yield from (layer, layer.axes, layer.parameters, layer.output, layer.stride, layer.pad)
    yield from (layer.fit, summary(layer, Use()))
    yield ConvLayer(input=(6, 2), filter=3, pad=(0, 1), filters=2)
    yield from (layer.connections, layer.symbols(), Recipe.of(layer), ConvLayer.options)
    yield from (results(layer), FORMULAS, SHORTS, RULES)
    yield from (derivation(layer), ladder(layer), list(repairs(layer)), MISTAKES)
    yield from (judge(layer, answer) for answer in ("40", "20", "7", "2x2x2", "3x2"))
    search = Search(input=Volume(5, 5, 1), positions=Pair(3, 3), budget=Budget(params=100))
    yield from (search, search.costs(9), solve(search), list(families(search)))
    yield nearest(search._replace(budget=Budget(params=1)))
    walk = Walk(layer, small_numbers(layer, 1))
    state = walk.state(1, Mode())
    view = View(9, 2)
    yield from (walk, view, board(state, view), list(scenes(walk, Mode())))
    yield from (Player(walk, Mode()), sheet_layout(layer))
    dtype = np.dtype(np.float64)
    x, weights = random_input(layer, 1, dtype), random_weights(layer, 1, dtype)
    shared = Operands(x, weights, None, "random", "random", 1)
    own = RandomUnshared(layer, 1, dtype)
    unshared = dataclasses.replace(shared, own=tied(layer, weights), tied=True)
    yield from (run_forward(layer, operands, True, nobody) for operands in (shared, unshared))
    run = run_forward(layer, dataclasses.replace(shared, own=own), False, nobody)
    yield from (run, cell_of(run, Place(0, 0, 0)), input_tile(x, ["input"]))
    back = run_backward(layer, shared, random_upstream(layer, 1, dtype), 1, 0.1, nobody)
    yield from (back, back.samples)
    yield run_shift(layer, shared, own, Pair(2, 0), nobody)
    yield compare(layer, shared, nobody)
    yield from (Scale(0.0, 4095.0, 0.0, 65535.0), Job(layer, x, weights, None, run.output))
    plan = parse(
        "add(conv1-2|conv1-2), relu, 2*(conv1-2), concat(|), pool2, deconv2-2, upsample2, "
        "local1-1, lrn, bn, dropout, conv1 table=0, flatten, fc-3, gap"
    )
    network = Network.of("small", Volume(4, 4, 1), plan)
    yield from (plan, Document("small", None, plan, {}), rows(network), totals(rows(network)))
    yield from (network_summary(network, Listing()), Listing(), kept(totals(rows(network))))
    yield most(rows(network), attrgetter("multiply_adds"))
    yield from (explain_network(network, "all"), list(variants(network)), CHANGES, Part("a", 1))
    yield from (EXAMPLES, read_answer("35k"), agreement(read_answer("9")[0].numbers, [9]))
    yield compare_published(network, [{"figure": "parameters", "printed": "1 K"}])
    scope = Scope([Node("conv1", (), "4x4x2", (call("nn.Conv2d", ("in_channels", 1)),))])
    yield Program((Block("Block", scope, {}, frozenset(), False),), scope)
    yield written(scope, None)
    one = Foreign(input=(1, 1, 2), operator="Erf", puts_out=(1, 1, 2))
    yield from (one, Given((2,)), Tensor(0, (1, 2), "nc"), Span(0, 2))
    made = RandomWeights(network)
    ran = run_network(network, np.ones((4, 4, 1)), made, 0)
    yield from (network.layers[0].layer.sights, Link(ITSELF, (INPUT,), 4), Use())
    yield from (network, made, ran, Schedule.of(network), dict(PASSES))
    yield Told("random", 1, None, True, [])
    yield Call(network.layers[0].layer, [x], made["conv1"], ran.output)
    yield from (whole(layer), ALGORITHMS, ALGORITHMS["im2col"].cost(layer), Limits())


def parts(value: Any) -> Iterator[Any]:
    """A value and everything in it."""
    yield value
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, tuple | list):
        inside = list(value)
    else:
        inside = list(getattr(value, "__dict__", {}).values())
    if not inspect.isroutine(value) and not inspect.isclass(value):
        for one in inside:
            yield from parts(one)


def same(a: Any, b: Any) -> bool:
    """Whether two values are alike in type and in everything in them."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    if isinstance(a, np.random.SeedSequence):
        return bool(a.state == b.state)
    if isinstance(a, partial):
        return same((a.func, a.args, a.keywords), (b.func, b.args, b.keywords))
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, Walk):
        return same((a.layer, a.numbers), (b.layer, b.numbers))
    if type(a).__eq__ is object.__eq__ and hasattr(a, "__dict__"):
        return same(vars(a), vars(b))
    if dataclasses.is_dataclass(a):
        return same(vars(a), vars(b))
    return bool(a == b)


@pytest.fixture(scope="module")
def examples() -> dict[type, Any]:
    """One value of every class that is met in the results."""
    found: dict[type, Any] = {}
    for value in values():
        for part in parts(value):
            if type(part).__module__.startswith("convcalc"):
                found.setdefault(type(part), part)
    return found


@pytest.mark.slow
def test_there_is_an_example_of_every_class(examples: dict[type, Any]) -> None:
    def is_value(found: type) -> bool:
        is_error = issubclass(found, BaseException)
        return (issubclass(found, tuple) or dataclasses.is_dataclass(found)) and not is_error

    only_as_a_part, of_functions = {"_Piece", "_Place", "_Strand"}, {"Framework", "Model"}
    drawn_at_once = "convcalc.present.diagram."
    missing = {
        kind.__name__
        for kind in classes_of(is_value) - examples.keys()
        if not kind.__module__.startswith(drawn_at_once)
    }
    assert not missing - only_as_a_part - of_functions
    assert len(examples) > 40
    assert {"ConvLayer", "Walk", "RandomUnshared"} <= {kind.__name__ for kind in examples}


@pytest.mark.parametrize("way", WAYS)
def test_every_value_arrives_as_it_was(way: str, examples: dict[type, Any]) -> None:
    for value in examples.values():
        assert same(WAYS[way](value), value), value
