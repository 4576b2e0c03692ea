"""Small .onnx files, written with the onnx package itself."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
helper = onnx.helper

FLOAT = 1
Shape = Sequence[int | str]


def node(operator: str, inputs: str, output: str, **attributes: Any) -> Any:
    """An operator; names are separated by blanks."""
    return helper.make_node(operator, inputs.split(), output.split(), **attributes)


def weights(**shapes: Sequence[int]) -> list[Any]:
    """Tensors of zeros by their names."""
    return [
        onnx.numpy_helper.from_array(np.zeros(shape, np.float32), name)
        for name, shape in shapes.items()
    ]


def ints(name: str, *values: int) -> Any:
    return onnx.numpy_helper.from_array(np.array(values, np.int64), name)


def model(
    nodes: Sequence[Any],
    tensors: Sequence[Any] = (),
    input: Shape = (1, 3, 8, 8),
    outputs: Sequence[tuple[str, Shape | None]] = (("y", None),),
    told: Sequence[tuple[str, Shape]] = (),
    element: int = FLOAT,
) -> Any:
    """A model of an input x; `told` are shapes in the file."""
    graph = helper.make_graph(
        list(nodes),
        "graph",
        [helper.make_tensor_value_info("x", element, input)],
        [helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in outputs],
        list(tensors),
        value_info=[helper.make_tensor_value_info(name, FLOAT, shape) for name, shape in told],
    )
    return helper.make_model(graph)


def saved(path: Path, made: Any) -> Path:
    """The file of a model."""
    path.write_bytes(made.SerializeToString())
    return path
