"""`network --as`: golden programs, that every program is one, and what PyTorch's would print."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given, settings
from support import torch_by_the_book
from support.networks import networks

from convcalc.arithmetic.network import rows, totals
from convcalc.gallery import shelf
from convcalc.gallery.spec import find
from convcalc.layer import Volume
from convcalc.layer.network import Network
from convcalc.layer.notation import parse
from convcalc.layer.plan import Step
from convcalc.present.frameworks.network_code import framework_of, network_to_code

GOLDEN = Path(__file__).parents[1] / "golden"
FRAMEWORKS = ("pytorch",)
OWN = ("class Bias", "class Local", "class Tabled", "class Mean")

SPECS = {
    "chain": [
        "conv5-6 bias=untied, tanh, avgpool2, local3-4, fc-10, softmax",
        "--input",
        "32x32x1",
    ],
    "lenet5": ["lenet5"],
    "branches": [
        "conv7-8 stride=2 pad=3x2x3x2 bias=no, batchnorm, pool3 stride=2 ceil=yes, "
        "2*(add(conv1-4, relu, conv3-8 pad=1|)), concat(conv1-2, upsample2|transposed4-2 stride=2 "
        "pad=1), lrn, gap, fc-5",
        "--input",
        "20x24x3",
    ],
}


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_code_is_as_agreed(
    name: str, framework: str, run: Run, pytestconfig: pytest.Config
) -> None:
    code, out, _ = run("network", *SPECS[name], "--as", framework)
    path = GOLDEN / f"network_{name}.{framework}.txt"
    assert code == 0
    if pytestconfig.getoption("--update"):
        path.write_text(out, encoding="utf-8")
    assert out == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", shelf.names())
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_all_of_the_gallery_is_written_narrow_and_in_ascii(name: str, framework: str) -> None:
    code = network_to_code(find(name).at(), framework)
    compile(code, name, "exec")
    assert code.isascii()
    assert max(map(len, code.splitlines())) <= 88


def printed(code: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What a program prints in a torch that knows shapes only."""
    out = io.StringIO()
    with monkeypatch.context() as patched, redirect_stdout(out):
        for name, module in torch_by_the_book.modules().items():
            patched.setitem(__import__("sys").modules, name, module)
        exec(compile(code, "generated", "exec"), {"__name__": "generated"})
    return out.getvalue()


@pytest.mark.parametrize("name", shelf.names())
def test_pytorch_prints_the_tables_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    network = find(name).at()
    code = network_to_code(network, "pytorch")
    if any(own in code for own in OWN):
        return
    width, height, depth = network.output
    trainable = totals(rows(network)).parameters.trainable
    shapes = [(1, depth, height, width), *([(1, depth)] if width == height == 1 else [])]
    assert printed(code, monkeypatch) in [
        f"output: {shape}\nparameters: {trainable}\n" for shape in shapes
    ]


@settings(max_examples=150)
@given(network=networks())
def test_pytorch_prints_the_tables_numbers_of_any_network(network: Network) -> None:
    code = network_to_code(network, "pytorch")
    said = re.search(r"reports output (\([^)]*\)), parameters (\d+)", re.sub("\n# ", " ", code))
    assert said
    assert int(said[2]) == totals(rows(network)).parameters.trainable
    compile(code, "generated", "exec")
    if not any(own in code for own in OWN):
        with pytest.MonkeyPatch.context() as patch:
            assert printed(code, patch) == f"output: {said[1]}\nparameters: {said[2]}\n"


def test_layers_that_are_repeated_are_written_once() -> None:
    code = network_to_code(find("resnet152").at(), "pytorch")
    assert code.count("nn.Conv2d(") == 1 + 3 + 1
    assert "for _ in range(35)" in code


def test_blocks_that_differ_in_numbers_are_one_with_parameters() -> None:
    plan = parse("3*(conv3-4 pad=1, relu)")
    network = Network.of("three", Volume(9, 9, 1), plan)
    assert "class" not in network_to_code(network, "pytorch")
    inception = network_to_code(find("googlenet").at(), "pytorch")
    assert inception.count("class ") == 1
    assert "InceptionBlock(192, 64, 96, 128, 16, 32, 32),  # inception3a: 28x28x256" in inception


@pytest.mark.parametrize(
    "name",
    ["1st layer", "class", "train", "forward", "a\nimport os", "x", "größe", "", "a" * 500, "t12"],
)
def test_names_from_strangers_stay_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A layer's name becomes a variable's and a comment's, whatever is written in it."""
    one = Step("conv", {"filter": 3, "pad": 1, "filters": 2}, name)
    plan = (one, one, *parse("add(relu|conv1-2, relu)"), one)
    network = Network.of(f"net {name}\nimport os", Volume(5, 5, 2), plan)
    code = network_to_code(network, "pytorch")
    assert "\nimport os" not in code
    weights = 3 * (3 * 3 * 2 * 2 + 2) + (2 * 2 + 2)
    assert printed(code, monkeypatch) == f"output: (1, 2, 5, 5)\nparameters: {weights}\n"


def test_what_is_not_counted_is_not_written() -> None:
    network = Network.of("part", Volume(5, 5, 2), parse("conv3-2"))
    part = Network(network.name, network.input, network.layers, (("LayerNormalization", 4),))
    with pytest.raises(ValueError, match="not counted: 4 LayerNormalization"):
        network_to_code(part, "pytorch")


def test_every_kind_of_layer_has_a_writer() -> None:
    from convcalc.layer.kinds import HOMES

    for framework in FRAMEWORKS:
        written = set(framework_of(framework).layers) | {"add", "concat"}
        assert written == set(HOMES)


def test_code_is_printed_in_place_of_counts(run: Run) -> None:
    code, out, err = run("network", "lenet5", "--as", "torch", "--depth", "1")
    assert (code, out) == (2, "")
    assert "--depth 1: does not go with --as pytorch" in err
