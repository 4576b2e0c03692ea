"""`convcalc backward` as a user meets it."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import Run
from support.passes import FLOAT64, NOTES, SMALL, SMALL_LAYER, record
from support.reference import forward_by_scipy

from convcalc.compute.data.random import random_input, random_upstream, random_weights


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
