"""`convcalc forward --unshared` and `--tied` as a user meets them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import Outcome, Run
from support.passes import FLOAT64, NOTES, SMALL, SMALL_LAYER, record
from support.reference import by_windows, forward_by_scipy

from convcalc.compute.data.random import random_input, random_weights
from convcalc.compute.tools import memory


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


def test_nan_in_a_file_of_unshared_weights_is_the_files_fault(tmp_path: Path, run: Run) -> None:
    weights = np.zeros((7, 5, 4, 2, 3, 1))
    weights[6, 4, 3, 1, 2, 0] = np.nan
    np.save(tmp_path / "w.npy", weights)
    code, out, err = run("forward", *SMALL, "--unshared", "--weights", tmp_path / "w.npy")
    assert (code, out) == (2, "")
    assert err.endswith("holds nan at (6, 4, 3, 1, 2, 0); give finite numbers\n")
