"""`forward --unshared`, `backward` and `shift` as a user meets them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Outcome, Run
from PIL import Image
from support.reference import by_windows, forward_by_scipy

from convcalc import ConvLayer
from convcalc.compute.data.random import random_input, random_upstream, random_weights
from convcalc.compute.tools import memory

NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96 --seed 1".split()
SMALL = "--input 9x8x2 --filter 3x2 --stride 2x1 --pad 1x0 --filters 4 --groups 2 --seed 3".split()
SMALL_LAYER = ConvLayer(
    input=(9, 8, 2), filter=(3, 2), stride=(2, 1), pad=(1, 0), filters=4, groups=2
)
FLOAT64 = np.dtype("float64")


def record(run: Run, *arguments: object) -> dict[str, Any]:
    code, out, err = run(*arguments, "--format", "json")
    assert code == 0, err
    loaded: dict[str, Any] = json.loads(out)
    return loaded


def test_unshared_from_a_file_uses_every_neurons_own(tmp_path: Path, run: Run) -> None:
    rng = np.random.default_rng(0)
    weights = rng.standard_normal((7, 5, 4, 2, 3, 1))
    bias = rng.standard_normal((7, 5, 4))
    np.save(tmp_path / "w.npy", weights)
    np.save(tmp_path / "b.npy", bias)
    options = "--stride 2x1 --pad 1x0 --groups 2 --dtype float64 --seed 3".split()
    found = record(
        run,
        "forward",
        "--input",
        "9x8x2",
        *options,
        "--unshared",
        "--weights",
        tmp_path / "w.npy",
        "--bias",
        tmp_path / "b.npy",
        "--save",
        tmp_path / "y.npy",
    )
    x = random_input(SMALL_LAYER, 3, FLOAT64)
    expected = by_windows(SMALL_LAYER, x, weights, bias)
    assert np.abs(np.load(tmp_path / "y.npy") - expected).max() < 1e-12
    assert found["sharing"] == "unshared"
    assert found["tied_difference"] is None


@pytest.mark.parametrize("stored", ["<f8", "<f4", ">f8"])
def test_unshared_weights_in_fortran_order_are_read_whole(
    stored: str, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory for them is asked for first; in C order they are read as they are used."""
    weights = np.random.default_rng(0).random((14, 14, 40, 7, 7, 3)).astype(stored)
    np.save(tmp_path / "c.npy", weights)
    np.save(tmp_path / "f.npy", np.asfortranarray(weights))
    free = 0

    def forward(name: str) -> Outcome:
        monkeypatch.setattr(memory, "free_memory", lambda: free)
        words = "--input 20x20x3 --seed 1 --unshared --dtype float64 --format json".split()
        saved = ["--save", tmp_path / f"y-{name}"]
        return run("forward", *words, "--weights", tmp_path / name, *saved)

    code, out, err = forward("f.npy")
    assert (code, out) == (1, "")
    needed = {
        name: sum(
            int(1e6 * float(size))
            for size in re.findall(r"[a-z] ≈?([0-9.]+) MB[,)]", forward(name).err)
        )
        for name in ("c.npy", "f.npy")
    }
    # 14 * 14 * 40 * 7 * 7 * 3 weights of 8 bytes
    assert needed["f.npy"] - needed["c.npy"] == pytest.approx(9_219_840, abs=1e5)
    assert "unshared weights in Fortran order ≈9.2 MB" in err
    free = needed["c.npy"] + 1_000_000
    assert (forward("c.npy").code, forward("f.npy").code) == (0, 1)
    free = needed["f.npy"] + 1_000_000
    assert forward("f.npy").code == 0
    assert np.array_equal(np.load(tmp_path / "y-c.npy"), np.load(tmp_path / "y-f.npy"))


@pytest.mark.slow
def test_the_example_unshared(run: Run) -> None:
    code, out, _ = run("forward", *NOTES, "--unshared")
    assert code == 0
    figures = out.replace(",", "")
    # 290400 * 364 parameters of 4 bytes, beside 34944
    assert re.search(r"parameters +105705600 +34944\n", figures)
    assert re.search(r"memory if held +≈422.8 MB +≈139.8 kB\n", figures)
    assert re.search(r"multiply-adds +105415200 +105415200\n", figures)
    assert re.search(r"memory taken: ≈?[0-9.]+ MB by the whole process until it was done", out)


@pytest.mark.slow
def test_the_example_unshared_takes_little_memory() -> None:
    script = "import sys; from convcalc.cli import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", script, "forward", *NOTES, "--unshared", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    peak = json.loads(done.stdout)["peak_memory_bytes"]
    assert 20e6 < peak < 120e6


@pytest.mark.slow
def test_peak_memory_is_the_processs_own() -> None:
    script = (
        "from convcalc.compute.tools.memory import peak_memory\n"
        "before = peak_memory()\n"
        "held = b'x' * 300_000_000\n"
        "del held\n"
        "print(before, peak_memory())"
    )
    held = b"x" * 200_000_000  # of the parent: not to be counted
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    before, after = map(int, done.stdout.split())
    assert len(held) > before > 1_000_000
    assert 295_000_000 <= after - before < 320_000_000


def test_tied_is_the_convolution(run: Run, tmp_path: Path) -> None:
    found = record(run, "forward", *SMALL, "--tied", "--save", tmp_path / "y.npy")
    assert found["sharing"] == "tied"
    assert 0 <= found["tied_difference"] < 1e-6
    x = random_input(SMALL_LAYER, 3, np.dtype("float32"))
    weights = random_weights(SMALL_LAYER, 3, np.dtype("float32"))
    expected = forward_by_scipy(SMALL_LAYER, x, weights, None)
    assert np.abs(np.load(tmp_path / "y.npy") - expected).max() < 1e-5
    assert "tied: every position has the same filters" in run("forward", *SMALL, "--tied").out
    assert record(run, "forward", *SMALL, "--tied", "--weights", "random")["tied_difference"] < 1e-6


def test_tied_layers_have_one_bias_for_each_depth_slice(run: Run, tmp_path: Path) -> None:
    bias = np.array([100.0, 0, -100, 3])
    np.save(tmp_path / "b.npy", bias)
    spec = [*SMALL, "--tied", "--dtype", "float64"]
    found = record(
        run, "forward", *spec, "--bias", tmp_path / "b.npy", "--save", tmp_path / "with.npy"
    )
    record(run, "forward", *spec, "--save", tmp_path / "without.npy")
    added = np.load(tmp_path / "with.npy") - np.load(tmp_path / "without.npy")
    assert np.allclose(added, bias, atol=1e-12)
    assert found["tied_difference"] < 1e-12


def test_a_bank_is_for_tied_layers(run: Run) -> None:
    spec = "--input 9x9x1 --filter 3 --filters 2".split()
    code, out, err = run("forward", *spec, "--unshared", "--weights", "edges")
    assert (code, out) == (2, "")
    assert err == (
        "convcalc: --weights edges: is one filter for all positions; "
        "give random or FILE.npy, or --tied\n"
    )
    assert run("forward", *spec, "--tied", "--weights", "edges").code == 0


def test_backward_saves_what_can_be_checked(tmp_path: Path, run: Run) -> None:
    found = record(run, "backward", *SMALL, "--save", tmp_path / "g.npz", "--own", "--check", 3)
    x, weights = random_input(SMALL_LAYER, 3, FLOAT64), random_weights(SMALL_LAYER, 3, FLOAT64)
    upstream = random_upstream(SMALL_LAYER, 3, FLOAT64)
    with np.load(tmp_path / "g.npz") as saved:
        gradients = {name: saved[name] for name in saved}
    assert set(gradients) == {"input", "weights", "bias", "upstream", "own_weights"}
    assert np.array_equal(gradients["upstream"], upstream)
    # the loss is linear in the weights: moving along a direction changes it by gradient * direction
    direction = np.random.default_rng(5).standard_normal(weights.shape)
    moved = forward_by_scipy(SMALL_LAYER, x, weights + direction, None)
    still = forward_by_scipy(SMALL_LAYER, x, weights, None)
    assert (gradients["weights"] * direction).sum() == pytest.approx(
        ((moved - still) * upstream).sum()
    )
    assert np.allclose(gradients["own_weights"].sum((0, 1)), gradients["weights"], atol=1e-10)
    assert np.allclose(gradients["bias"], upstream.sum((0, 1)))
    assert found["sum_difference"] < 1e-10
    assert [check["of"] for check in found["checks"]] == [
        "the sum of the positions' gradients",
        "the gradient of input",
        "the gradient of weights",
        "the gradient of bias",
        "the gradient of neurons' own weights",
    ]
    assert [check["entries"] for check in found["checks"]] == [24, 3, 3, 3, 3]
    assert all(check["difference"] < 1e-6 for check in found["checks"])
    assert found["saved"] == str(tmp_path / "g.npz")


def test_backward_takes_arrays_for_everything(tmp_path: Path, run: Run) -> None:
    np.save(tmp_path / "x.npy", np.array([[[1.0], [2.0], [3.0]]]))
    np.save(tmp_path / "w.npy", np.array([[[[5.0], [7.0]]]]))
    np.save(tmp_path / "u.npy", np.array([[[1.0], [10.0]]]))
    code, out, _ = run(
        "backward",
        tmp_path / "x.npy",
        "--weights",
        tmp_path / "w.npy",
        "--upstream",
        tmp_path / "u.npy",
        "--learning-rate",
        "0.5",
    )
    assert code == 0
    # gradients 1*1 + 10*2 = 21 and 1*2 + 10*3 = 32; the second weight: 7 - 0.5 * 32 = -9
    assert re.search(r"position +\[0, 1, 0\] +\[0, 0, 0\]\n", out)
    assert re.search(r"\(0, 0\) +2 +1\n\(0, 1\) +30 +20\nsum +32 +21\nshared +32 +21\n", out)
    assert re.search(r"before +7\nshared +-9\n", out)
    # unshared: 7 - 0.5 * 2 = 6 and 7 - 0.5 * 30 = -8, 14 apart
    assert re.search(r"unshared at \(0, 0\) +6\nunshared at \(0, 1\) +-8\n", out)
    assert "differs by up to 14 from place to place" in " ".join(out.split())


@pytest.mark.slow
def test_the_example_backward(run: Run) -> None:
    code, out, _ = run("backward", *NOTES, "--check", 2)
    assert code == 0
    assert "105,415,200 own gradients" in out
    assert "The 3,025 positions' gradients, summed, are the shared gradient" in out
    assert "over all 34,848" in out
    assert len(re.findall("^checked: 2 entries", out, re.MULTILINE)) == 4
    assert "not checked" in run("backward", *SMALL, "--check", 0).out


def test_a_photo_shifts_with_its_output(tmp_path: Path, run: Run) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    spec = [tmp_path / "photo.png", "--filter", 5, "--stride", 4, "--filters", 6, "--seed", 1]
    found = record(run, "shift", *spec, "--by", "8x-4")
    assert found["exact"]
    assert found["output_shift"] == {"x": 2, "y": -1}
    # 12 columns and 9 rows of positions; 2 columns and 1 row have no partner
    assert found["shared"]["cells"] == (12 - 2) * (9 - 1) * 6
    assert found["shared"]["equal"] == found["shared"]["cells"]
    assert found["unshared"]["equal"] == 0
    _, out, _ = run("shift", *spec, "--by", "6x0")
    assert "does not divide the shift" in out.replace("\n", " ")
    assert "is not the same picture" in out.replace("\n", " ")


def test_a_shift_out_of_the_picture_compares_nothing(run: Run) -> None:
    _, out, _ = run("shift", *SMALL, "--by", "100x0")
    assert "leaves no cell" in out
    assert re.search(r"share of equal cells +none compared +none compared", out)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["shift", *SMALL], "--by is missing; give RIGHTxDOWN in pixels, for example 8x0 or -4x2"),
        (
            ["shift", *SMALL, "--by", "8"],
            "--by 8: is 1 number where 2 are needed; "
            "give RIGHTxDOWN in pixels, for example 8x0 or -4x2",
        ),
        (
            ["backward", *SMALL, "--learning-rate", "nan"],
            "--learning-rate nan: is not a finite number; give one such as 0.01",
        ),
        (
            ["backward", *SMALL, "--own"],
            "--own has nothing to be saved in; add --save FILE.npz",
        ),
        (
            ["backward", *SMALL, "--save", "g.npy"],
            "--save g.npy: does not end in .npz; give a file name ending in .npz",
        ),
        (
            ["backward", *SMALL, "--upstream", "no.npy"],
            "--upstream no.npy: cannot be read "
            "(no such file or directory); give an .npy file of shape (7, 5, 4)",
        ),
    ],
)
def test_refusals(arguments: list[str], message: str, run: Run) -> None:
    assert run(*arguments) == (2, "", f"convcalc: {message}\n")


@pytest.mark.parametrize("command", [["backward"], ["shift", "--by", "1x1"], ["forward", "--tied"]])
def test_memory_is_refused_with_the_figures(
    command: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "free_memory", lambda: 1_000_000)
    code, out, err = run(*command, *NOTES)
    assert (code, out) == (1, "")
    assert re.match(r"convcalc: needs ≈\S+ MB of memory \(.*\), 1 MB are free; try", err)


def test_warnings_name_the_misfit_in_every_command(run: Run) -> None:
    spec = "--input 8x8x1 --filter 3 --stride 2 --filters 1".split()
    for command in (["forward", "--unshared"], ["backward"], ["shift", "--by", "2x0"]):
        code, _, err = run(*command, *spec)
        assert code == 0
        assert err.startswith(
            "convcalc: warning: (8 − 3 + 2·0)/2 + 1 = 5/2 + 1 = 3.5, floored to 3"
        )


@pytest.mark.parametrize("command", [["backward"], ["shift", "--by", "1x0"], ["forward", "--tied"]])
@pytest.mark.parametrize("form", ["table", "json"])
def test_overflow_is_one_sentence(command: list[str], form: str, tmp_path: Path, run: Run) -> None:
    np.save(tmp_path / "x.npy", np.full((9, 9, 2), 3e38))
    np.save(tmp_path / "w.npy", np.full((1, 3, 3, 2), 3e38))
    code, out, err = run(
        *command,
        tmp_path / "x.npy",
        "--weights",
        tmp_path / "w.npy",
        "--dtype",
        "float32",
        "--format",
        form,
    )
    assert (code, out) == (1, "")
    assert re.fullmatch(
        r"convcalc: the \S.* overflows float32; try float64 or smaller values\n", err
    )


LARGE_ONE = np.ones((9, 8, 3))
LARGE_ONE[4, 4, 1] = 1e19
SIZES = {  # an input, shared weights, an upstream gradient
    "an input of 1e19": {"x": np.full((9, 8, 3), 1e19)},
    "an input of 1e150": {"x": np.full((9, 8, 3), 1e150)},
    "an input of 1e200": {"x": np.full((9, 8, 3), 1e200)},
    "an input of 1e-150": {"x": np.full((9, 8, 3), 1e-150)},
    "one 1e19 among ones": {"x": LARGE_ONE},
    "weights of 1e19": {"weights": np.full((2, 3, 3, 3), 1e19)},
    "weights of 1e150": {"weights": np.full((2, 3, 3, 3), -1e150)},
    "an upstream of 1e150": {"upstream": np.full((7, 6, 2), 1e150)},
    "all of 1e150": {
        "x": np.full((9, 8, 3), 1e150),
        "weights": np.full((2, 3, 3, 3), 1e150),
        "upstream": np.full((7, 6, 2), 1e150),
    },
    "all of 1e-150": {
        "x": np.full((9, 8, 3), 1e-150),
        "weights": np.full((2, 3, 3, 3), 1e-150),
        "upstream": np.full((7, 6, 2), 1e-150),
    },
}


def command_for(folder: Path, **arrays: Any) -> list[object]:
    """`backward` on these arrays, and on random ones for those left out."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    source = [folder / "x.npy"] if "x" in arrays else ["--input", "8x9x3"]
    filters = [] if "weights" in arrays else ["--filter", 3, "--filters", 2]
    options = [f"--{name}={folder / name}.npy" for name in arrays if name != "x"]
    return ["backward", *source, *filters, *options, "--seed", 1]


@pytest.mark.slow
@pytest.mark.parametrize("arrays", SIZES.values(), ids=SIZES)
def test_backward_is_right_whatever_the_size_of_the_numbers(
    arrays: dict[str, Any], tmp_path: Path, run: Run
) -> None:
    command = command_for(tmp_path, **arrays)
    found = record(run, *command)
    assert [check["cannot_tell"] for check in found["checks"]] == [0] * 5
    assert all(check["difference"] <= check["tolerance"] < 1e-7 for check in found["checks"])
    code, out, err = run(*command)
    assert (code, err) == (0, "")
    assert len(re.findall("^checked: ", out, re.MULTILINE)) == 4
    assert "hide" not in out


def test_backward_says_what_rounding_hides(tmp_path: Path, run: Run) -> None:
    x, upstream = np.full((9, 8, 3), -1e-25), np.full((7, 6, 2), 1e-25)  # products of -1e-50
    command = [*command_for(tmp_path, x=x, upstream=upstream), "--dtype", "float32"]
    found = {check["of"]: check for check in record(run, *command)["checks"]}
    assert found["the gradient of weights"]["cannot_tell"] == 10
    assert found["the gradient of weights"]["tolerance"] > 1
    assert found["the gradient of input"]["cannot_tell"] == 0
    code, out, err = run(*command)
    assert (code, err) == (0, "")
    said = " ".join(out.split())
    assert re.search(
        "cannot tell: 10 entries of the gradient of weights against central differences, off by 1 "
        "of its terms at most; rounding could hide an error of 0.1% checked: 2 entries of",
        said,
    )
    assert said.endswith("float64 rounds less, and can tell more")
    assert re.search(r"^\(0, 0\) +0 +0", out, re.MULTILINE)


def test_backward_counts_what_rounding_hides(tmp_path: Path, run: Run) -> None:
    # the weights' gradients: 0.1 + 0.2 - 0.3, nothing but rounding, and 1 + 2 - 3, which is 0
    x = np.array([[[0.1, 1]], [[0.2, 2]], [[-0.3, -3]]])
    arrays = {"x": x, "weights": np.ones((1, 1, 1, 2)), "upstream": np.ones((3, 1, 1))}
    command = command_for(tmp_path, **arrays)
    checks = record(run, *command)["checks"]
    assert [check["cannot_tell"] for check in checks[1:]] == [0, 1, 0, 0]
    said = " ".join(run(*command).out.split())
    assert (
        "checked: 2 entries of the gradient of weights against central differences, off by" in said
    )
    assert "of its terms at most; rounding could hide an error of 0.1% in 1 of them" in said
    assert "float64 rounds less" not in said


def test_a_sum_that_only_rounding_makes_is_not_told(tmp_path: Path, run: Run) -> None:
    upstream = np.random.default_rng(0).standard_normal((7, 6, 2))
    upstream -= upstream.mean((0, 1))
    said = " ".join(
        run(*command_for(tmp_path, x=np.full((9, 8, 3), 0.1), upstream=upstream)).out.split()
    )
    assert "The 42 positions' gradients, summed, cannot be told from the shared gradient" in said
    assert re.search(r"largest gradient is \S+; rounding could hide an error of 0.1%\.", said)


@pytest.mark.parametrize(
    ("arrays", "what"),
    [
        ({"x": np.full((9, 8, 3), 1e307)}, "check of the sum of the positions' gradients"),
        (
            {"x": np.full((9, 8, 3), 1e200), "upstream": np.full((7, 6, 2), 1e200)},
            "gradient of weights",
        ),
        ({"upstream": np.full((7, 6, 2), 1e308)}, "gradient of"),
        # 1.2e308 - 1.2e308 is 0, but what adds up to it is too large to be checked
        (
            {
                "x": np.ones((1, 1, 1)),
                "weights": np.array([1.2e308, -1.2e308]).reshape(2, 1, 1, 1),
                "upstream": np.ones((1, 1, 2)),
            },
            "check of the gradient of input",
        ),
        (
            {
                "x": np.array([1.2e308, -1.2e308]).reshape(1, 2, 1),
                "weights": np.ones((1, 1, 1, 1)),
                "upstream": np.ones((1, 2, 1)),
            },
            "check of the sum of the positions' gradients",
        ),
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_overflow_in_a_check_is_one_sentence(
    arrays: dict[str, Any], what: str, form: str, tmp_path: Path, run: Run
) -> None:
    code, out, err = run(*command_for(tmp_path, **arrays), "--format", form)
    assert (code, out) == (1, "")
    assert re.fullmatch(rf"convcalc: the {what}.* overflows float64; try smaller values\n", err)


def test_a_step_too_large_is_one_sentence(run: Run) -> None:
    code, out, err = run("backward", *SMALL, "--dtype", "float32", "--learning-rate", "1e300")
    assert (code, out) == (1, "")
    assert err == "convcalc: the learning step overflows float32; try float64 or smaller values\n"


def test_a_step_backwards_drives_the_positions_apart_as_far(run: Run) -> None:
    there = record(run, "backward", *SMALL, "--learning-rate", "0.25")["unshared_spread"]
    back = record(run, "backward", *SMALL, "--learning-rate", "-0.25")["unshared_spread"]
    assert back == there
    assert there["max"] > 0


def test_a_step_of_nothing_leaves_the_positions_agreed(run: Run) -> None:
    _, out, _ = run("backward", *SMALL, "--learning-rate", "0")
    assert "Shared or not, every position of a depth slice still has the same filter." in (
        " ".join(out.split())
    )


def test_nan_in_a_file_of_unshared_weights_is_the_files_fault(tmp_path: Path, run: Run) -> None:
    weights = np.zeros((7, 5, 4, 2, 3, 1))
    weights[6, 4, 3, 1, 2, 0] = np.nan
    np.save(tmp_path / "w.npy", weights)
    code, out, err = run("forward", *SMALL, "--unshared", "--weights", tmp_path / "w.npy")
    assert (code, out) == (2, "")
    assert err.endswith("holds nan at (6, 4, 3, 1, 2, 0); give finite numbers\n")


def test_what_a_shift_shows_is_what_it_concludes(tmp_path: Path, run: Run) -> None:
    assert "Nothing was shifted" in run("shift", *SMALL, "--by", "0x0").out
    np.save(tmp_path / "even.npy", np.zeros((9, 9, 1)))
    spec = [tmp_path / "even.npy", "--filter", 3, "--filters", 1]
    _, out, _ = run("shift", *spec, "--by", "1x0")
    assert "unshared too" in " ".join(out.split())
    _, out, _ = run("shift", *spec, "--by", "1x0", "--stride", 2)
    assert "though only for this picture" in " ".join(out.split())


@pytest.mark.parametrize("far", [10**13, 10**30])
@pytest.mark.parametrize(
    "command", [["forward"], ["forward", "--unshared"], ["backward"], ["shift", "--by", "1x1"]]
)
def test_windows_beyond_any_memory_are_still_only_windows(
    command: list[str], far: int, run: Run
) -> None:
    # 3 x 3 windows of one pixel each, so far apart that only the middle one is not pad
    spec = ["--input", "1x1x1", "--filter", 1, "--stride", far, "--pad", far, "--filters", 1]
    found = record(run, *command, *spec, "--seed", 1)
    assert found["output"] == {"width": 3, "height": 3, "depth": 1}


@pytest.mark.parametrize(
    ("row", "command"),
    [
        ("`forward` |", ["forward"]),
        ("`forward --unshared`", ["forward", "--unshared"]),
        ("`backward` |", ["backward", "--learning-rate", "0.1"]),
        ("`shift` |", ["shift", "--by", "1x0"]),
    ],
)
def test_the_conventions_name_every_key_of_the_json(row: str, command: list[str], run: Run) -> None:
    page = (Path(__file__).parents[2] / "docs" / "conventions.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith(("| all three", f"| {row}"))]
    if "--unshared" in command:
        rows += [line for line in page.splitlines() if line.startswith("| `forward` |")]
    named = set(re.findall(r"`(\w+)`", " ".join(row.split("|", 2)[2] for row in rows)))
    layer_keys = set(json.loads(run("params", *SMALL[:-2], "--format", "json").out))
    keys = set(record(run, *command, *SMALL)) - layer_keys
    inner = {"cells", "equal", "difference", "largest"} if "shift" in command else set()
    assert keys | inner == named | ({"shared", "unshared"} if "shift" in command else set())
