"""`params --as`: NumPy's code is run; of the others every figure and every argument is checked.

tests/frameworks.py runs the same checks in the frameworks themselves, where they are installed.
"""

import ast
import re
import tokenize
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from frameworks import Array, check, expected_print, expected_values, operands
from hypothesis import given
from hypothesis import strategies as st
from support.generated import layers, series, windows_of

from convcalc import BadRequest, ConvLayer
from convcalc.present.frameworks import FRAMEWORKS, to_code

GOLDEN = Path(__file__).parents[1] / "golden"
NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96"
CASES = {
    "notes": NOTES,
    "notes_unshared": f"{NOTES} --unshared",
    "one_sided": "--input 8x9x4 --filter 3x2 --stride 2 --pad same --filters 6 --no-bias",
    "one_sided_unshared": "--input 9x8x4 --filter 3x2 --pad 0x1x2x3 --filters 6 --unshared",
    "groups": "--input 12x9x4 --filter 3 --pad 1x0 --dilation 2x1 --filters 6 --groups 2",
    "series": "--input 60x1 --filter 40 --filters 7",
    "series_one_sided": "--input 61x4 --filter 6 --stride 3 --pad same --groups 2 --filters 6",
    "series_unshared": "--input 60x2 --filter 5 --stride 2 --pad 1x2 --filters 7 --unshared",
    "huge": f"--input {10**30 + 3}x{10**30 + 3}x3 --filter 11 --stride 4 --filters 96 --unshared",
}
WHERE = [(framework, unshared) for framework in FRAMEWORKS for unshared in (False, True)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_code_is_as_agreed(
    name: str, framework: str, run: Run, pytestconfig: pytest.Config
) -> None:
    code, out, err = run("params", *CASES[name].split(), "--as", framework)
    path = GOLDEN / f"{name}.{framework}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(out, encoding="utf-8")
    assert (code, err) == (0, "")
    assert out == path.read_text(encoding="utf-8")
    assert out.isascii()


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=2) | series(length=20), st.booleans())
def test_numpys_code_prints_and_computes_the_definition(layer: ConvLayer, unshared: bool) -> None:
    check(layer, "numpy", unshared)


def calls(code: str) -> dict[str, dict[str, Any]]:
    """The arguments of every call in a program that are literals; by place from 0, or by name."""
    found = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            pairs = [*enumerate(node.args), *((word.arg, word.value) for word in node.keywords)]
            name = ast.unparse(node.func).split(".")[-1]
            found[name] = {str(at): literal(value) for at, value in pairs}
    return found


def literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def refused(layer: ConvLayer, framework: str, unshared: bool) -> bool:
    """Whether the framework has no such layer."""
    dilated = max(layer.dilation) > 1
    return {
        ("keras", False): dilated and max(layer.stride) > 1,
        ("keras", True): dilated or layer.groups > 1,
        ("flax", True): layer.groups > 1,
    }.get((framework, unshared), False)


@pytest.mark.slow
@given(layers() | series(), st.sampled_from(WHERE))
def test_what_cannot_be_said_is_refused_and_nothing_else(
    layer: ConvLayer, where: tuple[str, bool]
) -> None:
    if refused(layer, *where):
        with pytest.raises(BadRequest):
            to_code(layer, *where)
    else:
        to_code(layer, *where)


@pytest.mark.slow
@given(layers() | series(), st.sampled_from(WHERE))
def test_every_program_is_ascii_narrow_and_says_what_it_will_print(
    layer: ConvLayer, where: tuple[str, bool]
) -> None:
    if refused(layer, *where):
        return
    code = to_code(layer, *where)
    compile(code, "generated", "exec")
    assert code.isascii()
    assert max(map(len, code.splitlines())) <= 88
    assert not re.search(r"[ \t]+$|\n\n\n\n", code, re.MULTILINE)
    comments = [
        token.string
        for token in tokenize.generate_tokens(StringIO(code).readline)
        if token.type == tokenize.COMMENT
    ]
    said = " ".join(comment[2:] for comment in comments)
    shape, count = re.findall(r": (.*)\n", expected_print(layer, *where))
    assert f" reports output {shape}, parameters {count}: " in said
    floored = "rounds down in silence" in said
    x, y = layer.axes
    assert floored == any((axis.padded - axis.extent) % axis.stride for axis in (x, y))
    if layer.input.dimensions == 1:
        assert not re.search("height|width|top|bottom|[23][dD]|FH|FW", code)


@pytest.mark.slow
@given(series())
def test_every_frameworks_arguments_in_one_dimension(layer: ConvLayer) -> None:
    length, depth, filters = layer.input.width, layer.input.depth, layer.filters
    filter, stride, dilation = layer.filter.width, layer.stride.x, layer.dilation.x
    ends = layer.pad.left, layer.pad.right

    called = calls(to_code(layer, "pytorch"))
    assert called["zeros"] == {"0": 1, "1": depth, "2": length}
    padded = called.get("ConstantPad1d", {"0": None, "1": 0})
    assert padded == {"0": None if ends[0] == ends[1] else ends, "1": 0}
    assert called["Conv1d"] == {
        "in_channels": depth,
        "out_channels": filters,
        "kernel_size": filter,
        "stride": stride,
        "padding": ends[0] if ends[0] == ends[1] else 0,
        "dilation": dilation,
        "groups": layer.groups,
        "bias": layer.bias,
    }

    code = to_code(layer, "pytorch", unshared=True)
    called = calls(code)
    assert called["unfold"] == {"0": 2, "1": dilation * (filter - 1) + 1, "2": stride}
    assert f"windows = windows[..., ::{dilation}]" in code
    assert ("pad" in called) == any(ends)
    assert not any(ends) or called["pad"]["1"] == ends

    for unshared in (False, True):
        if not refused(layer, "flax", unshared):
            called = calls(to_code(layer, "flax", unshared))
            assert called["ConvLocal" if unshared else "Conv"] == {
                "features": filters,
                "kernel_size": (filter,),
                "strides": (stride,),
                "padding": (ends,),
                "kernel_dilation": (dilation,),
                "feature_group_count": layer.groups,
                "use_bias": layer.bias,
            }
            assert called["zeros"]["0"] == (1, length, depth)
        if not refused(layer, "keras", unshared):
            called = calls(to_code(layer, "keras", unshared))
            found = called["LocallyConnected1D" if unshared else "Conv1D"]
            before = called.get("ZeroPadding1D", {"0": (0, 0)})["0"]
            same = found.pop("padding") == "same"
            assert before == ((0, 0) if same else ends)
            assert not same or (layer.pad == layer.replace(pad="same").pad and not unshared)
            more = {} if unshared else {"dilation_rate": dilation, "groups": layer.groups}
            assert found == {
                "filters": filters,
                "kernel_size": filter,
                "strides": stride,
                "use_bias": layer.bias,
                **more,
            }
            assert called["Input"]["0"] == (length, depth)


@pytest.mark.slow
@given(layers())
def test_pytorchs_arguments(layer: ConvLayer) -> None:
    called = calls(to_code(layer, "pytorch"))
    found = called["Conv2d"]
    pads = layer.pad
    if "ZeroPad2d" in called:
        assert called["ZeroPad2d"]["0"] == (pads.left, pads.right, pads.top, pads.bottom)
        assert pads.left != pads.right or pads.top != pads.bottom
        assert found.pop("padding") == (0, 0)
    else:
        up, across = found.pop("padding")
        assert (across, across, up, up) == pads
    assert found == {
        "in_channels": layer.input.depth,
        "out_channels": layer.filters,
        "kernel_size": (layer.filter.height, layer.filter.width),
        "stride": (layer.stride.y, layer.stride.x),
        "dilation": (layer.dilation.y, layer.dilation.x),
        "groups": layer.groups,
        "bias": layer.bias,
    }


@pytest.mark.slow
@given(layers())
def test_pytorchs_unfold(layer: ConvLayer) -> None:
    called = calls(to_code(layer, "pytorch", unshared=True))
    pads = layer.pad
    assert ("pad" in called) == any(pads)
    if any(pads):
        assert called["pad"]["1"] == (pads.left, pads.right, pads.top, pads.bottom)
    del called["unfold"]["0"]
    assert called["unfold"] == {
        "kernel_size": (layer.filter.height, layer.filter.width),
        "stride": (layer.stride.y, layer.stride.x),
        "dilation": (layer.dilation.y, layer.dilation.x),
    }


def unfolded(layer: ConvLayer, x: Array) -> Array:
    """The windows as F.unfold lays them out, (1, D * FH * FW, positions), picked one by one."""
    pads = layer.pad
    padded = np.pad(x, ((pads.top, pads.bottom), (pads.left, pads.right), (0, 0)))
    across, down = windows_of(layer)
    patches = [
        padded[np.ix_([row + pads.top for row in rows], [column + pads.left for column in columns])]
        for rows in down
        for columns in across
    ]
    return np.stack([np.moveaxis(patch, -1, 0).ravel() for patch in patches], axis=-1)[None]


@pytest.mark.slow
@given(layers(side=7, depth=2, filters=2) | series(length=20))
def test_pytorchs_product_of_windows_and_weights_is_the_definition(layer: ConvLayer) -> None:
    code = to_code(layer, "pytorch", unshared=True)
    called = calls(code)
    given = operands(layer, unshared=True)
    windows = unfolded(layer, given.x)
    if "windows.unflatten" in code:
        windows = windows.reshape(1, *re_literal(r"windows\.unflatten\(1, (.*?\))\)", code), -1)
    weights = np.moveaxis(given.weights, -1, 3).reshape(tuple(called["empty"].values()))
    y = np.einsum(called["einsum"]["0"], windows, weights)
    if ".flatten(1, 2)" in code:
        y = y.reshape(1, -1, y.shape[-1])
    places = layer.output.sides[-2::-1]
    if len(places) > 1:
        assert re_literal(r"y\.unflatten\(2, (.*?\))\)", code) == places
    y = y.reshape(layer.filters, *places)
    if layer.bias:
        bias = np.moveaxis(given.bias, -1, 0).reshape(layer.filters, *places)
        assert bias.shape == re_literal(r"torch\.zeros(\(.*\))\)\n\n", code)
        y = y + bias
    assert ("+ self.bias" in code) == layer.bias
    expected = expected_values(layer, given, unshared=True)
    np.testing.assert_array_equal(np.moveaxis(y, 0, -1), expected.reshape(*places, -1))


def re_literal(pattern: str, code: str) -> Any:
    return ast.literal_eval(re.findall(pattern, code)[0])


@pytest.mark.slow
@given(layers(), st.booleans())
def test_flaxs_arguments(layer: ConvLayer, unshared: bool) -> None:
    if refused(layer, "flax", unshared):
        return
    called = calls(to_code(layer, "flax", unshared))
    assert called["ConvLocal" if unshared else "Conv"] == {
        "features": layer.filters,
        "kernel_size": (layer.filter.height, layer.filter.width),
        "strides": (layer.stride.y, layer.stride.x),
        "padding": ((layer.pad.top, layer.pad.bottom), (layer.pad.left, layer.pad.right)),
        "kernel_dilation": (layer.dilation.y, layer.dilation.x),
        "feature_group_count": layer.groups,
        "use_bias": layer.bias,
    }
    assert called["zeros"]["0"] == (1, layer.input.height, layer.input.width, layer.input.depth)


@pytest.mark.slow
@given(layers(), st.booleans())
def test_keras_arguments(layer: ConvLayer, unshared: bool) -> None:
    if refused(layer, "keras", unshared):
        return
    called = calls(to_code(layer, "keras", unshared))
    found = called["LocallyConnected2D" if unshared else "Conv2D"]
    before = called.get("ZeroPadding2D", {"0": ((0, 0), (0, 0))})["0"]
    if found.pop("padding") == "same":
        assert before == ((0, 0), (0, 0))
        assert any(layer.pad)
        assert layer.pad == layer.replace(pad="same").pad
        assert not unshared
    else:
        assert before == ((layer.pad.top, layer.pad.bottom), (layer.pad.left, layer.pad.right))
    only_shared = {
        "dilation_rate": (layer.dilation.y, layer.dilation.x),
        "groups": layer.groups,
    }
    assert found == {
        "filters": layer.filters,
        "kernel_size": (layer.filter.height, layer.filter.width),
        "strides": (layer.stride.y, layer.stride.x),
        "use_bias": layer.bias,
        **({} if unshared else only_shared),
    }
    assert called["Input"]["0"] == (layer.input.height, layer.input.width, layer.input.depth)


@pytest.mark.slow
@given(layers() | series(), st.sampled_from([where for where in WHERE if where[0] != "numpy"]))
def test_the_shapes_of_input_and_weights(layer: ConvLayer, where: tuple[str, bool]) -> None:
    if refused(layer, *where):
        return
    code = to_code(layer, *where)
    places = layer.input.dimensions
    sides, depth, filters = layer.input.sides[-2::-1], layer.input.depth, layer.filters
    image = (1, depth, *sides) if where[0] == "pytorch" else (1, *sides, depth)
    [line] = re.findall(r"^x = (.*)", code, re.MULTILINE)
    assert [int(number) for number in re.findall(r"\b\d+\b", line)] == list(image)
    across, down = windows_of(layer)
    taps, per_group = layer.filter.sides[-2::-1], depth // layer.groups
    neuron = layer.filter.width * layer.filter.height * per_group
    shapes = {
        ("pytorch", False): (filters, per_group, *taps),
        ("keras", False): (*taps, per_group, filters),
        ("keras", True): (len(down) * len(across), neuron, filters),
        ("flax", False): (*taps, per_group, filters),
        ("flax", True): (*(len(down), len(across))[-places:], neuron, filters),
    }
    if where in shapes:
        assert re_literal(r"\n# \S+: (\(.*\))\n", code) == shapes[where]


SMALL = "--input 9x9x4 --filter 3 --filters 4"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            "--as keras --dilation 2 --stride 1x2",
            "--dilation 2: Keras's Conv2D takes a dilation or a stride above 1, not both; "
            "give --dilation 1 or --stride 1, or --as pytorch, flax or numpy",
        ),
        (
            "--as keras --unshared --dilation 2x1",
            "--dilation 2x1: Keras's unshared layer, LocallyConnected2D, has no dilation; "
            "give --dilation 1, or --as pytorch or numpy",
        ),
        (
            "--as keras --unshared --groups 2",
            "--groups 2: Keras's unshared layer, LocallyConnected2D, has no groups; "
            "give --groups 1, or --as pytorch or numpy",
        ),
        (
            "--as flax --unshared --groups 2",
            "--groups 2: Flax's unshared layer, ConvLocal, has no groups; "
            "give --groups 1, or --as pytorch or numpy",
        ),
        (
            "--as flax --format json",
            "--format json: does not go with --as flax, which prints code in place of counts; "
            "leave one of the two out",
        ),
        (
            "--as numpy --dtype float16",
            "--dtype float16: does not go with --as numpy, which prints code in place of counts; "
            "leave one of the two out",
        ),
        (
            "--unshared",
            "--unshared is about the code --as prints; add --as pytorch, keras, flax or numpy, "
            "or leave it out: counts show both",
        ),
        (
            "--as caffe",
            "--as caffe: is none of the choices; give pytorch, keras, flax or numpy",
        ),
    ],
)
def test_refusals_name_the_option(arguments: str, message: str, run: Run) -> None:
    assert run("params", *SMALL.split(), *arguments.split()) == (2, "", f"convcalc: {message}\n")


def test_a_misfit_is_said_in_the_code_and_on_stderr_and_strict_refuses_it(run: Run) -> None:
    misfit = "params --input 224x224x3 --filter 11 --stride 4 --filters 96 --as pytorch".split()
    code, out, err = run(*misfit)
    assert code == 0
    assert "convcalc: warning: (224" in err
    assert "the last column and the last row are never looked at." in out
    assert run(*misfit, "--strict")[:2] == (2, "")
