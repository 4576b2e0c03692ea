"""`convcalc network`: golden outputs, and every figure from numbers by hand and from the rows."""

import csv
import io
import json
import re
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from conftest import Run

GOLDEN = Path(__file__).parents[1] / "golden"

ALEXNET = (
    "conv11-96 stride=4, relu, pool3 stride=2, conv5-256 pad=2, relu, pool3 stride=2, "
    "conv3-384 pad=1, relu, conv3-384 pad=1, relu, conv3-256 pad=1, relu, pool3 stride=2, "
    "fc-4096, relu, dropout, fc-4096, relu, dropout, fc-1000, softmax"
)
BOTTLENECK = (
    "conv7-64 stride=2 pad=3 bias=no, batchnorm, relu, 2*(add(conv1-64, relu, conv3-64 pad=1|))"
)
SPECS = {
    "alexnet": [ALEXNET, "--input", "227x227x3"],
    "branches": [BOTTLENECK, "--input", "20x24x3"],
    "folded": ["vgg16", "--depth", "1", "--columns", "unshared"],
    "lenet5": ["lenet5", "--columns", "all", "--batch", "2", "--optimizer", "adam"],
}
FORMATS = ("table", "json", "csv", "markdown", "latex", "html")


def golden(name: str, text: str, pytestconfig: pytest.Config) -> None:
    path = GOLDEN / f"network_{name}.txt"
    if pytestconfig.getoption("--update"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("form", FORMATS)
def test_output_is_as_agreed(name: str, form: str, run: Run, pytestconfig: pytest.Config) -> None:
    code, out, err = run("network", *SPECS[name], "--format", form)
    assert code == 0
    golden(f"{name}.{form}", out + (f"--- stderr\n{err}" if err else ""), pytestconfig)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_at_every_width(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = run("network", *SPECS["alexnet"])
    assert max(map(len, out.splitlines())) <= width
    golden(f"alexnet.{width}", out, pytestconfig)


# --- numbers, by hand

# Filters times (their weights and a bias), of VGG-16: 13 convolutions, 3 dense layers.
CONVS = [64, 64, 128, 128, 256, 256, 256, *[512] * 6]
SIDES = [224, 224, 112, 112, 56, 56, 56, *[28] * 3, *[14] * 3]
BEFORE = [3, *CONVS[:-1]]
DENSE = [(7 * 7 * 512, 4096), (4096, 4096), (4096, 1000)]
VGG_PARAMETERS = [k * (9 * d + 1) for d, k in zip(BEFORE, CONVS, strict=True)] + [
    (n + 1) * units for n, units in DENSE
]
VGG_WORK = [s * s * k * 9 * d for s, d, k in zip(SIDES, BEFORE, CONVS, strict=True)] + [
    n * units for n, units in DENSE
]
VGG_UNSHARED = sum(
    s * s * k * (9 * d + 1) for s, d, k in zip(SIDES, BEFORE, CONVS, strict=True)
) + sum((n + 1) * units for n, units in DENSE)
# what the convolutions make, the five pools after them, and the dense layers
VGG_MADE = (
    sum(s * s * k for s, k in zip(SIDES, CONVS, strict=True))
    + sum(s * s * k for s, k in [(112, 64), (56, 128), (28, 256), (14, 512), (7, 512)])
    + 4096
    + 4096
    + 1000
)


def record(run: Run, *words: str) -> Any:
    return json.loads(run("network", *words, "--format", "json").out)


def test_vgg16_by_hand(run: Run) -> None:
    found = record(run, "vgg16", "--optimizer", "momentum")
    with_weights = [one for one in found["layers"] if one["parameters"]["total"]]
    assert [one["parameters"]["total"] for one in with_weights] == VGG_PARAMETERS
    assert [one["multiply_adds"] for one in with_weights] == VGG_WORK
    assert sum(VGG_PARAMETERS) == 138_357_544
    assert VGG_MADE == 15_087_080
    assert found["totals"] == {
        "parameters": 138_357_544,
        "trainable": 138_357_544,
        "multiply_adds": 15_470_264_320,
        "flops": 2 * 15_470_264_320,
        "activations": VGG_MADE,
        "activation_bytes": 4 * VGG_MADE,
        "parameter_bytes": 4 * 138_357_544,
        # an activation and its gradient; a parameter, its gradient and its momentum
        "training_bytes": 4 * (2 * VGG_MADE + 3 * 138_357_544),
        "unshared_parameters": VGG_UNSHARED,
    }
    # two or three 3x3 convolutions and a pool, five times: 212 pixels and a step of 32
    last = next(one for one in found["layers"] if one["path"] == "convs5/pool1")
    assert last["receptive_field"] == {"width": 212, "height": 212}
    assert last["jump"] == {"x": 32, "y": 32}


def test_alexnet_in_one_tower_by_hand(run: Run) -> None:
    found = record(run, *SPECS["alexnet"])
    parameters = [
        96 * (11 * 11 * 3 + 1),
        256 * (5 * 5 * 96 + 1),
        384 * (3 * 3 * 256 + 1),
        384 * (3 * 3 * 384 + 1),
        256 * (3 * 3 * 384 + 1),
        4096 * (6 * 6 * 256 + 1),
        4096 * (4096 + 1),
        1000 * (4096 + 1),
    ]
    assert sum(parameters) == 62_378_344
    assert [
        one["parameters"]["total"] for one in found["layers"] if one["parameters"]["total"]
    ] == parameters
    assert found["totals"]["multiply_adds"] == 1_135_256_096
    fields = [one["receptive_field"]["width"] for one in found["layers"] if one["kind"] == "pool"]
    assert fields == [19, 67, 195]


def test_lenet5_by_hand(run: Run) -> None:
    found = record(run, "lenet5")
    totals = {one["name"]: one["parameters"]["total"] for one in found["layers"]}
    # C3's filters see 3, 4 or all 6 maps: 60 pairs of 5x5 weights, and 16 biases
    expected = {"C1": 6 * 26, "C3": 60 * 25 + 16, "C5": 120 * (16 * 25 + 1), "F6": 84 * 121}
    assert {name: totals[name] for name in expected} == expected
    assert totals["output"] == 10 * 85
    # C3 with its table is a convolution too: of 28·28·6·25 + 100·60·25 + 400·120 products
    shown = " ".join(run("network", "lenet5").out.split())
    assert f"Conv layers have {156 + 1516 + 48120:,} of the 60,806 parameters and do" in shown
    assert f"and do {117600 + 150000 + 48000:,} of the 326,520 multiply-adds" in shown


def test_keys_are_those_that_were_fixed(run: Run) -> None:
    found = record(run, BOTTLENECK, "--input", "20x24x3")
    assert list(found) == ["name", "input", "batch", "dtype", "layers", "totals", "not_counted"]
    for one in found["layers"]:
        assert list(one) == [
            *("name", "kind", "path", "input", "output", "parameters", "unshared_parameters"),
            *("multiply_adds", "activations", "activation_bytes", "receptive_field", "jump"),
            "fit",
        ]
        assert list(one["parameters"]) == ["weights", "biases", "total", "trainable"]
        assert (one["unshared_parameters"] is None) == (one["kind"] != "conv")
        assert (one["fit"] is None) == (one["kind"] != "conv")
    norm = next(one for one in found["layers"] if one["kind"] == "batchnorm")
    # a scale and a shift for each of 64 channels, and two averages
    assert norm["parameters"] == {"weights": 64, "biases": 64, "total": 256, "trainable": 128}
    assert norm["activations"] == 10 * 12 * 64


@pytest.mark.parametrize("spec", ["alexnet", "branches"])
@pytest.mark.parametrize(("dtype", "size"), [("float16", 2), ("float64", 8)])
def test_every_total_is_the_sum_of_the_rows(spec: str, dtype: str, size: int, run: Run) -> None:
    words = [*SPECS[spec], "--batch", "7", "--dtype", dtype, "--optimizer", "adam"]
    found, once = record(run, *words), record(run, *SPECS[spec])
    layers, totals = found["layers"], found["totals"]
    assert (found["batch"], found["dtype"]) == (7, dtype)
    for key in ("multiply_adds", "activations"):
        assert [one[key] for one in layers] == [7 * one[key] for one in once["layers"]]
        assert totals[key] == sum(one[key] for one in layers)
    for key, key_of_layer in (("parameters", "total"), ("trainable", "trainable")):
        assert totals[key] == sum(one["parameters"][key_of_layer] for one in layers)
    assert totals["flops"] == 2 * totals["multiply_adds"]
    assert totals["activation_bytes"] == size * totals["activations"]
    assert totals["parameter_bytes"] == size * totals["parameters"]
    averages = totals["parameters"] - totals["trainable"]
    numbers = 2 * totals["activations"] + 4 * totals["trainable"] + averages
    assert totals["training_bytes"] == size * numbers
    assert totals["unshared_parameters"] == sum(
        one["parameters"]["total"]
        if one["unshared_parameters"] is None
        else one["unshared_parameters"]
        for one in layers
    )


# --- the table


def tables(out: str) -> list[dict[str, list[str]]]:
    """Return the rows of each table of layers by name, from its columns' right ends."""
    found = []
    for block in out.split("\n\n"):
        lines = block.splitlines()
        heads = [place for place, line in enumerate(lines) if line.startswith("layer")]
        if heads:
            rows = [re.split(r" {2,}", line) for line in lines[heads[0] + 1 :]]
            found.append({row[0]: row[1:] for row in rows})
    return found


def number(text: str) -> int:
    return int(text.replace(",", ""))


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_all_columns_are_there_at_every_width_and_add_up(
    width: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = run("network", *SPECS["alexnet"])
    assert max(map(len, out.splitlines())) <= width
    found = record(run, *SPECS["alexnet"])
    joined: dict[str, list[str]] = {}
    for table in tables(out):
        for name, cells in table.items():
            joined.setdefault(name, []).extend(cells)
    for one in found["layers"]:
        cells = [cell for cell in joined[one["name"]] if not re.search("[█▏▎▍▌▋▊▉]", cell)]
        assert cells[1:] == [
            "x".join(str(side) for side in one["output"].values()),
            f"{one['activations']:,}",
            f"{one['parameters']['total']:,}",
            f"{one['multiply_adds']:,}",
            f"{one['receptive_field']['width']}",
        ]
    assert joined["total"] == [
        f"{found['totals'][key]:,}" for key in ("activations", "parameters", "multiply_adds")
    ]


@pytest.mark.parametrize(
    ("layer", "phrase"),
    [
        ("conv11-96 stride=4", "96 of 11x11, stride 4"),
        (
            "conv3x5-8 pad=2x1 dilation=2 groups=4 bias=no",
            "8 of 3x5, pad 2x1, dilation 2, 4 groups, no bias",
        ),
        ("conv3-8 bias=untied", "8 of 3x3, untied biases"),
        ("local3-8 stride=2x1", "8 of 3x3 unshared, stride 2x1"),
        ("conv3 table=0+1/2", "2 of 3x3 by table"),
        (
            "transposed4-8 stride=2 pad=1 output_pad=1 groups=2",
            "8 of 4x4 transposed, stride 2, pad 1, output pad 1, 2 groups",
        ),
        ("pool3 stride=2 pad=1 ceil=yes", "max pool 3x3, stride 2, pad 1, rounded up"),
        ("avgpool2", "average pool 2x2, stride 2"),
        ("gap", "global average pooling"),
        ("fc-4096", "flattened, 4,096 units"),
        ("gap, fc-1 bias=no", "1 unit, no bias"),
        ("flatten", "flatten, in place"),
        ("bn", "batch norm"),
        ("bn affine=no", "batch norm, nothing learned"),
        ("lrn5", "response norm over 5"),
        ("relu6", "relu6, in place"),
        ("dropout.5", "dropout .5, in place"),
        ("upsample2", "upsampling by 2"),
        ("add(|conv1-4|)", "sum of 3 volumes"),
        ("concat(|conv1-3)", "depths 4 + 3, in place"),
    ],
)
def test_a_layer_in_one_phrase(layer: str, phrase: str, run: Run) -> None:
    out = run("network", layer, "--input", "13x13x4", "--format", "csv").out
    assert list(csv.DictReader(io.StringIO(out)))[-1]["what"] == phrase


def test_bars_are_as_long_as_what_they_stand_for(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", "200")
    _, out, _ = run("network", *SPECS["alexnet"])
    [rows] = tables(out)
    # dense1 has most parameters, 37,752,832, and conv2 most work, 447,897,600
    eighths = {"█": 8, **{sign: place for place, sign in enumerate(" ▏▎▍▌▋▊▉")}}
    for name, (parameters, work) in {
        "dense1": (37_752_832, 37_748_736),
        "dense2": (16_781_312, 16_777_216),
        "conv2": (614_656, 447_897_600),
        "conv1": (34_944, 105_415_200),
    }.items():
        drawn = [sum(eighths[sign] for sign in bar.strip()) for bar in rows[name][-2:]]
        exact = [160 * parameters / 37_752_832, 160 * work / 447_897_600]
        assert all(
            (one == 1 or abs(one - wanted) <= 0.5) and one > 0
            for one, wanted in zip(drawn, exact, strict=True)
        )
    assert len(rows["relu1"]) == 6


def test_where_parameters_and_work_are(run: Run) -> None:
    said = " ".join(run("network", *SPECS["alexnet"]).out.split())
    dense, convs = 37_752_832 + 16_781_312 + 4_097_000, 1_135_256_096 - 37_748_736 - 16_777_216
    assert (
        f"Parameters and work are in opposite places: dense layers have {dense:,} of the "
        f"62,378,344 parameters, conv layers do {convs - 4_096_000:,} of the 1,135,256,096 "
        "multiply-adds."
    ) in said
    same = " ".join(run("network", "conv3-4, conv3-400", "--input", "9x9x1").out.split())
    # 400·(9·4 + 1) + 4·10 parameters, 5·5·400·36 + 7·7·4·9 multiply-adds
    assert (
        "Parameters and work are in the same place: conv layers have 14,840 of the 14,840 "
        "parameters and do 361,764 of the 361,764 multiply-adds."
    ) in same
    apart = " ".join(
        run("network", "conv5-8, pool7, conv1-80, conv1-8", "--input", "30x30x4").out.split()
    )
    # 8·101, 80·9, 8·81: the half of 2,176 comes with conv2; 26·26·8·100 of all the work is conv1's
    assert (
        "half of the work is done by conv1, and half of the parameters are there by conv2" in apart
    )
    assert "opposite" not in run("network", "pool2", "--input", "9x9x1").out


def test_unshared_is_told_with_its_factor(run: Run) -> None:
    out = " ".join(run("network", "vgg16", "--columns", "unshared").out.split())
    times = round(VGG_UNSHARED / 138_357_544)
    assert f"there would be {VGG_UNSHARED:,} parameters, ≈{times} times as many" in out
    assert "Were nothing shared" not in run("network", "vgg16").out


def test_folded_groups_have_the_sums_of_their_layers(run: Run) -> None:
    rows = tables(run("network", "vgg16", "--depth", "1").out)[0]
    parameters = [sum(VGG_PARAMETERS[a:b]) for a, b in pairwise([0, 2, 4, 7, 10, 13])]
    for place, total in enumerate(parameters, 1):
        what, output, _, found = rows[f"convs{place}"][:4]
        assert number(found) == total
        assert what == f"{5 if place < 3 else 7} layers"
    assert output == "7x7x512"
    assert rows["dense1"][0] == "flattened, 4,096 units"


def test_equal_groups_one_after_the_other_are_one_line(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "net.toml"
    path.write_text(
        'input = "8x8x4"\n'
        'layers = [{ block = "b", k = 6 }, { block = "b", k = 6 }, { block = "b", k = 6 },'
        ' { block = "b", k = 4 }]\n'
        '[blocks.b]\nnumbers = { k = 1 }\nlayers = [{ conv = 3, filters = "k", pad = 1 }, '
        "{ relu = true }]\n"
    )
    rows = tables(run("network", path, "--depth", "1").out)[0]
    # b1 takes 4 channels, b2 and b3 take 6 and are the same, b4 has other filters
    assert list(rows) == ["b1", "b2 … b3", "b4", "total"]
    assert rows["b2 … b3"] == ["2 × 2 layers", "8x8x6", "768", "660", "41,472", "7"]
    assert number(rows["total"][1]) == 6 * 37 + 2 * 6 * 55 + 4 * 55


def test_csv_has_every_column_and_can_be_added_up(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("network", "vgg16", "--format", "csv").out)))
    for key, total in {
        "parameters": 138_357_544,
        "multiply_adds": 15_470_264_320,
        "activations": VGG_MADE,
        "flops": 2 * 15_470_264_320,
        "activation_bytes": 4 * VGG_MADE,
        "parameter_bytes": 4 * 138_357_544,
    }.items():
        assert sum(int(row[key]) for row in rows) == total
    first = rows[0]
    assert (first["weights"], first["biases"], first["padded"]) == ("1728", "64", "226x226x3")
    assert (first["jump"], first["centre"]) == ("1", "0")
    # 2 pixels a step after the first pool, whose first cell sees the pixels -2 to 3
    assert (rows[4]["jump"], rows[4]["centre"], rows[4]["receptive_field"]) == ("2", "0.5", "6")


def test_memory_by_hand(run: Run) -> None:
    words = ["conv3-2, bn, relu", "--input", "6x5x3", "--dtype", "float16", "--optimizer", "adam"]
    out = run("network", *words, "--batch", "10").out
    found = {
        row[0]: [number(cell) for cell in row[1:3]]
        for row in (re.split(" {2,}", line) for line in out.partition("memory")[2].splitlines())
        if len(row) == 4 and re.fullmatch("[0-9,]+", row[2])
    }
    # conv and batch norm make 4·3·2 numbers each; there are 2·(27 + 1) + 4 parameters to learn
    # and 4 averages; 2 bytes each
    made, learned = 2 * 2 * 24, 2 * 60
    assert found == {
        "activations": [made, 10 * made],
        "their gradients": [learned, learned],
        "parameters": [learned, learned],
        "kept by adam": [2 * learned, 2 * learned],
        "moving averages": [8, 8],
        "forward": [made + learned + 8, 10 * made + learned + 8],
        "a training step": [2 * made + 4 * learned + 8, 20 * made + 4 * learned + 8],
    }
    assert re.search(rf"^their gradients +{made} +{10 * made} ", out, re.MULTILINE)
    said = " ".join(out.split())
    assert "with the input's 900 numbers they are 1,380;" in said
    assert "largest: conv1 makes 240 activations (480 bytes), conv1 has 56 parameters" in said


# --- what is refused and warned of


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["conv3-2, pool9", "--input", "9x9x1"],
            'SPEC layer 2 "pool1": window 9 on 7x7x2: its width 9 is more than the 7 columns of '
            "the padded input; give a width of at most 7, or a pad of at least 1",
        ),
        (
            ["vgg16", "--input", "10x10x3"],
            'SPEC vgg16: layer 24 "pool1": window 2 on 1x1x512: its width 2 is more than the 1 '
            "column of the padded input; give a width of at most 1, or a pad of at least 1",
        ),
        (
            ["conv3-2"],
            "--input is missing; give the volume that the first layer takes, WIDTHxHEIGHTxDEPTH",
        ),
        (
            ["conv3x1-2", "--input", "60x4"],
            "--input 60x4: is a series, and a network is of volumes; give 60x1x4",
        ),
        (
            ["resnet5"],
            "SPEC resnet5: is no network of the gallery, no file and no line of layers; the "
            "nearest in the gallery: resnet50, resnet152, resnet34",
        ),
        (["vgg16", "--columns", "flps"], "--columns flps: is no column; the nearest is flops"),
        (
            ["conv3-2, pool2", "--input", "9x9x1", "--strict"],
            'SPEC layer 2 "pool1": (7 − 2 + 2·0)/2 + 1 = 5/2 + 1 = 3.5, floored to 3 (width, '
            "height): the last column and the last row are never looked at; what fits: "
            "pad=same, stride=1",
        ),
    ],
)
def test_a_fault_is_one_sentence(words: list[str], message: str, run: Run) -> None:
    assert run("network", *words) == (2, "", f"convcalc: {message}\n")


def test_without_a_spec_the_gallery_is_told(run: Run) -> None:
    code, out, err = run("network")
    assert (code, out) == (2, "")
    assert err.startswith("convcalc: SPEC is missing; give ")
    for name in ("lenet5", "vgg16"):
        assert name in err


def test_a_file_and_its_layer_are_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    path.write_text('input = "9x9x1"\nlayers = [{ conv = 3, filters = 2 }, { pool = 8 }]\n')
    code, out, err = run("network", path)
    assert (code, out) == (2, "")
    assert 'n.toml: layer 2 "pool1": window 8 on 7x7x2: ' in err


def test_toml_on_stdin(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'input = "9x9x1"\nlayers = [{ conv = 3, filters = 2 }]\n'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert record(run, "-")["totals"]["parameters"] == 20
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    assert run("network", "-") == (
        2,
        "",
        "convcalc: SPEC -: is not UTF-8 text (byte 0); save it as UTF-8\n",
    )


def test_misfits_are_warned_of_and_those_alike_together(run: Run) -> None:
    spec = "2*(conv2-1 stride=3, upsample3), " + ", ".join(["conv2-1 stride=3"] * 2)
    _, _, err = run("network", spec, "--input", "9x9x1")
    # (9 - 2)/3 + 1 = 10/3, floored to 3: for conv1 to conv3; then 3 - 2 = 1 over 3
    first, second = err.splitlines()
    assert first.startswith("convcalc: warning: conv1, conv2, conv3: (9 − 2 + 2·0)/3 + 1 = ")
    assert second.startswith("convcalc: warning: conv4: (3 − 2 + 2·0)/3 + 1 = ")
    assert "; what fits: pad=1, stride=1" in second
    assert not run("network", "vgg16").err


def test_more_misfits_are_named_only(run: Run) -> None:
    line = ", ".join(f"conv2-1 stride={stride}, upsample40" for stride in (2, 3, 4, 5, 6))
    _, _, err = run("network", line, "--input", "9x9x1")
    *told, more = err.splitlines()
    assert len(told) == 3
    assert more.endswith(
        "not tile the input either: --columns unused shows what is never looked at"
    )


# --- text of strangers


NASTY = '<script>alert("&")</script>|`*_$%#~^\\{}\x1b[31m\n'


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_strangers_are_text(form: str, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "n.toml"
    name = json.dumps(NASTY)
    path.write_text(
        f'name = {name}\ninput = "9x9x1"\nlayers = [{{ conv = 3, filters = 2, name = {name} }}]\n'
    )
    code, out, _ = run("network", path, "--format", form)
    assert code == 0
    assert "\x1b" not in out
    if form == "json":
        assert json.loads(out)["layers"][0]["name"] == NASTY
    if form == "html":
        assert "<script" not in out
        assert "<script>alert" in unescape(out)
    if form == "markdown":
        assert re.search(r"(?<!\\)[|]`", out) is None
        assert "<script" not in out.replace("\\<", "")
    if form == "latex":
        assert out.isascii()
        assert re.search(r"(?<!\\)[$]\w", out) is None


def test_a_page_needs_no_other_file(run: Run) -> None:
    page = run("network", "vgg16", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?:|<script|<link|<img|@import|url\(|src=", page)
    for figure in ("138,357,544", "15,470,264,320", "15,087,080"):
        assert figure in page


def test_in_ascii(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("LC_ALL", "C")
    out = run("network", *SPECS["folded"]).out
    assert out.isascii()
    assert "?" not in out
    assert "\x1b" not in out
