"""A layer of every kind, with names known from published networks; and generated ones, huge too."""

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from convcalc import BadRequest, Volume
from convcalc.layer.kinds import KINDS
from support.networks import OPTIONS, layer_of

C3 = [
    *([0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 0], [5, 0, 1]),
    *([0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5], [3, 4, 5, 0], [4, 5, 0, 1], [5, 0, 1, 2]),
    *([0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5], [0, 1, 2, 3, 4, 5]),
]
"""Which maps each filter of LeNet-5's third layer sees."""

MADE_OF: dict[str, dict[str, Any]] = {
    "conv": {"input": (227, 227, 3), "filter": 11, "stride": 4, "filters": 96},
    "conv1d": {"input": (60, 1), "filter": 40, "filters": 7},
    "local": {"input": (63, 63, 16), "filter": 9, "filters": 16},
    "tabled": {"input": (14, 14, 6), "filter": 5, "table": C3},
    "transposed": {
        "input": (7, 5, 64),
        "filter": 4,
        "stride": 2,
        "pad": (1, 0, 1, 1),
        "filters": 32,
        "groups": 2,
    },
    "pool": {"input": (55, 55, 96), "window": 3, "stride": 2},
    "globalpool": {"input": (7, 7, 2048)},
    "dense": {"input": (7, 7, 512), "units": 4096},
    "flatten": {"input": (7, 7, 512)},
    "batchnorm": {"input": (112, 112, 64)},
    "lrn": {"input": (55, 55, 96)},
    "activation": {"input": (55, 55, 96), "function": "relu"},
    "dropout": {"input": (1, 1, 4096)},
    "upsample": {"input": (7, 5, 64), "factor": 2},
    "add": {"input": (56, 56, 256), "others": [(56, 56, 256)]},
    "concat": {"input": (28, 28, 64), "others": [(28, 28, 128)]},
}

EXAMPLES = {kind: KINDS[kind](**options) for kind, options in MADE_OF.items()}

OTHERS = sorted({*OPTIONS, "add", "concat"} - {"conv"})
"""The kinds but the convolution, whose formulas have tests of their own."""


@st.composite
def layers_of(draw: st.DrawFn, kind: str, side: int = 9) -> Any:
    """Small layers of a kind, or huge ones where a side may be 10^30."""
    sides = st.integers(1, side)
    width, height, depth = draw(sides), draw(sides), draw(st.integers(1, 4))
    if kind == "add":
        others = [(width, height, depth)] * draw(st.integers(0, 3))
        return KINDS[kind](input=(width, height, depth), others=others)
    if kind == "concat":
        depths = draw(st.lists(sides, max_size=3))
        others = [(width, height, one) for one in depths]
        return KINDS[kind](input=(width, height, depth), others=others)
    return layer_of(kind, draw(OPTIONS[kind]), Volume(width, height, depth))


@st.composite
def enlarged(draw: st.DrawFn, kind: str) -> Any:
    """Layers of a kind whose numbers are huge, in so far as there are such."""
    layer = draw(layers_of(kind))
    big = st.integers(1, 10**30)
    width, height = draw(big), draw(big)
    options = layer.made_of
    for name in {"filters", "units", "size"} & options.keys():
        options[name] = options.get("groups", 1) * draw(big)
    if kind in ("add", "concat"):
        options["others"] = [(width, height, one.depth) for one in layer.others]
    try:
        return KINDS[kind](input=(width, height, layer.input.depth), **options)
    except BadRequest:
        assume(False)
        raise
