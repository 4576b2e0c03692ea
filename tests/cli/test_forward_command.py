"""`convcalc forward`: images and arrays in, feature maps, arrays and contact sheets out."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from PIL import Image, ImageFont
from scipy.signal import correlate

from convcalc import ConvLayer, NotEnoughMemory
from convcalc.compute.tools import memory
from convcalc.compute.tools.memory import free_memory, require_memory
from convcalc.files import save
from convcalc.files.save import replacing
from convcalc.present.saved.sheet import sheet_layout


def record(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run("forward", *arguments, "--format", "json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def photo(folder: Path, width: int = 9, height: int = 7) -> tuple[Path, np.ndarray]:
    """A picture of random pixels, and the pixels (H, W, 3)."""
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    path = folder / "photo.png"
    Image.fromarray(pixels).save(path)
    return path, pixels


def test_a_photo_is_convolved_with_the_given_filters(tmp_path: Path, run: Run) -> None:
    path, pixels = photo(tmp_path)
    rng = np.random.default_rng(1)
    weights, bias = rng.standard_normal((2, 3, 5, 3)), rng.standard_normal(2)
    np.save(tmp_path / "w.npy", weights)
    np.save(tmp_path / "b.npy", bias)
    found = record(
        run,
        path,
        "--weights",
        tmp_path / "w.npy",
        "--bias",
        tmp_path / "b.npy",
        "--dtype",
        "float64",
        "--stride",
        2,
        "--save",
        tmp_path / "y.npy",
    )
    # scipy correlates all of (H, W, D) at once; only one place is left along the depth
    expected = np.stack(
        [
            correlate(pixels / 255, filter, mode="valid", method="direct")[::2, ::2, 0] + b
            for filter, b in zip(weights, bias, strict=True)
        ],
        axis=2,
    )
    y = np.load(tmp_path / "y.npy")
    assert y.dtype == np.float64
    assert np.abs(y - expected).max() < 1e-12
    assert found["filter"] == {"width": 5, "height": 3, "depth": 3}
    assert found["output"] == {"width": 3, "height": 3, "depth": 2}
    assert found["output_stats"] == pytest.approx(
        {"min": expected.min(), "max": expected.max(), "mean": expected.mean()}
    )
    assert [stats["mean"] for stats in found["map_stats"]] == pytest.approx(
        list(expected.mean(axis=(0, 1)))
    )
    assert found["seconds"] > 0
    assert found["saved"] == [str(tmp_path / "y.npy")]


def test_json_is_that_of_params_and_more(run: Run) -> None:
    spec = "--input 12x9x4 --filter 3x2 --stride 2 --pad 1x0 --filters 6 --groups 2".split()
    counted = json.loads(run("params", *spec, "--format", "json").out)
    ran = record(run, *spec, "--seed", 1)
    assert {key: ran[key] for key in counted} == counted
    assert (ran["seed"], ran["dtype"], ran["relu"]) == (1, "float32", False)


def test_an_array_is_taken_as_it_is(tmp_path: Path, run: Run) -> None:
    x = np.arange(24).reshape(4, 3, 2)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "w.npy", np.ones((1, 4, 3, 2)))
    found = record(run, tmp_path / "x.npy", "--weights", tmp_path / "w.npy")
    # one window over everything: 0 + 1 + ... + 23
    assert found["output_stats"] == {"min": 276, "max": 276, "mean": 276}


def test_a_seed_repeats_input_and_weights(tmp_path: Path, run: Run) -> None:
    spec = "--input 8x8x3 --filter 3 --filters 2".split()
    first = record(run, *spec, "--seed", 7)
    assert record(run, *spec, "--seed", 7)["output_stats"] == first["output_stats"]
    assert record(run, *spec, "--seed", 8)["output_stats"] != first["output_stats"]
    drawn = record(run, *spec)
    assert record(run, *spec, "--seed", drawn["seed"])["output_stats"] == drawn["output_stats"]


def test_relu_cuts_at_zero(run: Run) -> None:
    spec = "--input 8x8x3 --filter 3 --filters 2 --seed 1".split()
    whole, cut = record(run, *spec), record(run, *spec, "--relu")
    assert whole["output_stats"]["min"] < 0 == cut["output_stats"]["min"]
    assert whole["output_stats"]["max"] == cut["output_stats"]["max"]
    assert "output after ReLU: min 0," in run("forward", *spec, "--relu").out


def test_images_become_what_input_asks_for(tmp_path: Path, run: Run) -> None:
    path, pixels = photo(tmp_path)
    np.save(tmp_path / "w.npy", np.ones((1, 1, 1, 1)))
    record(
        run,
        path,
        "--input",
        "9x7x1",
        "--weights",
        tmp_path / "w.npy",
        "--save",
        tmp_path / "grey.npy",
        "--dtype",
        "float64",
    )
    grey = np.asarray(Image.fromarray(pixels).convert("L")) / 255
    assert np.array_equal(np.load(tmp_path / "grey.npy")[:, :, 0], grey)

    np.save(tmp_path / "alpha.npy", np.array([0, 0, 0, 1.0]).reshape(1, 1, 1, 4))
    found = record(run, path, "--input", "18x14x4", "--weights", tmp_path / "alpha.npy")
    assert found["output"] == {"width": 18, "height": 14, "depth": 1}
    assert found["output_stats"] == {"min": 1, "max": 1, "mean": 1}, "a photo is opaque"


def test_edges_find_a_horizontal_edge_wherever_it_is(tmp_path: Path, run: Run) -> None:
    stripes = np.zeros((60, 30), np.uint8)
    for top in (10, 27, 44):
        stripes[top : top + 8] = 255
    Image.fromarray(stripes).save(tmp_path / "stripes.png")
    record(
        run,
        tmp_path / "stripes.png",
        "--filter",
        5,
        "--filters",
        2,
        "--weights",
        "edges",
        "--pad",
        "same",
        "--save",
        tmp_path / "y.npy",
    )
    horizontal, vertical = np.moveaxis(np.load(tmp_path / "y.npy"), 2, 0)
    middle = horizontal[:, 15]
    assert {10, 27, 44} <= set(np.flatnonzero(middle > 0.9 * middle.max())), "dark above bright"
    assert np.abs(vertical[:, 15]).max() < 1e-6


def test_the_screen_shows_volumes_time_figures_and_maps(run: Run) -> None:
    code, out, _ = run("forward", "--input", "20x20x3", "--filter", 3, "--filters", 12, "--seed", 1)
    assert code == 0
    assert out.startswith("20x20x3 → 18x18x12: 12 filters of 3x3x3, stride 1, pad 0\n")
    assert "of variance 1/27, one over the" in out
    assert re.search(r"time: \d+\.\d+ s for 104,976 multiply-adds in float32, by mec\n", out)
    assert re.findall(r"map \d+", out) == [f"map {k}" for k in range(7)]
    assert "the first 7 of 12 feature maps; all of them: --save maps.png" in out


def test_a_contact_sheet_has_every_map_where_its_label_says(tmp_path: Path, run: Run) -> None:
    spec = "--input 12x12x1 --filter 3 --filters 7 --seed 1".split()
    targets = [tmp_path / "maps.png", tmp_path / "maps.npy"]
    found = record(run, *spec, "--save", targets[0], "--save", targets[1])
    assert found["saved"] == [str(target) for target in targets]
    output = np.load(tmp_path / "maps.npy")
    layout = sheet_layout(ConvLayer(input=(12, 12, 1), filter=3, filters=7))
    with Image.open(tmp_path / "maps.png") as image:
        assert image.size == layout.sheet
        sheet = np.asarray(image)
    assert layout.tile == (90, 90)
    for k in range(7):
        one = output[:, :, k]
        grey = np.rint((one - one.min()) / (one.max() - one.min()) * 255)
        row, column = divmod(k, layout.across)
        top = 2 * 14 + 2 * 6 + row * layout.cell[1]
        left = 6 + column * layout.cell[0]
        tile = sheet[top : top + 90, left : left + 90]
        assert np.array_equal(tile, grey.repeat(9, 0).repeat(9, 1)), f"map {k}"


@pytest.mark.parametrize(
    ("output", "longest"),
    [((1, 1, 1), 96), ((3000, 20, 96), 256), ((55, 55, 96), 96), ((97, 97, 3), 97)],
)
def test_tiles_are_neither_tiny_nor_huge(output: tuple[int, int, int], longest: int) -> None:
    width, height, maps = output
    layout = sheet_layout(ConvLayer(input=(width, height, 1), filter=1, filters=maps))
    assert longest * 0.5 < max(layout.tile) <= longest
    assert layout.sheet[0] * layout.sheet[1] <= 64_000_000


def test_labels_fit_their_cells_and_the_title_its_sheet() -> None:
    font = ImageFont.load_default(11)
    layer = ConvLayer(input=(9, 9, 2), filter=2, filters=2, pad=(1, 2, 3, 4), dilation=2, groups=2)
    layout = sheet_layout(layer)
    assert font.getlength("max -8.73e-100") <= layout.cell[0]
    assert font.getlength(str(layer)) <= layout.sheet[0]


def test_memory_is_refused_with_the_figures(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 10_000_000)
    spec = "--input 1000x1000x3 --filter 11 --stride 4 --filters 96".split()
    code, out, err = run("forward", *spec)
    assert (code, out) == (1, "")
    # 12 MB of input, 248 * 248 * 96 * 4 bytes of output, 32 MiB of workspace
    assert err == (
        "convcalc: needs ≈69.3 MB of memory (input 12 MB, weights ≈139.8 kB, output ≈23.6 MB, "
        "workspace ≈33.6 MB), 10 MB are free; "
        "try a smaller input, fewer filters or a larger stride\n"
    )


def test_memory_that_suffices_is_not_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 100)
    require_memory({"a": 60, "b": 40})
    with pytest.raises(NotEnoughMemory):
        require_memory({"a": 60, "b": 41})
    monkeypatch.setattr(memory, "free_memory", lambda: None)
    require_memory({"a": 10**30})


def test_free_memory_is_the_least_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = free_memory()
    assert whole is not None
    assert 0 < whole < 2**60
    for name, text in (
        ("memory.max", "5000000\n"),
        ("memory.current", "3000000\n"),
        ("memory.stat", "anon 2000000\ninactive_file 500000\n"),
    ):
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    # of 5,000,000 bytes 3,000,000 are in use, 500,000 of those only as cache
    assert free_memory() == 2_500_000
    (tmp_path / "memory.max").write_text("max\n")
    assert free_memory() != 2_500_000


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "y.npy"
    target.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt), replacing(target) as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert target.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [target]
    with replacing(target) as file:
        file.write(b"after")
    assert target.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [target]
    (tmp_path / "plain").write_bytes(b"")
    assert target.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_full_disk_is_one_sentence(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(save.os, "replace", full)
    target = tmp_path / "y.npy"
    code, out, err = run(
        "forward", "--input", "5x5x1", "--filter", 3, "--filters", 1, "--save", target
    )
    assert (code, out) == (1, "")
    assert err == f"convcalc: cannot write {target}: no space left on device\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--save", "maps.gif"],
            "--save maps.gif: has an ending that says neither array nor "
            "picture; give a file name ending in .npy or .png",
        ),
        (
            ["--weights", "lines"],
            "--weights lines: is neither a filter bank nor an .npy file; "
            "give random, edges, blur, sharpen, gabor or FILE.npy",
        ),
        (
            ["--bias", "b.npy", "--no-bias"],
            "--bias b.npy: contradicts --no-bias; give one or the other",
        ),
        (
            ["--bias", ""],
            "--bias '': is not a file name; give the name of a file",
        ),
        (
            ["no.jpg"],
            "SOURCE no.jpg: cannot be read (no such file or directory); give an image "
            "such as a PNG or JPEG, or an .npy array of shape (H, W, D)",
        ),
    ],
)
def test_refusals(arguments: list[str], message: str, run: Run) -> None:
    spec = "--input 9x9x3 --filter 3 --filters 2".split()
    assert run("forward", *spec, *arguments) == (2, "", f"convcalc: {message}\n")


def test_an_array_too_small_for_the_stride_is_not_told_to_grow(tmp_path: Path, run: Run) -> None:
    np.save(tmp_path / "x.npy", np.zeros((8, 8, 1)))
    _, _, err = run("forward", tmp_path / "x.npy", "--filter", 3, "--stride", 2, "--filters", 1)
    assert err.endswith("what fits: --pad same, --stride 1\n")


@pytest.mark.parametrize("shape", [(3, 3), (0, 3, 3, 3), (2, 3, 3, 1)])
def test_weights_of_another_shape_are_refused_by_name(
    shape: tuple[int, ...], tmp_path: Path, run: Run
) -> None:
    np.save(tmp_path / "w.npy", np.zeros(shape))
    code, out, err = run("forward", "--input", "9x9x3", "--weights", tmp_path / "w.npy")
    assert (code, out) == (2, "")
    assert err.startswith(f"convcalc: --weights {tmp_path}"[:45])
    assert "w.npy: has shape (" in err
    assert len(err.splitlines()) == 1


def test_saving_through_a_link_writes_what_it_points_to(tmp_path: Path, run: Run) -> None:
    (tmp_path / "real.npy").write_bytes(b"")
    (tmp_path / "real.npy").chmod(0o600)
    (tmp_path / "link.npy").symlink_to("real.npy")
    record(run, "--input", "5x5x1", "--filter", 3, "--filters", 1, "--save", tmp_path / "link.npy")
    assert (tmp_path / "link.npy").is_symlink()
    assert np.load(tmp_path / "real.npy").shape == (3, 3, 1)
    assert (tmp_path / "real.npy").stat().st_mode & 0o777 == 0o600
