"""A model's graph as a network: operator by operator, each behind those it takes from.

Operators with parameters or multiply-adds become layers. Those that only move numbers are followed
by shape: a layer is put in where the next one needs a volume other than what there is. Any other is
a layer that is named and not counted.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from convcalc.errors import BadRequest, shown
from convcalc.files.onnx.moving import MOVES, worked_out
from convcalc.files.onnx.operators import (
    ACTIVATIONS,
    ALIASES,
    AS_ITS_INPUT,
    BROADCASTS,
    GATES,
    MOVES_TOLD,
    pair,
    window,
)
from convcalc.files.onnx.tensors import LETTERS, MOST_KNOWN, NO_PAD, Given, Tensor
from convcalc.layer.foreign import Foreign
from convcalc.layer.network import INPUT, Builder, Network
from convcalc.layer.volume import Volume

FLOATS = (1, 10, 11, 16)
"""Types of an activation: float32, float16, float64, bfloat16."""

MOST_GROUPS = 12
"""Names within names that are told."""


class Graph:
    """A graph being read; `parameters` has the given tensors of each layer, by its path."""

    def __init__(self, graph: Any, input: Volume | None) -> None:
        self.graph = graph
        self.names: dict[str, Tensor | Given] = {"": Given(())}
        self.not_counted: Counter[str] = Counter()
        self.folded: set[str] = set()
        self.parameters: dict[str, tuple[str, tuple[Given, ...]]] = {}
        self.readers: dict[str, list[Any]] = {}
        for node in graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        self.put_out = {value.name for value in graph.output}
        self.shapes = {value.name: _shape(value) for value in (*graph.value_info, *graph.output)}
        self.groups = _groups(graph.node)
        for tensor in graph.initializer:
            self.names[tensor.name] = given(tensor)
        self.builder = Builder(self._take_input(input))

    def network(self, name: str) -> Network:
        """Return the network; raise BadRequest, naming the operator, where it is none."""
        for number, node in enumerate(self.graph.node, 1):
            try:
                self._read(node)
            except BadRequest as error:
                raise self._within(number, node, error) from None
            except (ValueError, IndexError, TypeError, KeyError, OverflowError) as error:
                problem = f"cannot be followed ({shown(str(error).splitlines()[0])})"
                fault = BadRequest("SPEC", None, problem, "export the file anew")
                raise self._within(number, node, fault) from None
        for value in self.graph.output:
            found = self.names.get(value.name)
            if isinstance(found, Tensor):
                self.settled(found)
        return self.builder.network(name, self.not_counted.most_common())

    def _within(self, number: int, node: Any, error: BadRequest) -> BadRequest:
        """Return an error that says at which operator it is."""
        if error.value is not None and str(error.value).startswith("layer "):
            return error
        where = f"operator {number} {shown(node.op_type)}"
        value = "" if error.value is None else f": {error.value}"
        return BadRequest("SPEC", f"{where}{value}", error.problem, error.remedy)

    def _take_input(self, input: Volume | None) -> Volume:
        """Return the volume of the one input, as the file or the caller has it."""
        real = [value for value in self.graph.input if value.name not in self.names]
        if len(real) != 1:
            names = ", ".join(shown(value.name) for value in real[:4]) or "none"
            problem = f"has {len(real)} inputs ({names})"
            raise BadRequest("SPEC", None, problem, "give a network of one input")
        value = real[0]
        sides = _shape(value, partly=True)
        kinds = value.type.tensor_type.elem_type
        if sides is None or len(sides) not in LETTERS or len(sides) < 2:
            problem = "has an input without the shape of a picture"
            raise BadRequest("SPEC", None, problem, "export it for an input such as 1x3x224x224")
        letters = self._order(value.name, len(sides))
        if kinds not in (0, *FLOATS):
            problem = "has an input that is no picture: its numbers are no floats"
            raise BadRequest("SPEC", None, problem, "give a network of pictures or series")
        if input is not None:
            told = {"w": input.width, "h": input.height, "c": input.depth}
            depth = sides[letters.index("c")]
            if depth is not None and depth != input.depth:
                problem = f"has depth {input.depth}, and the file's input {depth}"
                raise BadRequest("input", input, problem, f"give a depth of {depth}")
            batch = sides[0] or 1
            sides = (batch, *(told[letter] for letter in letters[1:]))
        unknown = [
            {"c": "depth", "h": "height", "w": "width"}[letter]
            for letter, side in zip(letters[1:], sides[1:], strict=True)
            if side is None
        ]
        if unknown:
            problem = f"has an input of which no {' and no '.join(unknown)} is said"
            raise BadRequest("SPEC", None, problem, "add --input WIDTHxHEIGHTxDEPTH")
        shape = tuple(side or 1 for side in sides)
        tensor = Tensor(INPUT, shape, letters)
        self.names[value.name] = tensor
        return tensor.volume

    def _order(self, name: str, sides: int) -> str:
        """Return the letters of the input's axes: channels are last where they are moved first."""
        if sides == 3:
            return "ncw"
        last = [0, 3, 1, 2]
        for node in self.readers.get(name, []):
            if node.op_type == "Transpose" and list(_attributes(node).get("perm", ())) == last:
                return "nhwc"
        return LETTERS[sides]

    # --- what handlers ask for

    def tensor(self, node: Any, place: int = 0) -> Tensor:
        """Return an input of an operator that is an activation."""
        name = node.input[place] if place < len(node.input) else ""
        found = self.named(name)
        if not isinstance(found, Tensor):
            problem = f"takes {shown(name)} as an activation, which the file gives"
            raise BadRequest("SPEC", None, problem, "export it without folding what is computed")
        return found

    def named(self, name: str) -> Tensor | Given:
        """Return what a name stands for; raise BadRequest where nothing before has made it."""
        if name not in self.names:
            problem = f"takes {shown(name)}, which nothing before it makes"
            raise BadRequest("SPEC", None, problem, "give a file whose operators are in order")
        return self.names[name]

    def given(self, node: Any, place: int) -> Given | None:
        """Return an input of an operator that the file gives, if it is there."""
        if place >= len(node.input) or not node.input[place]:
            return None
        found = self.named(node.input[place])
        return found if isinstance(found, Given) else None

    def settled(self, tensor: Tensor) -> Tensor:
        """Return an activation as a layer's output: what moved its numbers becomes a layer."""
        place, volume = tensor.place, tensor._replace(pads=NO_PAD).volume
        if any(tensor.pads):
            left, right, top, bottom = tensor.pads
            inner = Volume(volume.width - left - right, volume.height - top - bottom, volume.depth)
            place = self._moved(place, inner, tensor.moved)
            place = self._moved(place, volume, "Pad")
        else:
            place = self._moved(place, volume, tensor.moved)
        return tensor._replace(place=place, moved="", pads=NO_PAD)

    def _moved(self, place: int, volume: Volume, operator: str) -> int:
        there = self.builder.output(place)
        if there == volume:
            return place
        if volume == (1, 1, there.cells):
            return self.builder.place("flatten", {}, (place,))
        layer = Foreign(input=there, operator=operator or "Reshape", puts_out=volume, moves=True)
        return self.builder.put(layer, (place,), layer.operator)

    def layer(
        self,
        kind: str,
        options: dict[str, Any],
        sources: Sequence[Tensor],
        node: Any,
        letters: str = "",
    ) -> Tensor:
        """Place a layer and return what it puts out, with the axes of its first source."""
        arriving = [self.settled(source) for source in sources]
        group, name = self.groups.get(id(node), ((), ""))
        self.builder.enter(group)
        place = self.builder.place(kind, options, tuple(one.place for one in arriving), name)
        return self.output(arriving[0], place, letters or arriving[0].letters)

    def output(self, source: Tensor, place: int, letters: str) -> Tensor:
        """Return the output of a layer as a tensor of some axes."""
        volume = self.builder.output(place)
        sides = {"n": source.shape[0], "c": volume.depth, "h": volume.height, "w": volume.width}
        return Tensor(place, tuple(sides[letter] for letter in letters), letters)

    def learned(self, names: str, *several: Given) -> None:
        """Remember what the last layer learned, as whose arrays."""
        self.parameters[self.builder.layers[-1].path] = names, several

    # --- one operator

    def _read(self, node: Any) -> None:
        outputs = list(node.output)
        if outputs and outputs[0] in self.folded:
            return
        for name in outputs:
            if name and name in self.names:
                problem = f"makes {shown(name)}, which is there already"
                raise BadRequest(
                    "SPEC", None, problem, "give a file in which each name is made once"
                )
        own = node.domain in ("", "ai.onnx")
        inputs = [self.named(name) for name in node.input]
        attributes = _attributes(node)
        if (own and not any(isinstance(one, Tensor) for one in inputs)) or node.op_type == "Shape":
            found = worked_out(node.op_type, attributes, inputs)
            self._name(
                outputs, found if found is not None else Given(self.told(node.output[0]) or ())
            )
            return
        handler: Callable[[Graph, Any, dict[str, Any]], Any] | None = None
        if own:
            handler = HANDLERS.get(node.op_type)
        found = handler(self, node, attributes) if handler else None
        self._name(outputs, self._foreign(node, own) if found is None else found)

    def fold(self, node: Any, tensor: Tensor) -> None:
        """Have an operator that comes later done already: its output is a tensor."""
        self.names[node.output[0]] = tensor
        self.folded.add(node.output[0])

    def only_reader(self, name: str, operator: str) -> Any:
        """Return the one operator that takes an output, if it is of a type."""
        readers = self.readers.get(name, [])
        alone = len(readers) == 1 and name not in self.put_out
        return readers[0] if alone and readers[0].op_type == operator else None

    def _name(self, outputs: list[str], found: Any) -> None:
        several = found if isinstance(found, list) else [found]
        for name, value in zip(outputs, several, strict=False):
            if name:
                self.names[name] = value

    def told(self, name: str, batch: int = 1) -> tuple[int, ...] | None:
        """Return the shape that the file tells of a value, for a batch where it tells of none."""
        shape = self.shapes.get(name)
        return tuple(batch if side is None else side for side in shape) if shape else None

    def _foreign(self, node: Any, own: bool) -> Tensor | list[Tensor]:
        """Place an operator that is not counted; its output is as the file says, or its input."""
        found = [self.named(name) for name in node.input if name]
        sources = [self.settled(one) for one in found if isinstance(one, Tensor)]
        if not sources:
            raise BadRequest("SPEC", None, "takes no activation", "export the file anew")
        batch = sources[0].shape[0]
        shape = self.told(node.output[0], batch)
        if own and shape is None and node.op_type in BROADCASTS:
            shape = np.broadcast_shapes(*(one.shape for one in found))
        elif own and shape is None and node.op_type in AS_ITS_INPUT:
            shape = sources[0].shape
        if shape is None:
            problem = "is not counted, and the file does not tell the shape of what it puts out"
            remedy = "onnx.shape_inference.infer_shapes writes it into the file"
            raise BadRequest("SPEC", None, problem, remedy)
        first = sources[0]
        same_axes = len(shape) == len(first.shape)
        letters = first.letters if same_axes else LETTERS.get(len(shape), "")
        tensor = Tensor(INPUT, tuple(map(int, shape)), letters)
        layer = Foreign(
            input=self.builder.output(first.place),
            others=[self.builder.output(one.place) for one in sources[1:]],
            operator=shown(node.op_type),
            puts_out=tensor.volume,
            moves=own and node.op_type in MOVES_TOLD,
        )
        group, _ = self.groups.get(id(node), ((), ""))
        self.builder.enter(group)
        place = self.builder.put(layer, tuple(one.place for one in sources), layer.operator)
        if not layer.moves:
            self.not_counted[layer.operator] += 1
        first_out = tensor._replace(place=place)
        others = [self.told(name, batch) for name in node.output[1:]]
        return [
            first_out,
            *(Tensor(place, one, LETTERS.get(len(one), "")) for one in others if one),
        ]


def given(tensor: Any) -> Given:
    """Return a tensor of the file: its shape, and its numbers where they are few and in it."""
    shape = tuple(tensor.dims)
    if min(shape, default=1) < 0:
        raise BadRequest("SPEC", tensor.name, "has a side below 0", "export the file anew")
    value = None
    if prod(shape) <= MOST_KNOWN and tensor.data_location == 0 and not tensor.external_data:
        from onnx import numpy_helper

        try:
            value = numpy_helper.to_array(tensor)
        except Exception:  # a file of a stranger, and a library that has many ways to say no
            value = None
        if value is not None and value.dtype.kind not in "biuf":
            value = None
    return Given(shape, tensor.name, value)


def _shape(value: Any, partly: bool = False) -> Any:
    """Return the shape of a value, sides that are not known as None.

    None where it is not told, or, but for an input, where another side than the batch is not known.
    """
    if not value.type.tensor_type.HasField("shape"):
        return None
    dims = value.type.tensor_type.shape.dim
    sides = [
        dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in dims
    ]
    if partly:
        return tuple(sides)
    return None if None in sides[1:] else tuple(sides)


def _attributes(node: Any) -> dict[str, Any]:
    """Return an operator's attributes as Python's values; graphs and the like are left out."""
    found: dict[str, Any] = {}
    for one in node.attribute:
        match one.type:
            case 1:
                found[one.name] = one.f
            case 2:
                found[one.name] = one.i
            case 3:
                found[one.name] = one.s
            case 4:
                found[one.name] = given(one.t)
            case 6:
                found[one.name] = list(one.floats)
            case 7:
                found[one.name] = list(one.ints)
    return found


def _groups(nodes: Sequence[Any]) -> dict[int, tuple[tuple[str, ...], str]]:
    """Return the groups and the name of operators whose names say them: /layer1/conv1/Conv."""
    parts = {}
    for node in nodes:
        own = [shown(part)[:40] for part in node.name.split("/") if part]
        own = [
            part.removeprefix(f"{before}.") for before, part in zip(["", *own], own, strict=False)
        ]
        if "/" in node.name and len(own) > 1:
            parts[id(node)] = tuple(own[:-1][:MOST_GROUPS])
    containers = {own[:length] for own in parts.values() for length in range(1, len(own))}
    return {
        node: (own, "") if own in containers else (own[:-1], own[-1]) for node, own in parts.items()
    }


# --- operators that become layers


def _sides(weights: Given, extra: int) -> tuple[int, ...]:
    """Return the sides of a filter, which come behind its filters and channels."""
    sides = weights.shape[extra:]
    if len(sides) not in (1, 2):
        problem = f"slides along {len(sides)} sides"
        raise BadRequest("SPEC", None, problem, "give a network of pictures or series")
    return sides


def _picture(graph: Graph, node: Any, sides: int) -> Tensor:
    """Return an input as a picture's, or a series', channels first."""
    tensor = graph.tensor(node)
    wanted = "nchw" if sides == 2 else "ncw"
    if len(tensor.shape) != len(wanted):
        problem = f"takes {len(wanted)} axes, and {len(tensor.shape)} arrive"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    return tensor._replace(letters=wanted)


def _unpadded(graph: Graph, tensor: Tensor) -> tuple[Tensor, tuple[int, ...]]:
    """Return a tensor without the zeros that wait around it, and those."""
    left, right, top, bottom = tensor.pads
    shape = list(tensor.shape)
    shape[-1] -= left + right
    if len(shape) > 3:
        shape[-2] -= top + bottom
    return tensor._replace(shape=tuple(shape), pads=NO_PAD), tensor.pads


def _bias(graph: Graph, node: Any, place: int, units: int) -> tuple[Given | None, Any]:
    """Return the bias of an operator, its own input or what is added next, and that adding."""
    own = graph.given(node, place)
    if place < len(node.input) and node.input[place]:
        if own is None or own.size != units:
            problem = f"has a bias of {own.size if own else 'unknown size'} for {units} filters"
            raise BadRequest("SPEC", None, problem, "export the file anew")
        return own, None
    adding = graph.only_reader(node.output[0], "Add")
    if adding is None or len(adding.input) != 2:
        return None, None
    other = next((name for name in adding.input if name != node.output[0]), "")
    added = graph.names.get(other)
    if (
        isinstance(added, Given)
        and added.size == units > 0
        and max(added.shape, default=0) == units
    ):
        return added, adding
    return None, None


def _conv(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    weights = graph.given(node, 1)
    if weights is None:
        return None
    sides = _sides(weights, 2)
    tensor, waiting = _unpadded(graph, _picture(graph, node, len(sides)))
    filters = weights.shape[0]
    bias, adding = _bias(graph, node, 2, filters)
    groups = attributes.get("group", 1)
    options = {
        "filter": pair(sides, len(sides)),
        "filters": filters,
        "groups": groups,
        "bias": bias is not None,
        **window(attributes, sides, tensor.shape[2:], waiting),
    }
    if weights.shape[1] * groups != tensor.shape[1]:
        problem = f"has filters of depth {weights.shape[1]} in {groups} groups for {tensor.volume}"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    found = graph.layer("conv", options, [tensor], node)
    graph.learned("conv", weights, *([bias] if bias else []))
    if adding is not None:
        graph.fold(adding, found)
    return found


def _transposed(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    weights = graph.given(node, 1)
    if weights is None:
        return None
    sides = _sides(weights, 2)
    tensor = graph.settled(_picture(graph, node, len(sides)))
    groups = attributes.get("group", 1)
    filters = weights.shape[1] * groups
    bias, adding = _bias(graph, node, 2, filters)
    stride = pair(attributes.get("strides"), len(sides))
    dilation = pair(attributes.get("dilations"), len(sides))
    added = pair(attributes.get("output_padding"), len(sides), 0)
    if len(sides) == 1:
        added = added[0], 0
    wanted = attributes.get("output_shape")
    way = attributes.get("auto_pad", b"NOTSET")
    pad = window(attributes | {"auto_pad": b"NOTSET"}, sides, tensor.shape[2:], NO_PAD)["pad"]
    if wanted or way in (b"SAME_UPPER", b"SAME_LOWER"):
        lengths = pair(tensor.shape[2:], len(sides))
        extents = pair(sides, len(sides))
        aims = (
            pair(wanted, len(sides))
            if wanted
            else tuple(map(prod, zip(lengths, stride, strict=True)))
        )
        own: list[int] = []
        for length, aim, extent, step, holes, more in zip(
            lengths, aims, extents, stride, dilation, added, strict=True
        ):
            cut = step * (length - 1) + more + (extent - 1) * holes + 1 - aim
            half = cut // 2
            own += [cut - half, half] if way != b"SAME_UPPER" else [half, cut - half]
        pad = own[0], own[1], own[2], own[3]
    options = {
        "filter": pair(sides, len(sides)),
        "filters": filters,
        "stride": stride,
        "pad": pad,
        "output_pad": added,
        "dilation": dilation,
        "groups": groups,
        "bias": bias is not None,
    }
    if weights.shape[0] != tensor.shape[1]:
        problem = f"has weights for a depth of {weights.shape[0]}, and {tensor.volume} arrives"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    found = graph.layer("transposed", options, [tensor], node)
    graph.learned("transposed", weights, *([bias] if bias else []))
    if adding is not None:
        graph.fold(adding, found)
    return found


def _pool(mode: str) -> Callable[[Graph, Any, dict[str, Any]], Tensor | None]:
    def read(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
        kernel = attributes.get("kernel_shape", [])
        if len(kernel) not in (1, 2) or max(attributes.get("dilations", [1])) > 1:
            _tell_pooled(graph, node, kernel, attributes)
            return None
        tensor, waiting = _unpadded(graph, _picture(graph, node, len(kernel)))
        options = window(attributes, kernel, tensor.shape[2:], waiting)
        del options["dilation"]
        options |= {
            "window": pair(kernel, len(kernel)),
            "mode": mode,
            "ceil": bool(attributes.get("ceil_mode", 0)),
        }
        if mode == "average":
            options["count_pad"] = bool(attributes.get("count_include_pad", 0)) or any(waiting)
        return graph.layer("pool", options, [tensor], node)

    return read


def _tell_pooled(
    graph: Graph, node: Any, kernel: Sequence[int], attributes: dict[str, Any]
) -> None:
    """Work out the shape of a pooling that is not counted: along three axes, or dilated."""
    tensor = graph.settled(graph.tensor(node))
    rank = len(kernel)
    pads = attributes.get("pads", [0] * 2 * rank)
    steps, holes = attributes.get("strides", [1] * rank), attributes.get("dilations", [1] * rank)
    if node.output[0] in graph.shapes or len(tensor.shape) != rank + 2 or "auto_pad" in attributes:
        return
    up = attributes.get("ceil_mode", 0)
    shape = list(tensor.shape)
    for axis in range(rank):
        extent = (kernel[axis] - 1) * holes[axis] + 1
        room = shape[axis + 2] + pads[axis] + pads[axis + rank] - extent
        shape[axis + 2] = (-(-room // steps[axis]) if up else room // steps[axis]) + 1
    graph.shapes[node.output[0]] = tuple(shape)


def _globalpool(mode: str) -> Callable[[Graph, Any, dict[str, Any]], Tensor | None]:
    def read(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
        tensor = graph.tensor(node)
        if len(tensor.shape) not in (3, 4):
            return None
        letters = "nchw" if len(tensor.shape) == 4 else "ncw"
        return graph.layer("globalpool", {"mode": mode}, [tensor._replace(letters=letters)], node)

    return read


def _reduce(mode: str) -> Callable[[Graph, Any, dict[str, Any]], Tensor | None]:
    def read(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
        """Read a mean or maximum over width and height as the global pooling that it is."""
        tensor = graph.tensor(node)
        axes = attributes.get("axes")
        if axes is None:
            told = graph.given(node, 1)
            axes = None if told is None or told.value is None else told.value.ravel().tolist()
        rank = len(tensor.shape)
        sides = {place for place, letter in enumerate(tensor.letters) if letter in "hw"}
        if not axes or not sides or {axis % rank for axis in axes} != sides:
            return None
        found = graph.layer("globalpool", {"mode": mode}, [tensor], node)
        if attributes.get("keepdims", 1):
            return found
        return Tensor(found.place, (found.shape[0], found.volume.depth), "nc")

    return read


def _dense(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    weights = graph.given(node, 1)
    if weights is None or len(weights.shape) != 2 or attributes.get("transA", 0):
        return None
    tensor = graph.tensor(node)
    flipped = node.op_type == "Gemm" and attributes.get("transB", 0)
    inputs, units = weights.shape[::-1] if flipped else weights.shape
    if tensor.shape[-1] != inputs:
        problem = f"has weights for {inputs} numbers, and {tensor.shape[-1]} arrive"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    bias, adding = _bias(graph, node, 2 if node.op_type == "Gemm" else 9, units)
    if len(tensor.shape) == 2:
        flat = tensor._replace(letters="nc")
        options = {"units": units, "bias": bias is not None}
        found = graph.layer("dense", options, [flat], node)
        graph.learned("dense" if flipped else "dense, turned", weights, *([bias] if bias else []))
    elif len(tensor.shape) == 3:
        series = tensor._replace(letters="nwc")
        options = {"filter": 1, "filters": units, "bias": bias is not None}
        found = graph.layer("conv", options, [series], node)
        graph.learned("conv, turned", weights, *([bias] if bias else []))
    else:
        return None
    if adding is not None:
        graph.fold(adding, found)
    return found


def _batchnorm(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    tensor = graph.tensor(node)
    numbers = [graph.given(node, place) for place in range(1, 5)]
    given_ = [one for one in numbers if one is not None]
    if len(given_) < 4 or len(tensor.shape) < 2:
        return None
    rank = len(tensor.shape)
    letters = {2: "nc", 3: "ncw", 4: "nchw"}.get(rank)
    if letters is None:
        return None
    if any(one.size != tensor.shape[1] for one in given_):
        sizes = ", ".join(str(one.size) for one in given_)
        problem = f"has {sizes} numbers for {tensor.shape[1]} channels"
        raise BadRequest("SPEC", None, problem, "export the file anew")
    found = graph.layer("batchnorm", {}, [tensor._replace(letters=letters)], node)
    graph.learned("batchnorm", *given_)
    return found


def _lrn(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    tensor = _picture(graph, node, 2)
    return graph.layer("lrn", {"size": attributes.get("size", 1)}, [tensor], node)


def _activation(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    function = ACTIVATIONS[node.op_type]
    tensor = graph.settled(graph.tensor(node))
    gate = graph.only_reader(node.output[0], "Mul")
    if function == "hardsigmoid" and (
        abs(attributes.get("alpha", 0.2) - 1 / 6) > 1e-4 or attributes.get("beta", 0.5) != 0.5
    ):
        return None
    if node.op_type in GATES and gate is not None and node.input[0] in gate.input:
        found = graph.layer("activation", {"function": GATES[node.op_type]}, [tensor], node)
        graph.fold(gate, found)
        return found
    return graph.layer("activation", {"function": function}, [tensor], node)


def _softmax(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    tensor = graph.settled(graph.tensor(node))
    axis = attributes.get("axis", -1) % len(tensor.shape)
    if axis != tensor.side("c"):
        return None
    return graph.layer("activation", {"function": "softmax"}, [tensor], node)


def _clip(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    limits = [attributes.get("min"), attributes.get("max")]
    for place in (1, 2):
        told = graph.given(node, place)
        if told is not None and told.value is not None:
            limits[place - 1] = float(told.value)
    if limits != [0, 6]:
        return None
    return graph.layer("activation", {"function": "relu6"}, [graph.tensor(node)], node)


def _dropout(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    told = graph.given(node, 1)
    rate = attributes.get("ratio", 0.5)
    if told is not None and told.value is not None:
        rate = float(told.value)
    if not 0 <= rate <= 1:
        raise BadRequest("SPEC", None, f"has a rate of {rate}", "export the file anew")
    text = f"{rate:.6f}".rstrip("0").rstrip(".")
    return graph.layer("dropout", {"rate": text}, [graph.tensor(node)], node)


def _alias(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    return graph.tensor(node)


def _add(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    found = [graph.named(name) for name in node.input]
    tensors = [one for one in found if isinstance(one, Tensor)]
    if len(tensors) < len(found) or len({one.shape for one in tensors}) > 1:
        return None
    tensors = [one._replace(letters=tensors[0].letters) for one in tensors]
    return graph.layer("add", {}, tensors, node) if len(tensors) > 1 else tensors[0]


def _concat(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    found = [graph.named(name) for name in node.input]
    tensors = [one for one in found if isinstance(one, Tensor)]
    if len(tensors) < len(found) or len({len(one.shape) for one in tensors}) > 1:
        return None
    first = tensors[0]
    axis = attributes.get("axis", 1) % len(first.shape)
    if axis != first.side("c"):
        return None
    tensors = [one._replace(letters=first.letters) for one in tensors]
    return graph.layer("concat", {}, tensors, node) if len(tensors) > 1 else first


def _resize(graph: Graph, node: Any, attributes: dict[str, Any]) -> Tensor | None:
    tensor = graph.settled(graph.tensor(node))
    if attributes.get("mode", b"nearest") != b"nearest" or tensor.letters not in ("nchw", "ncw"):
        _tell_shape(graph, node, tensor, attributes)
        return None
    factors = _factors(graph, node, attributes, tensor)
    if factors is None or any(one != int(one) or one < 1 for one in factors):
        _tell_shape(graph, node, tensor, attributes)
        return None
    whole = [int(one) for one in factors]
    if whole[:2] != [1, 1]:
        return None
    sides = len(whole) - 2
    factor = pair(whole[2:], sides)
    if factor == (1, 1):
        return tensor
    return graph.layer("upsample", {"factor": factor}, [tensor], node)


def _factors(
    graph: Graph, node: Any, attributes: dict[str, Any], tensor: Tensor
) -> list[float] | None:
    """Return by what each axis is enlarged, from scales or from sizes."""
    rank = len(tensor.shape)
    if "scales" in attributes:
        return [float(one) for one in attributes["scales"]][:rank]
    places = (1,) if node.op_type == "Upsample" else (2,)
    for place in places:
        told = graph.given(node, place)
        if told is not None and told.value is not None and told.value.size == rank:
            return [float(one) for one in told.value.ravel()]
    sizes = graph.given(node, 3)
    wanted = None if sizes is None or sizes.value is None else sizes.value.ravel().tolist()
    wanted = wanted or graph.told(node.output[0], tensor.shape[0])
    if wanted is None or len(wanted) != rank:
        return None
    return [
        want / have for want, have in zip((tensor.shape[0], *wanted[1:]), tensor.shape, strict=True)
    ]


def _tell_shape(graph: Graph, node: Any, tensor: Tensor, attributes: dict[str, Any]) -> None:
    """Work out the shape of an enlargement that is not counted."""
    factors = _factors(graph, node, attributes, tensor)
    if factors is not None and node.output[0] not in graph.shapes:
        sides = zip(tensor.shape, factors, strict=True)
        graph.shapes[node.output[0]] = tuple(int(side * factor + 1e-6) for side, factor in sides)


def _moving(graph: Graph, node: Any, attributes: dict[str, Any]) -> Any:
    """Follow an operator that only moves numbers."""
    inputs = [graph.named(name) for name in node.input]
    tensor = graph.tensor(node)
    if any(tensor.pads) and node.op_type != "Pad":
        tensor = graph.settled(tensor)
    return MOVES[node.op_type](graph, tensor, attributes, inputs, node)


HANDLERS: dict[str, Callable[[Graph, Any, dict[str, Any]], Any]] = {
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "MaxPool": _pool("max"),
    "AveragePool": _pool("average"),
    "GlobalAveragePool": _globalpool("average"),
    "GlobalMaxPool": _globalpool("max"),
    "ReduceMean": _reduce("average"),
    "ReduceMax": _reduce("max"),
    "Gemm": _dense,
    "MatMul": _dense,
    "BatchNormalization": _batchnorm,
    "LRN": _lrn,
    "Softmax": _softmax,
    "Clip": _clip,
    "Dropout": _dropout,
    "Add": _add,
    "Sum": _add,
    "Concat": _concat,
    "Resize": _resize,
    "Upsample": _resize,
    **dict.fromkeys(ACTIVATIONS, _activation),
    **dict.fromkeys(ALIASES - {"Dropout"}, _alias),
    **dict.fromkeys(MOVES, _moving),
}
