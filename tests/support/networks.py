"""Generated networks of all kinds, with branches, and their weights; run by the definitions."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from convcalc import BadRequest, Volume
from convcalc.compute.passes.kinds import PASSES
from convcalc.layer.activation import FUNCTIONS
from convcalc.layer.network import INPUT, Network
from convcalc.layer.plan import Branches, Group, Part, Step
from convcalc.shapes import Array

SMALL = st.integers(1, 3)
YES = st.booleans()
PADS = st.one_of(st.integers(0, 2), st.tuples(*[st.integers(0, 2)] * 4))


def pairs(most: int) -> st.SearchStrategy[Any]:
    return st.one_of(st.integers(1, most), st.tuples(*[st.integers(1, most)] * 2))


def convolution(**more: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "filter": pairs(3),
            "filters": st.sampled_from(["depth", 1, 2, 3, 4, 6]),
            "stride": pairs(2),
            "pad": PADS,
            "dilation": pairs(2),
            "bias": YES,
        }
        | more
    )


GROUPS = {"groups": st.sampled_from([1, 1, "depth", 2])}

OPTIONS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "conv": convolution(**GROUPS, pad=st.one_of(PADS, st.just("same"))),
    "local": convolution(),
    "tabled": st.fixed_dictionaries(
        {
            "filter": pairs(3),
            "pad": PADS,
            "table": st.lists(
                st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
                min_size=1,
                max_size=4,
            ),
        }
    ),
    "transposed": convolution(**GROUPS, output_pad=st.sampled_from([0, 0, 1])),
    "pool": st.fixed_dictionaries(
        {
            "window": pairs(3),
            "stride": pairs(3),
            "pad": PADS,
            "mode": st.sampled_from(["max", "average"]),
            "ceil": YES,
            "count_pad": YES,
        }
    ),
    "globalpool": st.fixed_dictionaries({"mode": st.sampled_from(["max", "average"])}),
    "dense": st.fixed_dictionaries({"units": st.integers(1, 5), "bias": YES}),
    "flatten": st.just({}),
    "batchnorm": st.fixed_dictionaries({"affine": YES}),
    "lrn": st.fixed_dictionaries({"size": st.integers(1, 6)}),
    "activation": st.fixed_dictionaries({"function": st.sampled_from(FUNCTIONS)}),
    "dropout": st.just({}),
    "upsample": st.fixed_dictionaries({"factor": pairs(2)}),
}
"""Options of each kind but those that join; conv1d needs an input of its own."""

KEEP_SIZE = [
    Step("conv", {"filter": 3, "pad": 1, "filters": "depth"}),
    Step("activation", {"function": "relu"}),
    Step("batchnorm", {}),
    Step("pool", {"window": 3, "stride": 1, "pad": 1}),
    Step("dropout", {}),
]


@st.composite
def steps(draw: st.DrawFn) -> Step:
    kind = draw(st.sampled_from([*sorted(OPTIONS), "transposed", "tabled", "upsample", "conv"]))
    return Step(kind, draw(OPTIONS[kind]))


KEEPING = st.lists(st.sampled_from(KEEP_SIZE), max_size=3).map(tuple)
DEEPER = st.lists(
    st.sampled_from([*KEEP_SIZE, Step("conv", {"filter": 1, "filters": 2})]), max_size=3
).map(tuple)
JOINED = st.one_of(
    st.builds(Branches, st.just("add"), st.lists(KEEPING, min_size=1, max_size=3).map(tuple)),
    st.builds(Branches, st.just("concat"), st.lists(DEEPER, min_size=1, max_size=3).map(tuple)),
)
BLOCKS = st.builds(Group, st.tuples(steps(), JOINED), st.integers(1, 2), st.just("block"))
PARTS: st.SearchStrategy[Part] = st.integers(0, 5).flatmap(
    lambda number: [JOINED, BLOCKS, steps()][min(number, 2)]
)


@st.composite
def networks(draw: st.DrawFn, side: int = 8) -> Network:
    """Networks of up to six parts; those that cannot be are left out, part by part."""
    input = Volume(draw(st.integers(2, side)), draw(st.integers(2, side)), draw(SMALL))
    plan: tuple[Part, ...] = ()
    for part in draw(st.lists(PARTS, min_size=1, max_size=6)):
        try:
            found = Network.of("generated", input, (*plan, part))
        except BadRequest:
            continue
        if max(one.layer.output.cells for one in found.layers) <= 1000:
            plan = (*plan, part)
    assume(plan)
    return Network.of("generated", input, plan)


def layer_of(kind: str, options: Mapping[str, Any], input: Volume) -> Any:
    """The layer that options make, or another try."""
    try:
        return Network.of("one", input, (Step(kind, options),)).layers[0].layer
    except BadRequest:
        assume(False)
        raise


def weights_of(layer: Any, seed: int, dtype: str = "float64") -> dict[str, Array]:
    """Weights of a layer, none of them 0 or 1, variances positive."""
    rng = np.random.default_rng(seed)
    return {
        name: (
            rng.uniform(0.2, 2, shape) if name == "variance" else rng.standard_normal(shape)
        ).astype(dtype)
        for name, shape in PASSES[layer.kind].shapes(layer).items()
    }


def network_weights(network: Network, seed: int, dtype: str = "float64") -> Any:
    return {
        one.path: weights_of(one.layer, seed + place, dtype)
        for place, one in enumerate(network.layers)
        if PASSES[one.layer.kind].shapes(one.layer)
    }


def naively(network: Network, x: Array, weights: Any) -> list[Array]:
    """Every layer's output by its definition, each in an array of its own."""
    outputs = {INPUT: x}
    for place, one in enumerate(network.layers):
        inputs = [outputs[source] for source in one.sources]
        definition = PASSES[one.layer.kind].definition
        outputs[place] = definition(one.layer, inputs, weights.get(one.path, {}))
    return [outputs[place] for place in range(len(network.layers))]
