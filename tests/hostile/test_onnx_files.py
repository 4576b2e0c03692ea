"""Files that call themselves .onnx: one sentence each, and never more than that."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.onnx_files import ints, model, node, onnx, saved, weights

from convcalc import BadRequest
from convcalc.gallery.spec import find

NODES = [
    node("Pad", "x pads", "h"),
    node("Conv", "h w b", "c", strides=[2, 2]),
    node("Shape", "c", "s"),
    node("Relu", "c", "r"),
    node("MaxPool", "r", "p", kernel_shape=[2, 2]),
    node("Reshape", "p to", "f"),
    node("Gemm", "f v", "y", transB=1),
]
TENSORS = [
    *weights(w=(4, 3, 3, 3), b=(4,), v=(10, 36)),
    ints("pads", 0, 0, 1, 1, 0, 0, 1, 1),
    ints("to", 1, -1),
]
WHOLE = model(NODES, TENSORS)
DATA = WHOLE.SerializeToString()


def refused(run: Run, path: Path, *words: str) -> None:
    code, out, err = run("network", path)
    assert (code, out) == (2, "")
    assert err.startswith("convcalc: ")
    assert err.count("\n") == 1
    for word in words:
        assert word in err, err


def test_the_whole_file_is_a_network(tmp_path: Path) -> None:
    assert str(find(str(saved(tmp_path / "a.onnx", WHOLE))).at().output) == "1x1x10"


def tried(path: Path, data: bytes) -> None:
    """A network, or a refusal that fits into a sentence."""
    path.write_bytes(data)
    said = ""
    try:
        find(str(path)).at()
    except BadRequest as refusal:
        said = str(refusal)
    assert "\n" not in said
    assert len(said) < 1000


@pytest.mark.slow
def test_a_file_that_ends_anywhere(tmp_path: Path) -> None:
    for length in range(1, len(DATA)):
        tried(tmp_path / "a.onnx", DATA[:length])


@settings(max_examples=400, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, len(DATA) - 1), st.integers(0, 255)), min_size=1, max_size=6
    )
)
def test_a_file_with_bytes_changed(changes: list[tuple[int, int]], tmp_path: Path) -> None:
    data = bytearray(DATA)
    for place, byte in changes:
        data[place] = byte
    tried(tmp_path / "a.onnx", bytes(data))


@settings(max_examples=100, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.binary(min_size=1, max_size=200))
def test_any_bytes(data: bytes, tmp_path: Path) -> None:
    tried(tmp_path / "a.onnx", data)


NAMES = st.sampled_from(["x", "w", "b", "v", "pads", "to", "h", "c", "r", "", "y"])
NUMBERS = st.one_of(st.integers(-3, 9), st.sampled_from([2**31, 2**62, -(2**62)]))
OPERATORS = (
    "Conv ConvTranspose MaxPool AveragePool GlobalAveragePool Gemm MatMul BatchNormalization LRN "
    "Relu Softmax Clip Dropout Flatten Add Concat Sum Resize Upsample Pad Identity Reshape "
    "Transpose Squeeze Unsqueeze Constant Shape Split Slice Gather DepthToSpace ReduceMean "
    "ConstantOfShape Range Sigmoid Mul Where Expand".split()
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        "strides pads dilations kernel_shape group axis axes perm shape output_padding blocksize "
        "output_shape ceil_mode size split starts ends scales".split()
    ),
    st.one_of(NUMBERS, st.lists(NUMBERS, max_size=4)),
    max_size=4,
)


@settings(max_examples=500, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    drawn=st.lists(
        st.tuples(st.sampled_from(OPERATORS), st.lists(NAMES, max_size=4), NAMES, ATTRIBUTES),
        min_size=1,
        max_size=5,
    )
)
def test_operators_with_anything(drawn: Any, tmp_path: Path) -> None:
    nodes = []
    for operator, inputs, output, attributes in drawn:
        one = node(operator, "", output or "y")
        one.input[:] = inputs
        for name, value in attributes.items():
            try:
                one.attribute.append(onnx.helper.make_attribute(name, value))
            except (ValueError, TypeError):
                continue
        nodes.append(one)
    tried(tmp_path / "a.onnx", model(nodes, TENSORS).SerializeToString())


def test_a_cycle(tmp_path: Path, run: Run) -> None:
    nodes = [node("Add", "x b", "a"), node("Relu", "a", "b")]
    refused(run, saved(tmp_path / "a.onnx", model(nodes)), "operator 1 Add", "nothing before it")


def test_a_name_that_is_made_twice(tmp_path: Path, run: Run) -> None:
    nodes = [node("Relu", "x", "y"), node("Relu", "y", "y")]
    refused(run, saved(tmp_path / "a.onnx", model(nodes)), "operator 2 Relu", "is there already")


def test_an_input_without_a_shape(tmp_path: Path, run: Run) -> None:
    made = model([node("Relu", "x", "y")])
    made.graph.input[0].type.tensor_type.ClearField("shape")
    refused(run, saved(tmp_path / "a.onnx", made), "without the shape of a picture")


def test_two_inputs_and_none(tmp_path: Path, run: Run) -> None:
    made = model([node("Relu", "x", "y")])
    made.graph.input.append(onnx.helper.make_tensor_value_info("z", 1, (1, 3, 8, 8)))
    refused(run, saved(tmp_path / "a.onnx", made), "has 2 inputs (x, z)")
    del made.graph.input[:]
    refused(run, saved(tmp_path / "a.onnx", made), "has 0 inputs")


def test_text_instead_of_numbers(tmp_path: Path, run: Run) -> None:
    path = saved(tmp_path / "a.onnx", model([node("Relu", "x", "y")], element=8))
    refused(run, path, "its numbers are no floats")


@pytest.mark.parametrize("size", [2**30, 2**31 - 64, 2**31 + 1, 2**40])
def test_gigabytes_of_zeros_and_of_text(size: int, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.onnx"
    with path.open("wb") as file:
        file.truncate(size)
    refused(run, path, "is no protocol buffer" if size < 2**31 else "has more than")
    with path.open("wb") as file:  # the producer's name, which is kept, and as long as the file
        length = size - 12
        file.write(b"\x12" + b"".join(bytes([length >> 7 * i & 127 | 128]) for i in range(6)))
        file.write(bytes([length >> 42 & 127]))
        file.truncate(size)
    refused(run, path, "has more than")


def test_messages_within_messages(tmp_path: Path, run: Run) -> None:
    data = b"\x00" * 5000
    for place in range(400):
        key = (b"\x0a", b"\x32", b"\x2a")[place % 3]  # node, graph, attribute
        length, form = len(data), b""
        while length > 127:
            form += bytes([length & 127 | 128])
            length >>= 7
        data = key + form + bytes([length]) + data
    length, form = len(data), b""
    while length > 127:
        form += bytes([length & 127 | 128])
        length >>= 7
    path = tmp_path / "a.onnx"
    path.write_bytes(b"\x3a" + form + bytes([length]) + data)
    refused(run, path, "deep")


@pytest.mark.parametrize(
    "content", [b"input = '8x8x3'", b"PK\x03\x04", b"\x80\x02}q\x00.", b"<html></html>"]
)
def test_other_files(content: bytes, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.onnx"
    path.write_bytes(content)
    refused(run, path, "is no .onnx file")


def test_more_layers_than_are_counted(tmp_path: Path, run: Run) -> None:
    names = ["x", *(f"t{place}" for place in range(10_001))]
    nodes = [node("Relu", a, b) for a, b in pairwise(names)]
    refused(run, saved(tmp_path / "a.onnx", model(nodes)), "more than 10,000 layers")


def test_sides_that_no_machine_has(tmp_path: Path, run: Run) -> None:
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[2**40, 3, 2**40, 2**40])
    made = model([node("Conv", "x w", "y")], [tensor])
    refused(run, saved(tmp_path / "a.onnx", made), "layer 1")
    tensor.dims[:] = [-4, 3, 3, 3]
    made = model([node("Conv", "x w", "y")], [tensor])
    refused(run, saved(tmp_path / "b.onnx", made), "has a side below 0")
