"""Operators of ONNX that only move numbers, followed by shape; and arithmetic on shapes."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from convcalc.errors import BadRequest
from convcalc.files.onnx.tensors import LETTERS, MOST_KNOWN, Given, Tensor
from convcalc.layer.foreign import Foreign

Attributes = Mapping[str, Any]
Inputs = Sequence[Tensor | Given]


def numbers(attributes: Attributes, name: str, inputs: Inputs, place: int) -> list[int] | None:
    """Return whole numbers that are an attribute or, in newer files, an input that is known."""
    if name in attributes:
        told = attributes[name]
        return list(told) if isinstance(told, list) else [told]
    if place < len(inputs):
        one = inputs[place]
        if isinstance(one, Given) and one.value is not None and one.value.dtype.kind in "iub":
            return [int(number) for number in one.value.ravel()]
    return None


def _letters(shape: Sequence[int], tensor: Tensor) -> str:
    return tensor.letters if len(shape) == len(tensor.shape) else LETTERS.get(len(shape), "")


def _to(tensor: Tensor, shape: Sequence[int], operator: str, letters: str | None = None) -> Tensor:
    """Return a tensor with its numbers in another shape."""
    shape = tuple(shape)
    if prod(shape) != prod(tensor.shape) or min(shape, default=1) < 1:
        sides = "x".join(map(str, tensor.shape)), "x".join(map(str, shape))
        problem = f"makes {sides[1]} of {sides[0]}"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    letters = LETTERS.get(len(shape), "") if letters is None else letters
    return tensor._replace(shape=shape, letters=letters, moved=operator)


def _reshape(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    wanted = numbers(attributes, "shape", inputs, 1)
    if wanted is None:
        told = graph.told(node.output[0])
        if told is None:
            problem = "has a shape that is not known"
            raise BadRequest("SPEC", None, problem, "export it for an input of fixed size")
        wanted = [-1, *told[1:]]
    keep = not attributes.get("allowzero", 0)
    sides = [
        tensor.shape[place] if one == 0 and keep and place < len(tensor.shape) else one
        for place, one in enumerate(wanted)
    ]
    if sides.count(-1) == 1:
        rest = -prod(sides)
        sides[sides.index(-1)] = prod(tensor.shape) // rest if rest > 0 else 0
    same = tuple(sides) == tensor.shape
    return _to(tensor, sides, "Reshape", tensor.letters if same else None)


def _flatten(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    axis = attributes.get("axis", 1)
    axis += len(tensor.shape) if axis < 0 else 0
    return _to(tensor, (prod(tensor.shape[:axis]), prod(tensor.shape[axis:])), "Flatten")


def _transpose(
    graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any
) -> Any:
    order = attributes.get("perm") or list(range(len(tensor.shape)))[::-1]
    if sorted(order) != list(range(len(tensor.shape))):
        raise BadRequest("SPEC", None, "has no order of the axes", "export the file anew")
    letters = "".join(tensor.letters[one] for one in order) if tensor.letters else ""
    return _to(tensor, [tensor.shape[one] for one in order], "Transpose", letters)


def _squeeze(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    rank = len(tensor.shape)
    axes = numbers(attributes, "axes", inputs, 1)
    gone = (
        {place for place, side in enumerate(tensor.shape) if side == 1 and place}
        if axes is None
        else {axis % rank for axis in axes}
    )
    left = [place for place in range(rank) if place not in gone]
    letters = "".join(tensor.letters[one] for one in left) if tensor.letters else None
    if letters is not None and "c" not in letters:
        letters = None
    return _to(tensor, [tensor.shape[one] for one in left], "Squeeze", letters)


def _unsqueeze(
    graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any
) -> Any:
    axes = numbers(attributes, "axes", inputs, 1) or []
    rank = len(tensor.shape) + len(axes)
    new = {axis % rank for axis in axes}
    sides = iter(tensor.shape)
    shape = [1 if place in new else next(sides) for place in range(rank)]
    return _to(tensor, shape, "Unsqueeze", None)


def _pad(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    """Have zeros wait for the window that comes next; other pads are a layer of their own."""
    pads = numbers(attributes, "pads" if "pads" in attributes else "paddings", inputs, 1)
    axes = numbers({}, "axes", inputs, 3)
    if pads is None:
        return None
    rank = len(tensor.shape)
    if axes is not None:
        full = [0] * 2 * rank
        for place, axis in enumerate(axes):
            full[axis % rank], full[axis % rank + rank] = pads[place], pads[place + len(axes)]
        pads = full
    if len(pads) != 2 * rank:
        raise BadRequest("SPEC", None, f"has {len(pads)} pads for {rank} axes", "export it anew")
    ends = [(pads[place], pads[place + rank]) for place in range(rank)]
    if not any(pads):
        return tensor
    shape = tuple(side + sum(own) for side, own in zip(tensor.shape, ends, strict=True))
    value = attributes.get("value", 0.0)
    if len(inputs) > 2 and isinstance(inputs[2], Given) and inputs[2].value is not None:
        value = float(inputs[2].value.ravel()[0]) if inputs[2].value.size else 0.0
    by_letter = dict(zip(tensor.letters, ends, strict=False))
    zeros = attributes.get("mode", b"constant") == b"constant" and value == 0 and min(pads) >= 0
    first = tensor.letters in ("nchw", "ncw")
    if zeros and first and by_letter["n"] == by_letter["c"] == (0, 0):
        own = (*by_letter["w"], *by_letter.get("h", (0, 0)))
        waiting = tuple(a + b for a, b in zip(tensor.pads, own, strict=True))
        return tensor._replace(shape=shape, pads=waiting)
    return _cut(graph, tensor, shape, "Pad", node)


def _cut(graph: Any, tensor: Tensor, shape: Sequence[int], operator: str, node: Any) -> Tensor:
    """Place a layer that takes some of the numbers, or puts some between them."""
    there = graph.settled(tensor)
    if min(shape, default=1) < 1:
        raise BadRequest("SPEC", None, "leaves nothing", "export the file anew")
    letters = _letters(shape, tensor)
    found = Tensor(there.place, tuple(shape), letters)
    layer = Foreign(
        input=graph.builder.output(there.place),
        operator=operator,
        puts_out=found.volume,
        moves=True,
    )
    place = graph.builder.put(layer, (there.place,), operator)
    return found._replace(place=place)


def _split(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    axis = attributes.get("axis", 0) % len(tensor.shape)
    parts = numbers(attributes, "split", inputs, 1)
    side, count = tensor.shape[axis], len(node.output)
    if parts is None:
        each = -(-side // count)
        parts = [min(each, side - each * place) for place in range(count)]
    if sum(parts) != side or len(parts) != count:
        problem = f"cuts {side} into {'+'.join(map(str, parts[:8]))}"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    shape = list(tensor.shape)
    found = []
    for part in parts:
        shape[axis] = part
        found.append(_cut(graph, tensor, shape, "Split", node))
    return found


def _slice(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    starts = numbers(attributes, "starts", inputs, 1)
    ends = numbers(attributes, "ends", inputs, 2)
    axes = numbers(attributes, "axes", inputs, 3)
    steps = numbers({}, "steps", inputs, 4)
    if starts is None or ends is None:
        return None
    axes = list(range(len(starts))) if axes is None else axes
    steps = [1] * len(starts) if steps is None else steps
    shape = list(tensor.shape)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        side = shape[axis % len(shape)]
        shape[axis % len(shape)] = len(range(*slice(start, end, step).indices(side)))
    return tensor if tuple(shape) == tensor.shape else _cut(graph, tensor, shape, "Slice", node)


def _gather(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    axis = attributes.get("axis", 0) % len(tensor.shape)
    if not isinstance(inputs[1], Given):
        return None
    shape = (*tensor.shape[:axis], *inputs[1].shape, *tensor.shape[axis + 1 :])
    return _cut(graph, tensor, shape, "Gather", node)


def _to_space(graph: Any, tensor: Tensor, attributes: Attributes, inputs: Inputs, node: Any) -> Any:
    block = attributes.get("blocksize", 0)
    if len(tensor.shape) != 4 or block < 1:
        raise BadRequest("SPEC", None, "has no blocks of a picture", "export the file anew")
    n, c, h, w = tensor.shape
    if node.op_type == "DepthToSpace":
        shape = n, c // block**2, h * block, w * block
    else:
        shape = n, c * block**2, h // block, w // block
    return _to(tensor, shape, node.op_type, "nchw")


MOVES: dict[str, Callable[..., Any]] = {
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Transpose": _transpose,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Pad": _pad,
    "Split": _split,
    "Slice": _slice,
    "Gather": _gather,
    "DepthToSpace": _to_space,
    "SpaceToDepth": _to_space,
}
"""What follows each by shape; None where the shape cannot be worked out."""


def worked_out(operator: str, attributes: Attributes, inputs: Inputs) -> Given | None:
    """Return numbers that follow from numbers, where they are few; None where they do not."""
    if operator == "Constant":
        return _constant(attributes)
    if operator == "Shape":
        shape = inputs[0].shape
        part = shape[slice(attributes.get("start", 0), attributes.get("end", len(shape)))]
        return _few(np.array(part, np.int64))
    values = [one.value for one in inputs if isinstance(one, Given)]
    if operator not in ARITHMETIC or any(value is None for value in values):
        return None
    try:
        with np.errstate(all="ignore"):
            return _few(np.asarray(ARITHMETIC[operator](attributes, values)))
    except (ValueError, IndexError, TypeError, ZeroDivisionError, OverflowError):
        return None


def _few(value: Any) -> Given:
    return Given(value.shape, "", value if value.size <= MOST_KNOWN else None)


def _constant(attributes: Attributes) -> Given | None:
    for name, kind in (
        ("value_int", np.int64),
        ("value_ints", np.int64),
        ("value_float", np.float32),
        ("value_floats", np.float32),
    ):
        if name in attributes:
            return _few(np.array(attributes[name], kind))
    found = attributes.get("value")
    return found if isinstance(found, Given) else None


def _axes(attributes: Attributes, values: Sequence[Any]) -> list[int]:
    if "axes" in attributes:
        return list(attributes["axes"])
    return [int(one) for one in values[1].ravel()] if len(values) > 1 else []


def _sliced(attributes: Attributes, values: Sequence[Any]) -> Any:
    x, starts, ends, *rest = values
    axes = rest[0].ravel() if rest else range(len(starts.ravel()))
    steps = rest[1].ravel() if len(rest) > 1 else [1] * len(starts.ravel())
    cut = [slice(None)] * x.ndim
    for start, end, axis, step in zip(starts.ravel(), ends.ravel(), axes, steps, strict=True):
        cut[int(axis)] = slice(int(start), int(end), int(step))
    return x[tuple(cut)]


def _filled(attributes: Attributes, values: Sequence[Any]) -> Any:
    shape = [int(one) for one in values[0].ravel()]
    if prod(shape) > MOST_KNOWN:
        raise ValueError("too many")
    value = attributes.get("value")
    fill = value.value.ravel()[0] if isinstance(value, Given) and value.value is not None else 0
    return np.full(shape, fill)


def _quotient(attributes: Attributes, values: Sequence[Any]) -> Any:
    a, b = values
    return a // b if a.dtype.kind in "iu" and b.dtype.kind in "iu" else a / b


ARITHMETIC: dict[str, Callable[[Attributes, Sequence[Any]], Any]] = {
    "Identity": lambda a, v: v[0],
    "Cast": lambda a, v: v[0].astype({1: np.float32, 6: np.int32, 7: np.int64}[a["to"]]),
    "Gather": lambda a, v: np.take(v[0], v[1].astype(np.int64), axis=a.get("axis", 0)),
    "Concat": lambda a, v: np.concatenate(v, axis=a.get("axis", 0)),
    "Unsqueeze": lambda a, v: np.expand_dims(v[0], tuple(_axes(a, v))),
    "Squeeze": lambda a, v: np.squeeze(v[0], tuple(_axes(a, v)) or None),
    "Slice": _sliced,
    "Transpose": lambda a, v: np.transpose(v[0], a.get("perm")),
    "Reshape": lambda a, v: v[0].reshape([int(one) for one in v[1].ravel()]),
    "ConstantOfShape": _filled,
    "Add": lambda a, v: v[0] + v[1],
    "Sub": lambda a, v: v[0] - v[1],
    "Mul": lambda a, v: v[0] * v[1],
    "Div": _quotient,
    "Mod": lambda a, v: np.mod(v[0], v[1]),
    "Neg": lambda a, v: -v[0],
    "Min": lambda a, v: np.minimum.reduce(list(v)),
    "Max": lambda a, v: np.maximum.reduce(list(v)),
    "Equal": lambda a, v: np.equal(v[0], v[1]),
    "Where": lambda a, v: np.where(v[0], v[1], v[2]),
    "Floor": lambda a, v: np.floor(v[0]),
    "Ceil": lambda a, v: np.ceil(v[0]),
    "ReduceProd": lambda a, v: np.prod(v[0], keepdims=bool(a.get("keepdims", 1))),
    "Range": lambda a, v: np.arange(int(v[0]), min(int(v[1]), MOST_KNOWN + 1), int(v[2]) or 1),
}
"""Arithmetic that exporters do on shapes."""
