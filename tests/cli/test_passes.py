"""What `forward`, `backward` and `shift` do alike."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from support.passes import NOTES, SMALL, record

from convcalc.compute.tools import memory


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
