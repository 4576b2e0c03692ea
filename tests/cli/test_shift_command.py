"""`convcalc shift` as a user meets it."""

import re
from pathlib import Path

import numpy as np
from conftest import Run
from PIL import Image
from support.passes import SMALL, record


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


def test_what_a_shift_shows_is_what_it_concludes(tmp_path: Path, run: Run) -> None:
    assert "Nothing was shifted" in run("shift", *SMALL, "--by", "0x0").out
    np.save(tmp_path / "even.npy", np.zeros((9, 9, 1)))
    spec = [tmp_path / "even.npy", "--filter", 3, "--filters", 1]
    _, out, _ = run("shift", *spec, "--by", "1x0")
    assert "unshared too" in " ".join(out.split())
    _, out, _ = run("shift", *spec, "--by", "1x0", "--stride", 2)
    assert "though only for this picture" in " ".join(out.split())
