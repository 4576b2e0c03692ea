"""`--explain` as a user meets it: the steps of the notes' layer, in every format and width."""

import json
import re

import pytest
from conftest import Run

NOTES = "--input 227x227x3 --filter 11 --stride 4 --filters 96".split()


def test_the_notes_layer_step_by_step(run: Run) -> None:
    code, out, err = run("params", *NOTES, "--explain")
    assert (code, err) == (0, "")
    # the figures of the course notes
    for figure in ("290,400", "363", "105,705,600", "34,944", "3,025", "96·(363 + 1)"):
        assert figure in out
    assert out.count("\n ") >= 11
    assert "sliding" not in out, "227 pixels are too many to draw"


def test_json_markdown_and_latex_tell_the_same_steps(run: Run) -> None:
    spec = "--input 9x6x4 --filter 2x3 --stride 3x1 --pad 0x1x1x0 --groups 2 --filters 4 --no-bias"
    words = ["params", *spec.split(), "--explain", "--format"]
    record = json.loads(run(*words, "json").out)
    assert list(record)[-2:] == ["training", "derivation"]
    steps = record["derivation"]
    assert all(list(one) == ["name", "formula", "substituted", "value", "why"] for one in steps)
    # width: 9 - 2 + 0 + 1 = 8 = 2·3 + 2; height: 6 - 3 + 1 + 0 = 4; 60·9·6·4 = 12960 weights
    shapes = [[4, 3, 2, 2], [4, 2, 3, 2], [12, 15]]
    counts = [3, 5, 4, [10, 7, 4], 60, 12, *shapes, 0, 12960, 720, 48, 4 * 9 * 6 * 4, 15, 720]
    # two for each of 720 multiply-adds; of 12 products 11 additions; nothing but weights connects
    work = [1440, 720, 60 * 11, 720 + 660, 720]
    # in: 9·6·4 = 216; kept in training: 60 outputs, 48 weights, and a gradient of each
    memory = [60, 240, 276, 1104, 2 * 60 + 2 * 48, 4 * 216]
    assert [one["value"] for one in steps] == [*counts, *work, *memory, 51840, 2880, 192]
    markdown, latex = (run(*words, form).out for form in ("markdown", "latex"))
    latex = latex.replace("{,}", ",")
    assert latex.isascii()
    for one in steps:
        for text in (markdown, latex):
            assert one["name"] in text
            assert one["why"] in text
            if isinstance(one["value"], int):
                assert f"{one['value']:,}" in text
    assert "(9 + 0 + 1) × (6 + 1 + 0) × 4 = 10x7x4" in markdown
    assert r"(9 + 0 + 1) \times (6 + 1 + 0) \times 4 = 10\times7\times4" in latex
    assert [int(n) for n in re.findall(r"^(\d+)\. ", markdown, re.MULTILINE)] == [*range(1, 31)]
    assert latex.count(r"\item") == 30
    assert r"$\mathit{FW} \cdot \mathit{FH} \cdot D/G = 2 \cdot 3 \cdot 4/2 = 12$" in latex
    assert r"W_{\mathrm{out}} \cdot H_{\mathrm{out}} \cdot K" in latex
    assert latex.count("{") == latex.count("}")


def test_csv_has_no_place_for_it(run: Run) -> None:
    code, out, err = run("params", *NOTES, "--explain", "--format", "csv")
    assert (code, out) == (2, "")
    assert err == (
        "convcalc: --format csv: has rows of counts and no place for an argument; "
        "give table, json, markdown or latex with --explain\n"
    )


@pytest.mark.parametrize("columns", [10, 60, 80, 200])
def test_it_keeps_to_the_width(columns: int, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    for spec in (NOTES, "--input 9x12x4 --filter 2x3 --pad 1 --filters 4 --no-bias".split()):
        out = run("params", *spec, "--explain").out
        assert columns == 10 or max(map(len, out.splitlines())) <= columns
        assert "sharing saves" in " ".join(out.split())


def test_left_over_pixels_are_drawn_behind_the_last_window(run: Run) -> None:
    _, out, _ = run(
        "params", *"--input 8x5x1 --filter 3x2 --stride 2x3 --filters 1".split(), "--explain"
    )
    assert out.endswith(
        "sliding along the width\n(. pixel, # seen, x left over)\n"
        "row        . . . . . . . .\n"
        "column 0   # # # . . . . .\n"
        "column 1   . . # # # . . .\n"
        "column 2   . . . . # # # .\n"
        "left over                x\n"
        "\n"
        "sliding along the height\n(. pixel, # seen)\n"
        "row        . . . . .\n"
        "row 0      # # . . .\n"
        "row 1      . . . # #\n"
    )


def test_forward_explains_too(run: Run) -> None:
    spec = "forward --input 9x9x2 --filter 3 --filters 2 --seed 1 --explain".split()
    counted = run("params", *"--input 9x9x2 --filter 3 --filters 2".split(), "--explain").out
    assert run(*spec).out.endswith(counted.split("\n\n", 1)[1])
    record = json.loads(run(*spec, "--format", "json", "--dtype", "float64").out)
    # 2·(3·3·2 + 1) = 38 parameters of 8 bytes
    assert record["derivation"][-1]["value"] == 38 * 8
