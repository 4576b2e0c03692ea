"""`convcalc forward --network`: whole networks on images, arrays and random data."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from PIL import Image

from convcalc import Network
from convcalc.compute.network.run import run_network
from convcalc.compute.network.weights import RandomWeights

SMALL = "conv3-4 pad=1, relu, pool2, fc-3, softmax"


def record(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run("forward", *arguments, "--format", "json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def photo(folder: Path, width: int, height: int, mode: str = "RGB") -> Path:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, len(mode)), np.uint8)
    path = folder / "photo.png"
    Image.fromarray(pixels.squeeze(), mode).save(path)
    return path


def test_what_json_says_is_what_the_library_does(run: Run, tmp_path: Path) -> None:
    x = np.random.default_rng(1).standard_normal((6, 8, 2), np.float32)
    np.save(tmp_path / "x.npy", x)
    y = tmp_path / "y.npy"
    found = record(run, tmp_path / "x.npy", "--network", SMALL, "--seed", 5, "--save", y)
    network = Network.read(SMALL, input=(8, 6, 2))
    expected = network.forward(x, seed=5)
    assert np.array_equal(np.load(y), expected)
    assert abs(expected.sum() - 1) < 1e-6, "softmax"
    assert found["name"] == "network"
    assert [layer["path"] for layer in found["layers"]] == [
        *("conv1", "relu1", "pool1", "dense1", "softmax1")
    ]
    assert found["totals"]["parameters"] == 4 * (9 * 2 + 1) + 3 * (4 * 3 * 4 + 1)
    assert all(layer["seconds"] >= 0 for layer in found["layers"])
    assert found["seconds"] == pytest.approx(sum(layer["seconds"] for layer in found["layers"]))
    assert found["output_stats"]["max"] == pytest.approx(float(expected.max()))
    assert found["output_stats"] == found["layers"][-1]["output_stats"]
    assert found["layers"][1]["output_stats"]["min"] == 0
    ran = run_network(network, x, RandomWeights(network, 5))
    assert found["top_of"] == "dense1"
    assert [(one["unit"], one["value"]) for one in found["top"]] == list(ran.top)
    assert np.argmax(expected) == found["top"][0]["unit"]
    assert (found["seed"], found["dtype"], found["source_scale"]) == (5, "float32", None)
    assert (found["layer"], found["saved"]) == ("softmax1", [str(y)])
    assert len(found["map_stats"]) == 3


def test_a_layers_maps_are_shown_and_saved(run: Run, tmp_path: Path) -> None:
    maps, sheet = tmp_path / "maps.npy", tmp_path / "maps.png"
    options = ["--network", SMALL, "--input", "8x6x2", "--seed", 5, "--dtype", "float64"]
    found = record(run, *options, "--layer", "conv1", "--save", maps, "--save", sheet)
    saved = np.load(maps)
    assert saved.shape == (6, 8, 4)
    assert saved.dtype == np.float64
    assert saved.min() < 0, "before ReLU"
    assert [one["min"] for one in found["map_stats"]] == saved.min((0, 1)).tolist()
    with Image.open(sheet) as image:
        assert image.format == "PNG"
    code, out, _ = run("forward", *options, "--layer", "conv1")
    assert code == 0
    assert "conv1: 8x6x2 → 8x6x4: 4 filters of 3x3x2, stride 1, pad 1" in out
    assert "map 3" in out
    _, without, _ = run("forward", *options)
    assert "map 0" not in without


@pytest.mark.parametrize("columns", [50, 60, 200])
def test_the_table_keeps_to_the_width(
    run: Run, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = run("forward", "--network", "lenet5", "--seed", "1", "--layer", "C3")
    assert code == 0, err
    assert "top of output: unit" in out
    assert max(map(len, out.splitlines())) <= columns
    heading = next(line for line in out.splitlines() if line.startswith("layer"))
    assert heading.split()[4:] == (["min", "max", "mean"] if columns > 50 else [])


def test_random_data_is_the_same_for_the_same_seed(run: Run) -> None:
    options = ["--network", SMALL, "--input", "8x6x2", "--seed"]
    once, again, other = (record(run, *options, seed) for seed in (1, 1, 2))
    assert once["output_stats"] == again["output_stats"] != other["output_stats"]
    assert once["source"] == "random normal, seed 1"


def test_an_image_of_the_networks_size_is_taken_as_it_is(run: Run, tmp_path: Path) -> None:
    path, y = photo(tmp_path, 32, 32, "L"), tmp_path / "y.npy"
    found = record(run, path, "--network", "lenet5", "--seed", 1, "--save", y)
    with Image.open(path) as image:
        x = (np.asarray(image)[..., None] / 255).astype(np.float32)
    assert np.allclose(np.load(y), Network.read("lenet5").forward(x, seed=1), atol=1e-6)
    assert found["source_scale"]["one"] == 255


def test_an_image_of_another_size_is_resized_only_where_that_is_asked_for(
    run: Run, tmp_path: Path
) -> None:
    path = photo(tmp_path, 40, 30)
    code, _, err = run("forward", path, "--network", "lenet5")
    assert code == 2
    assert err.startswith("convcalc: SOURCE ")
    assert err.endswith(
        "photo.png: is 40x30x1, and LeNet-5 is for 32x32x1; give --input 32x32x1, and the image is "
        "resized\n"
    )
    found = record(run, path, "--network", "lenet5", "--input", "32x32x1")
    assert found["input"] == {"width": 32, "height": 32, "depth": 1}


def test_a_network_whose_parameters_are_the_same_takes_other_sizes(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "net.toml"
    path.write_text(
        'input = "32x32x3"\nlayers = [{ conv = 3, filters = 4 }, { gap = true }, { dense = 2 }]'
    )
    found = record(run, photo(tmp_path, 40, 30), "--network", path)
    assert found["input"] == {"width": 40, "height": 30, "depth": 3}
    assert found["totals"]["parameters"] == 4 * 28 + 2 * 5
    code, _, err = run("forward", photo(tmp_path, 2, 2), "--network", path)
    assert code == 2, "too small for the filter"
    assert "is 2x2x3, and net is for 32x32x3" in err


REFUSED = {
    "--network vgg17": "the nearest",
    "--network lenet5 --filter 3": "--network lenet5: goes without --filter",
    "--network lenet5 --unshared": "--network lenet5: goes without --unshared",
    "--network lenet5 --algorithm mec": "--network lenet5: goes without --algorithm",
    "--network lenet5 --layer C7": "--layer C7: is no layer of LeNet-5",
    "--network lenet5 --save out.txt": "--save out.txt: has an ending",
    "--network lenet5 --input 4x4x1": 'layer 1 "C1": filter 5 on 4x4x1',
    "--network conv3-8": "--input is missing",
    "--layer C1 --filter 3 --filters 2 --input 9x9x1": "--layer C1: is about a network; add",
    "nothing.png --network lenet5": "SOURCE nothing.png",
}


@pytest.mark.parametrize("options", REFUSED)
def test_what_cannot_be_is_one_sentence(run: Run, options: str) -> None:
    code, out, err = run("forward", *options.split())
    assert (code, out) == (2, "")
    assert REFUSED[options] in err
    assert err.count("\n") == 1


def test_an_array_of_another_shape_is_told_the_right_one(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.zeros((1, 32, 32)))
    code, _, err = run("forward", path, "--network", "lenet5")
    assert code == 2
    assert "give an array of shape (32, 32, 1)" in err
    code, _, err = run("forward", path, "--network", SMALL, "--input", "8x6x2")
    assert code == 2
    assert "--input 8x6x2: does not match the array's 32x1x32" in err


def test_memory_is_refused_with_its_parts_before_it_is_taken(run: Run) -> None:
    code, out, err = run("forward", "--network", "conv3-64", "--input", "1000000x1000000x3")
    assert (code, out) == (1, "")
    assert err.startswith("convcalc: needs ≈268 TB of memory (input 12 TB, activations ≈256 TB, ")
    assert err.count("\n") == 1


def test_what_overflows_is_one_sentence(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.npy"
    np.save(path, np.full((9, 9, 1), 3e38))
    code, out, err = run("forward", path, "--network", "conv3-64, conv3-64, conv3-64", "--seed", 1)
    assert (code, out) == (1, "")
    assert "overflows float32; try float64" in err
