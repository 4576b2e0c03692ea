"""Networks from .onnx files: each operator against numbers by hand, and what is not one of them."""

import sys
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from support.onnx_files import helper, ints, model, node, onnx, saved, weights

from convcalc import BadRequest
from convcalc.arithmetic.network import rows, totals
from convcalc.gallery.spec import find
from convcalc.layer import Volume
from convcalc.layer.network import Network

File = Path


def read(tmp_path: Path, nodes: Any, tensors: Any = (), size: Any = None, **more: Any) -> Network:
    path = saved(tmp_path / "net.onnx", model(nodes, tensors, **more))
    return find(str(path)).at(size)


def told(network: Network) -> list[tuple[str, str, int, int]]:
    """Each layer's kind, output, parameters and multiply-adds."""
    return [
        (
            row.placed.layer.kind,
            str(row.placed.layer.output),
            row.parameters.total,
            row.multiply_adds,
        )
        for row in rows(network)
    ]


CONV = weights(w=(4, 3, 3, 3), b=(4,))
"""4 filters of 3x3x3: 108 weights; on 8x8 they stand at 6 times 6 places."""


# --- operators with parameters or multiply-adds


def test_a_convolution_and_its_bias(tmp_path: Path) -> None:
    network = read(tmp_path, [node("Conv", "x w b", "y")], CONV)
    assert told(network) == [("conv", "6x6x4", 108 + 4, 36 * 108)]


def test_a_convolution_without_bias_and_one_whose_bias_is_added_next(tmp_path: Path) -> None:
    assert told(read(tmp_path, [node("Conv", "x w", "y")], CONV))[0][2] == 108
    b = weights(w=(4, 3, 3, 3), b=(1, 4, 1, 1))
    adding = [node("Conv", "x w", "h"), node("Add", "h b", "y")]
    assert told(read(tmp_path, adding, b)) == [("conv", "6x6x4", 112, 3888)]


def test_what_is_added_to_an_output_that_is_used_elsewhere_is_no_bias(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w", "h"), node("Add", "h c", "g"), node("Add", "h g", "y")]
    network = read(tmp_path, nodes, weights(w=(4, 3, 3, 3), c=(1, 4, 1, 1)))
    assert [kind for kind, *_ in told(network)] == ["conv", "foreign", "add"]
    assert network.not_counted == (("Add", 1),)


def test_strides_dilations_groups_and_pads_are_height_first(tmp_path: Path) -> None:
    conv = node("Conv", "x w", "y", strides=[2, 1], dilations=[1, 2], pads=[1, 2, 3, 4], group=2)
    network = read(tmp_path, [conv], weights(w=(6, 2, 3, 2)), input=(1, 4, 9, 10))
    layer = network.layers[0].layer
    made = layer.made_of
    assert tuple(made["filter"]) == (2, 3)
    assert tuple(made["stride"]) == (1, 2)
    assert tuple(made["dilation"]) == (2, 1)
    assert tuple(made["pad"]) == (2, 4, 1, 3)
    # width: 10 + 6 − 3 + 1 = 14; height: (9 + 4 − 3) / 2 + 1 = 6
    assert told(network) == [("conv", "14x6x6", 6 * 2 * 3 * 2, 14 * 6 * 6 * 2 * 3 * 2)]


@pytest.mark.parametrize(
    ("way", "pad"),
    [("SAME_UPPER", (0, 1, 0, 1)), ("SAME_LOWER", (1, 0, 1, 0)), ("VALID", (0, 0, 0, 0))],
)
def test_where_the_odd_cell_of_same_goes(way: str, pad: tuple[int, ...], tmp_path: Path) -> None:
    """8 cells at stride 2 are 4 places, which need 3 · 2 + 3 = 9 cells: one is missing."""
    conv = node("Conv", "x w", "y", auto_pad=way, strides=[2, 2])
    network = read(tmp_path, [conv], CONV)
    assert tuple(network.layers[0].layer.made_of["pad"]) == pad
    assert network.output == ((4, 4, 4) if any(pad) else (3, 3, 4))


def test_a_transposed_convolution(tmp_path: Path) -> None:
    turned = node(
        "ConvTranspose", "x w b", "y", strides=[2, 2], pads=[1, 1, 1, 1], output_padding=[1, 1]
    )
    network = read(tmp_path, [turned], weights(w=(3, 5, 3, 3), b=(5,)))
    # (8 − 1) · 2 + 3 − 2 + 1 = 16; each of 8·8·3 cells puts 5·9 weights
    assert told(network) == [("transposed", "16x16x5", 3 * 5 * 9 + 5, 8 * 8 * 3 * 45)]


@pytest.mark.parametrize(
    "how", [{"output_shape": [16, 16]}, {"auto_pad": "SAME_UPPER"}, {"auto_pad": "SAME_LOWER"}]
)
def test_a_transposed_convolution_of_an_output_that_is_said(how: Any, tmp_path: Path) -> None:
    turned = node("ConvTranspose", "x w", "y", strides=[2, 2], **how)
    network = read(tmp_path, [turned], weights(w=(3, 5, 3, 3)))
    assert str(network.output) == "16x16x5"
    # 17 places are cut to 16: by the specification the odd one is cut first but for SAME_UPPER
    pad = (0, 1, 0, 1) if how.get("auto_pad") == "SAME_UPPER" else (1, 0, 1, 0)
    assert tuple(network.layers[0].layer.made_of["pad"]) == pad


def test_pooling_has_a_stride_of_1_unless_told(tmp_path: Path) -> None:
    network = read(tmp_path, [node("MaxPool", "x", "y", kernel_shape=[3, 2])])
    assert told(network) == [("pool", "7x6x3", 0, 0)]


@pytest.mark.parametrize(("ceil", "side"), [(0, 3), (1, 4)])
def test_pooling_rounds_up_where_it_is_told(ceil: int, side: int, tmp_path: Path) -> None:
    pool = node("AveragePool", "x", "y", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=ceil)
    network = read(tmp_path, [pool])
    assert network.output == (side, side, 3)
    assert network.layers[0].layer.made_of["count_pad"] is False


def test_zeros_around_the_input_go_into_the_window_that_comes_next(tmp_path: Path) -> None:
    nodes = [
        node("Pad", "x pads", "h", mode="constant"),
        node("Conv", "h w b", "y", strides=[2, 2], pads=[0, 0, 1, 1]),
    ]
    network = read(tmp_path, nodes, [*CONV, ints("pads", 0, 0, 1, 2, 0, 0, 3, 4)])
    # top 1, left 2, bottom 3 + 1, right 4 + 1: (8 + 5 − 3) / 2 + 1 = 6, (8 + 7 − 3) / 2 + 1 = 7
    assert tuple(network.layers[0].layer.made_of["pad"]) == (2, 5, 1, 4)
    assert told(network) == [("conv", "7x6x4", 112, 7 * 6 * 108)]


def test_a_pad_that_no_window_takes_is_a_layer(tmp_path: Path) -> None:
    nodes = [node("Pad", "x pads", "h"), node("Relu", "h", "y")]
    network = read(tmp_path, nodes, [ints("pads", 0, 0, 1, 1, 0, 0, 1, 1)])
    assert [(kind, output) for kind, output, *_ in told(network)] == [
        ("foreign", "10x10x3"),
        ("activation", "10x10x3"),
    ]
    assert network.not_counted == ()


def test_dense_layers_and_the_flattening_before_them(tmp_path: Path) -> None:
    nodes = [
        node("Flatten", "x", "f"),
        node("Gemm", "f v c", "g", transB=1),
        node("Relu", "g", "r"),
        node("MatMul", "r u", "m"),
        node("Add", "m d", "a"),
        node("Softmax", "a", "y", axis=-1),
    ]
    tensors = weights(v=(10, 192), c=(10,), u=(10, 7), d=(7,))
    assert told(read(tmp_path, nodes, tensors)) == [
        ("flatten", "1x1x192", 0, 0),
        ("dense", "1x1x10", 1920 + 10, 1920),
        ("activation", "1x1x10", 0, 0),
        ("dense", "1x1x7", 70 + 7, 70),
        ("activation", "1x1x7", 0, 0),
    ]


@pytest.mark.parametrize("batch", [1, 5, "N"])
def test_a_flattening_by_arithmetic_on_the_shape(batch: int | str, tmp_path: Path) -> None:
    """x.view(x.size(0), -1), as exporters write it."""
    nodes = [
        node("Shape", "x", "s"),
        node("Gather", "s zero", "n", axis=0),
        node("Unsqueeze", "n first", "n1"),
        node("Concat", "n1 rest", "to", axis=0),
        node("Reshape", "x to", "f"),
        node("Gemm", "f v", "y", transB=1),
    ]
    zero = onnx.numpy_helper.from_array(np.array(0, np.int64), "zero")
    tensors = [zero, ints("first", 0), ints("rest", -1), *weights(v=(10, 192))]
    network = read(tmp_path, nodes, tensors, input=(batch, 3, 8, 8))
    assert [kind for kind, *_ in told(network)] == ["flatten", "dense"]


def test_a_product_for_each_place_of_a_series_is_a_convolution_of_1(tmp_path: Path) -> None:
    nodes = [node("Transpose", "x", "t", perm=[0, 2, 1]), node("MatMul", "t u", "y")]
    network = read(tmp_path, nodes, weights(u=(5, 7)), input=(1, 5, 12))
    assert told(network) == [("conv", "12x1x7", 35, 12 * 35)]


def test_a_series(tmp_path: Path) -> None:
    conv = node("Conv", "x w b", "y", strides=[2], pads=[1, 1])
    network = read(tmp_path, [conv], weights(w=(7, 5, 3), b=(7,)), input=(1, 5, 12))
    assert told(network) == [("conv", "6x1x7", 105 + 7, 6 * 105)]


def test_batch_normalisation_and_response_normalisation(tmp_path: Path) -> None:
    nodes = [node("BatchNormalization", "x s t m v", "h"), node("LRN", "h", "y", size=5)]
    tensors = weights(s=(3,), t=(3,), m=(3,), v=(3,))
    network = read(tmp_path, nodes, tensors)
    assert told(network) == [("batchnorm", "8x8x3", 12, 0), ("lrn", "8x8x3", 0, 0)]
    assert totals(rows(network)).parameters.trainable == 6


@pytest.mark.parametrize(
    ("nodes", "function"),
    [
        ([node("Relu", "x", "y")], "relu"),
        ([node("LeakyRelu", "x", "y", alpha=0.1)], "leakyrelu"),
        ([node("Elu", "x", "y")], "elu"),
        ([node("Gelu", "x", "y")], "gelu"),
        ([node("Sigmoid", "x", "y")], "sigmoid"),
        ([node("Tanh", "x", "y")], "tanh"),
        ([node("HardSwish", "x", "y")], "hardswish"),
        ([node("HardSigmoid", "x", "y", alpha=1 / 6, beta=0.5)], "hardsigmoid"),
        ([node("Softmax", "x", "y", axis=1)], "softmax"),
        ([node("Clip", "x low high", "y")], "relu6"),
        ([node("Sigmoid", "x", "s"), node("Mul", "x s", "y")], "silu"),
        ([node("HardSigmoid", "x", "s", alpha=1 / 6), node("Mul", "s x", "y")], "hardswish"),
    ],
)
def test_activations(nodes: Any, function: str, tmp_path: Path) -> None:
    limits = [
        onnx.numpy_helper.from_array(np.array(value, np.float32), name)
        for name, value in (("low", 0), ("high", 6))
    ]
    network = read(tmp_path, nodes, limits)
    assert [str(one.layer.made_of["function"]) for one in network.layers] == [function]
    assert network.not_counted == ()


def test_dropout_has_its_rate(tmp_path: Path) -> None:
    rate = onnx.numpy_helper.from_array(np.array(0.2, np.float32), "rate")
    network = read(tmp_path, [node("Dropout", "x rate", "y")], [rate])
    assert network.layers[0].layer.made_of["rate"] == "0.2"


def test_branches(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w b", "p", pads=[1, 1, 1, 1]),
        node("Conv", "x v", "q"),
        node("Add", "p q", "s"),
        node("Concat", "s x", "y", axis=1),
    ]
    network = read(tmp_path, nodes, [*CONV, *weights(v=(4, 3, 1, 1))])
    assert [one.sources for one in network.layers] == [(-1,), (-1,), (0, 1), (2, -1)]
    assert told(network)[-2:] == [("add", "8x8x4", 0, 0), ("concat", "8x8x7", 0, 0)]


def test_global_pooling_however_it_is_written(tmp_path: Path) -> None:
    for operator in (
        node("GlobalAveragePool", "x", "y"),
        node("GlobalMaxPool", "x", "y"),
        node("ReduceMean", "x", "y", axes=[2, 3], keepdims=1),
        node("ReduceMean", "x", "y", axes=[-1, -2], keepdims=0),
    ):
        assert told(read(tmp_path, [operator])) == [("globalpool", "1x1x3", 0, 0)]


@pytest.mark.parametrize(
    "operator",
    [
        node("Resize", "x  scales", "y", mode="nearest"),
        node("Upsample", "x scales", "y", mode="nearest"),
    ],
)
def test_enlarging_by_whole_factors(operator: Any, tmp_path: Path) -> None:
    if operator.op_type == "Resize":
        operator.input[:] = ["x", "", "scales"]
    scales = onnx.numpy_helper.from_array(np.array([1, 1, 2, 3], np.float32), "scales")
    assert told(read(tmp_path, [operator], [scales])) == [("upsample", "24x16x3", 0, 0)]


def test_enlarging_between_cells_is_not_counted_and_followed(tmp_path: Path) -> None:
    resize = node("Resize", "x scales", "h", mode="linear")
    resize.input[:] = ["x", "", "scales"]
    scales = onnx.numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "scales")
    network = read(tmp_path, [resize, node("Conv", "h w b", "y")], [*CONV, scales])
    assert told(network) == [("foreign", "16x16x3", 0, 0), ("conv", "14x14x4", 112, 14 * 14 * 108)]
    assert network.not_counted == (("Resize", 1),)


# --- operators that only move numbers


def test_channels_that_are_shuffled_stay_what_they_are(tmp_path: Path) -> None:
    nodes = [
        node("Reshape", "x a", "r"),
        node("Transpose", "r", "t", perm=[0, 2, 1, 3, 4]),
        node("Reshape", "t b", "u"),
        node("Conv", "u w", "y"),
    ]
    tensors = [ints("a", 1, 2, 3, 8, 8), ints("b", 1, 6, 8, 8), *weights(w=(4, 6, 1, 1))]
    network = read(tmp_path, nodes, tensors, input=(1, 6, 8, 8))
    assert told(network) == [("conv", "8x8x4", 24, 64 * 24)]


def test_channels_last_as_keras_has_them(tmp_path: Path) -> None:
    nodes = [
        node("Transpose", "x", "t", perm=[0, 3, 1, 2]),
        node("Conv", "t w b", "c"),
        node("Transpose", "c", "u", perm=[0, 2, 3, 1]),
        node("Reshape", "u to", "f"),
        node("MatMul", "f v", "y"),
    ]
    tensors = [*CONV, ints("to", -1, 7 * 6 * 4), *weights(v=(168, 10))]
    network = read(tmp_path, nodes, tensors, input=("N", 8, 9, 3))
    assert str(network.input) == "9x8x3"
    assert told(network) == [
        ("conv", "7x6x4", 112, 42 * 108),
        ("flatten", "1x1x168", 0, 0),
        ("dense", "1x1x10", 1680, 1680),
    ]


def test_channels_that_are_split_and_chosen(tmp_path: Path) -> None:
    nodes = [
        node("Split", "x cut", "p q", axis=1),
        node("Gather", "x some", "g", axis=1),
        node("Slice", "x from to axis", "s"),
        node("Concat", "p q g s", "y", axis=1),
    ]
    tensors = [
        ints("cut", 1, 2),
        ints("some", 0, 2),
        ints("from", 1),
        ints("to", 3),
        ints("axis", 1),
    ]
    network = read(tmp_path, nodes, tensors)
    assert [output for _, output, *_ in told(network)] == [
        "8x8x1",
        "8x8x2",
        "8x8x2",
        "8x8x2",
        "8x8x7",
    ]
    assert network.not_counted == ()


def test_depth_becomes_space(tmp_path: Path) -> None:
    nodes = [node("DepthToSpace", "x", "d", blocksize=2), node("Conv", "d w b", "y")]
    network = read(tmp_path, nodes, CONV, input=(1, 12, 8, 8))
    assert told(network)[-1] == ("conv", "14x14x4", 112, 14 * 14 * 108)


# --- what is not counted


def test_what_is_not_counted_is_named_in_the_table_and_at_the_end(tmp_path: Path, run: Run) -> None:
    nodes = [
        node("LayerNormalization", "x g", "h"),
        node("Einsum", "h h", "e", equation="bchw,bchw->bchw"),
        node("LayerNormalization", "e g", "f"),
        node("Conv", "f w b", "y"),
    ]
    made = model(nodes, [*CONV, *weights(g=(8,))], told=[("e", ("N", 3, 8, 8))])
    path = saved(tmp_path / "net.onnx", made)
    code, out, _ = run("network", path)
    assert code == 0
    assert "LayerNormalization, not counted" in out
    assert "not counted: 2 LayerNormalization, 1 Einsum" in out
    assert out.count("3,888") >= 1


def test_what_cannot_be_followed_is_refused_by_its_number_and_name(tmp_path: Path) -> None:
    nodes = [node("Relu", "x", "h"), node("Einsum", "h h", "y", equation="bchw,bchw->bchw")]
    with pytest.raises(BadRequest, match=r"operator 2 Einsum: .* does not tell the shape"):
        read(tmp_path, nodes)


def test_operators_of_others_are_not_taken_for_onnxs_own(tmp_path: Path) -> None:
    own = helper.make_node("Conv", ["x", "w"], ["y"], domain="com.example")
    network = read(tmp_path, [own], CONV, outputs=[("y", (1, 4, 6, 6))])
    assert told(network) == [("foreign", "6x6x4", 0, 0)]
    assert network.not_counted == (("Conv", 1),)


def test_a_network_that_is_not_all_counted_is_not_written_or_run(tmp_path: Path, run: Run) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Erf", "x", "y")]))
    for command in (["network", path, "--as", "torch"], ["forward", "--network", path]):
        code, out, err = run(*command)
        assert (code, out) == (2, "")
        assert "counted" in err
        assert err.count("\n") == 1


# --- names, inputs


def test_names_with_strokes_are_groups(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["p"], "/stage1/stage1.0/conv/Conv"),
        helper.make_node("Relu", ["p"], ["q"], "/stage1/stage1.0/act/Relu"),
        helper.make_node("Add", ["p", "q"], ["s"], "/stage1/stage1.0/Add"),
        helper.make_node("Relu", ["s"], ["y"], "/Relu"),
    ]
    network = read(tmp_path, nodes, CONV)
    assert [one.path for one in network.layers] == [
        "stage1/0/conv",
        "stage1/0/act",
        "stage1/0/add1",
        "relu1",
    ]


def test_another_size_of_the_input(tmp_path: Path) -> None:
    nodes = [node("Conv", "x w b", "y")]
    network = read(tmp_path, nodes, CONV, Volume(10, 9, 3), input=("N", 3, "h", "w"))
    assert network.output == (8, 7, 4)


@pytest.mark.parametrize(
    ("input", "size", "problem"),
    [
        (("N", 3, "h", "w"), None, "no height and no width is said; add --input"),
        (("N", 3, 8, 8), Volume(8, 8, 4), "has depth 4, and the file's input 3"),
        ((3,), None, "without the shape of a picture"),
        ((1, 3, 8, 8, 8), None, "without the shape of a picture"),
    ],
)
def test_inputs_that_are_refused(
    input: Any, size: Volume | None, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(BadRequest, match=problem):
        read(tmp_path, [node("Conv", "x w b", "y")], CONV, size, input=input)


# --- files


def test_weights_are_passed_over_and_never_read(tmp_path: Path) -> None:
    """A gigabyte of weights is a hole in the file, which takes neither memory nor time."""
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[4096, 65536])
    graph = model([node("Gemm", "x w", "y", transB=1)], input=(1, 65536))
    body = tensor.SerializeToString()
    data = 4096 * 65536 * 4
    raw = b"\x4a" + _varint(data)
    head = graph.graph.SerializeToString() + b"\x2a" + _varint(len(body) + len(raw) + data)
    start = b"\x08\x08\x3a" + _varint(len(head) + len(body) + len(raw) + data)
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.write(start + head + body + raw)
        file.truncate(file.tell() + data)
    find(str(saved(tmp_path / "small.onnx", model([node("Relu", "x", "y")])))).at()
    tracemalloc.start()
    network = find(str(path)).at()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told(network) == [("dense", "1x1x4096", 4096 * 65536, 4096 * 65536)]
    assert most < 2**20


def _varint(value: int) -> bytes:
    found = []
    while value > 127:
        found.append(value % 128 + 128)
        value //= 128
    return bytes([*found, value])


def test_weights_in_another_file_are_not_looked_for(tmp_path: Path) -> None:
    tensor = onnx.TensorProto(name="w", data_type=1, dims=[4, 3, 3, 3], data_location=1)
    tensor.external_data.add(key="location", value="/etc/passwd")
    tensor.external_data.add(key="length", value="-7")
    network = read(tmp_path, [node("Conv", "x w", "y")], [tensor])
    assert told(network) == [("conv", "6x6x4", 108, 3888)]


def test_without_the_onnx_package(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(tmp_path / "net.onnx", model([node("Relu", "x", "y")]))
    monkeypatch.setitem(sys.modules, "onnx", None)
    code, out, err = run("network", path)
    assert (code, out) == (2, "")
    assert "pip install 'convcalc[onnx]'" in err
    assert err.count("\n") == 1
