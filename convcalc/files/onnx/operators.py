"""What the operators of ONNX are here: kinds of layers, and their options."""

from collections.abc import Mapping, Sequence
from typing import Any

from convcalc.errors import BadRequest

ACTIVATIONS = {
    "Relu": "relu",
    "LeakyRelu": "leakyrelu",
    "Elu": "elu",
    "Gelu": "gelu",
    "Sigmoid": "sigmoid",
    "Tanh": "tanh",
    "HardSwish": "hardswish",
    "HardSigmoid": "hardsigmoid",
    "Swish": "silu",
}

GATES = {"Sigmoid": "silu", "HardSigmoid": "hardswish"}
"""Functions that, times what they are of, are another."""

ALIASES = frozenset({"Identity", "Cast", "CastLike", "Dropout"})

AS_ITS_INPUT = frozenset(
    {
        "Abs", "Acos", "Asin", "Atan", "Celu", "Ceil", "Clip", "Cos", "CumSum", "Erf", "Exp",
        "Floor", "GroupNormalization", "HardSigmoid", "InstanceNormalization",
        "LayerNormalization", "Log", "LogSoftmax", "LpNormalization",
        "MeanVarianceNormalization", "Mish", "Neg", "Not", "PRelu", "QuickGelu", "Reciprocal",
        "RMSNormalization", "Round", "Selu", "Shrink", "Sign", "Sin",
        "SimplifiedLayerNormalization", "Softmax", "Softplus", "Softsign", "Sqrt", "Tan",
        "ThresholdedRelu", "Trilu",
    }
)  # fmt: skip
"""Operators that are not counted and put out what is as large as what arrives."""

MOVES_TOLD = frozenset(
    {"Expand", "GatherElements", "GatherND", "ScatterND", "Tile", "ReverseSequence"}
)
"""Operators that only move numbers; the file has to tell into which shape."""

BROADCASTS = frozenset(
    {
        "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Mean", "Sum", "Where", "Mod", "PRelu",
    }
)  # fmt: skip
"""Operators that are not counted and put out what is as large as their inputs together."""


def pair(values: Sequence[int] | None, sides: int, usual: int = 1) -> tuple[int, int]:
    """Return numbers of (height, width), or of a width alone, as (width, height)."""
    if values is None:
        return (usual, usual if sides > 1 else 1)
    if len(values) != sides:
        raise BadRequest(
            "SPEC", None, f"has {len(values)} numbers for {sides} sides", "export the file anew"
        )
    return (values[-1], values[0] if sides > 1 else 1)


def ends(values: Sequence[int] | None, sides: int) -> tuple[int, int, int, int]:
    """Return pads, all before and then all after, as left, right, top, bottom."""
    if values is None:
        return 0, 0, 0, 0
    before, after = values[: len(values) // 2], values[len(values) // 2 :]
    left, top = pair(before, sides)
    right, bottom = pair(after, sides)
    return (left, right, top, bottom) if sides > 1 else (left, right, 0, 0)


def window(
    attributes: Mapping[str, Any],
    kernel: Sequence[int],
    shape: Sequence[int],
    waiting: Sequence[int],
) -> dict[str, Any]:
    """Return stride, dilation and pad of a window on sides of a shape, in convcalc's order.

    `waiting` are zeros that are around the input already. `auto_pad` is SAME_UPPER, where the odd
    cell comes last, SAME_LOWER, where it comes first, VALID or NOTSET.
    """
    sides = len(kernel)
    stride = pair(attributes.get("strides"), sides)
    dilation = pair(attributes.get("dilations"), sides)
    if min(*stride, *dilation) < 1:
        raise BadRequest("SPEC", None, "has a stride or a dilation below 1", "export it anew")
    pad = ends(attributes.get("pads"), sides)
    way = attributes.get("auto_pad", b"NOTSET")
    if way in (b"SAME_UPPER", b"SAME_LOWER"):
        own = []
        extents = pair(kernel, sides)
        lengths = pair(shape, sides)
        for length, extent, step, holes in zip(lengths, extents, stride, dilation, strict=True):
            needed = (-(-length // step) - 1) * step + (extent - 1) * holes + 1
            missing = max(needed - length, 0)
            less, more = missing // 2, missing - missing // 2
            own += [less, more] if way == b"SAME_UPPER" else [more, less]
        pad = own[0], own[1], own[2], own[3]
    elif way == b"VALID":
        pad = 0, 0, 0, 0
    total = tuple(a + b for a, b in zip(pad, waiting, strict=True))
    if min(total) < 0:
        raise BadRequest("SPEC", None, f"has a pad of {min(total)}", "pads from 0 up are counted")
    return {"stride": stride, "dilation": dilation, "pad": total}
