"""`convcalc demo --steps`: worked out by hand, whole or in part, at any width."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from support.generated import layers
from support.terminals import ESCAPE, in_terminal, plain

from convcalc import ConvLayer
from convcalc.arithmetic.walk.integers import small
from convcalc.arithmetic.walk.numbers import small_numbers
from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.present.slides.panels import View, board

BY_HAND = "demo --input 3x3x1 --filter 2 --stride 1 --pad 0 --filters 1 --steps".split()


def steps_of(out: str) -> list[str]:
    """The steps of an output, without the sentence above them."""
    return ["3x3x1 →" + step for step in out.split("3x3x1 →")[1:]]


def test_a_demo_checked_by_hand(run: Run) -> None:
    """Seed 1 makes the input, the filter and the upstream gradient

    1 0 1     -1 1      2  1
    3 2 0      1 0      1 -1    and a bias of -2.
    0 0 3
    """
    code, out, err = run(*BY_HAND)
    assert (code, err) == (0, "")
    assert out.startswith("small integers of seed 1; ")
    steps = steps_of(out)
    sums = [
        "bias -2, + 2 = 0",  # -1*1 + 1*0 + 1*3 + 0*2 = 2
        "bias -2, + 3 = 1",  # -1*0 + 1*1 + 1*2 + 0*0 = 3
        "bias -2, − 1 = -3",  # -1*3 + 1*2 + 1*0 + 0*0 = -1
        "bias -2, − 2 = -4",  # -1*2 + 1*0 + 1*0 + 0*3 = -2
    ]
    assert [step.strip().rpartition("running sum: ")[2] for step in steps] == sums
    assert steps[2].strip() == (
        "3x3x1 → 2x2x1: 1 filter of 2x2x1, stride 1, pad 0\n"
        "forward, shared: step 3 of 4, filter 0, row 1, column 0\n"
        "parameters so far: 1·5 = 5, one filter a slice\n"
        "\n"
        "input, channel 0\n"
        " 1 0 1\n"
        "[3 2]0\n"
        "[0 0]3\n"
        "\n"
        "filter 0: weights, then weight times pixel\n"
        "channel 0, sum -1   output, slice 0\n"
        " -1  1    -3  2        0   1\n"
        "  1  0     0  0     [ -3]  _\n"
        "\n"
        "running sum: bias -2, − 1 = -3"
    )


def test_a_gradient_checked_by_hand(run: Run) -> None:
    _, out, _ = run(*BY_HAND, "--gradient")
    *_, last = steps_of(out)
    # for the upper left weight 2*1 + 1*0 + 1*3 - 1*2 = 3, and so on; the last adds -1 * [2 0 0 3]
    assert last.strip().split("\n\n")[2] == (
        "upstream -1 times pixel, added to the gradient of the slice's filter\n"
        "channel 0           upstream, slice 0\n"
        " -2  0      3   3      2   1\n"
        "  0 -3      8   1      1[ -1]"
    )
    assert last.strip().endswith("gradient of the bias so far: 3")
    _, out, _ = run(*BY_HAND, "--gradient", "--unshared")
    *_, last = steps_of(out)
    assert last.strip().split("\n\n")[2] == (
        "upstream -1 times pixel is the gradient of the position's own filter\n"
        "channel 0           upstream, slice 0\n"
        " -2  0     -2   0      2   1\n"
        "  0 -3      0  -3      1[ -1]"
    )
    assert last.strip().endswith("gradient of the bias: -1")


@pytest.mark.parametrize(("flag", "filters"), [((), [1, 1, 1, 1]), (("--unshared",), [1, 2, 3, 4])])
def test_the_counter_climbs_where_nothing_is_shared(
    flag: tuple[str, ...], filters: list[int], run: Run
) -> None:
    _, out, _ = run(*BY_HAND, *flag)
    assert re.findall(r"parameters so far: (\S+) = (\d+),", out) == [
        (f"{count}·5", f"{5 * count}") for count in filters
    ]


def test_signs_for_what_is_not_a_number_yet_or_never(run: Run) -> None:
    code, out, err = run("demo", "--input", "4x3x1", "--filters", 1, "--no-bias")
    assert code == 0
    a, b, c, d = (small(1, "input", 0, column, 0) for column in range(4))
    # the pad makes 6x5; windows of 3 stand at columns 0 and 2, and the sixth is never looked at
    rows = [line.strip() for line in out.split("input, channel 0\n")[2].split("\n")[:2]]
    assert rows == [". .[. . .]/", f". {a}[{b} {c} {d}]/"]
    assert "running sum: 0, no bias, " in out
    assert out.split("output, slice 0\n")[1].split("\n")[0].endswith("]  _")
    assert "the last column (pad) is never looked at" in err


@pytest.mark.slow
@given(
    layers(side=9, depth=3, filters=3),
    st.builds(Mode, st.booleans(), st.booleans()),
    st.builds(View, st.integers(1, 6), st.integers(1, 3)),
    st.data(),
)
def test_a_part_says_which_part_it_is(
    layer: ConvLayer, mode: Mode, view: View, data: st.DataObject
) -> None:
    walk = Walk(layer, small_numbers(layer, 2))
    state = walk.state(data.draw(st.integers(0, len(walk) - 1)), mode)
    drawn = board(state, view)

    def part(noun: str, size: int, whose: str = "") -> range:
        pattern = rf"(?:is |are |, ){noun}(s?){whose} (\d+)(?: to (\d+))? of (\d+)"
        found = re.search(pattern, drawn.left_out)
        if not found:
            return range(size)
        plural, first, last, of = found.groups()
        assert int(of) == size
        assert bool(plural) == bool(last)
        return range(int(first), int(last or first) + 1)

    x, y = layer.axes
    rows, columns = part("row", y.padded), part("column", x.padded)
    assert len(rows) == min(view.side, y.padded)
    assert state.rows[0] in rows
    assert state.columns[0] in columns
    assert len(drawn.input) == len(drawn.filter) == min(view.depth, layer.filter.depth)
    for channel, panel in zip(state.channels, drawn.input, strict=False):
        [grid] = panel.grids
        for row, cells in zip(rows, grid, strict=True):
            for column, cell in zip(columns, cells, strict=True):
                if cell.kind != "left over":
                    assert cell.text == str(walk.padded(row, column, channel) or 0)
                    assert cell.marked == (row in state.rows and column in state.columns)
    height, width = layer.output.height, layer.output.width
    rows = part("row", height, " of the output")
    columns = part("column", width, " of the output")
    slices = part("slice", layer.filters)
    marked = 0
    for k, panel in zip(slices, drawn.output, strict=True):
        [grid] = panel.grids
        for row, cells in zip(rows, grid, strict=True):
            for column, cell in zip(columns, cells, strict=True):
                number = state.output(k, row * width + column)
                assert cell.text == ("" if number is None else str(number))
                marked += cell.marked
    assert marked == 1
    taps = part("row", y.filter, " of the filter"), part("column", x.filter, " of the filter")
    shown = state.gradient if mode.gradient else state.weights
    for block, index in ((state.products, 0 if mode.gradient else 1), (shown, int(mode.gradient))):
        for channel, panel in enumerate(drawn.filter):
            grid = block(channel)
            assert [[cell.text for cell in row] for row in panel.grids[index]] == [
                [str(grid[m][n]) for n in taps[1]] for m in taps[0]
            ]
    assert bool(drawn.left_out) == (
        max(y.padded, x.padded) > view.side or max(layer.filter.depth, layer.filters) > view.depth
    )


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize(
    "words", ["", "--unshared --gradient", "--input 40x30x8 --filter 9x3 --stride 14"]
)
def test_no_line_is_wider_than_the_terminal(words: str, columns: int) -> None:
    text = in_terminal(f"demo --steps {words}", columns)
    assert ESCAPE in text
    assert max(map(len, plain(text).splitlines())) <= columns
    assert ("too large to draw whole" in text) == ("40x30x8" in words)


@pytest.mark.slow
@pytest.mark.parametrize("columns", [1, 2, 3, 10, 30])
def test_hardly_any_columns_are_enough(
    columns: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = run(*BY_HAND)
    assert code == 0
    assert "1·5" in out


@pytest.mark.slow
def test_the_c_locale_gets_ascii_of_the_same_shape() -> None:
    def lines(locale: str) -> list[str]:
        clean = {name: v for name, v in os.environ.items() if not name.startswith(("LC_", "LANG"))}
        done = subprocess.run(
            [sys.executable, "-m", "convcalc", "demo"],
            env=clean | {"LC_ALL": locale},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode("ascii" if locale == "C" else "utf-8").splitlines()

    plain_lines = lines("C")
    assert "?" not in "".join(plain_lines)
    in_utf8 = [line.replace("→", "->") for line in lines("C.UTF-8")]
    assert list(map(len, plain_lines)) == list(map(len, in_utf8))


def test_into_head() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m convcalc demo | head -n 3; echo ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


def test_an_image_is_scaled_down_to_ten_levels(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "grey.png"
    picture = Image.new("L", (4, 3))
    # 28.33 is one level of nine: 14 rounds to 0 and 15 to 1, 255 is level 9
    picture.putdata([0, 14, 15, 255, 28, 42, 43, 57, 127, 128, 200, 226])
    picture.save(path)
    words = ["--image", path, "--filter", 1, "--stride", 1, "--pad", 0, "--filters", 1]
    code, out, err = run("demo", *words, "--input", "4x3x1")
    assert (code, err) == (0, "")
    assert re.findall(r"[0-9]", "".join(out.split("channel 0\n")[1].split("\n")[:3])) == list(
        "001911224578"
    )
    _, out, _ = run("demo", *words)
    assert "4x3x3 → 4x3x1" in out
    Image.new("RGB", (600, 200), "white").save(path)
    code, out, _ = run("demo", *words)
    assert "9x3x3 → 9x3x1" in out
    assert out.count(" 9 9 9 9 9 9 9 9 9") > 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("--image nowhere.png", "--image nowhere.png: cannot be read (no such file or directory)"),
        ("--image text.png", "--image text.png: is not an image that can be read; give an image"),
        ("--image text.png --input 0x1x1", "--input 0"),
        ("--gif steps.png", "--gif steps.png: does not end in .gif; give a file name ending in"),
        ("--seed -1", "--seed -1: is out of range; give one from 0 to 4294967295"),
        ("--input 1x1x1 --pad 0", "--filter 3: its width 3 is more than the 1 column of"),
        (f"--input {'9' * 30}x9x1", f"--input {'9' * 30}x9x1: makes a layer too large to step"),
        ("--input 227x227x3 --filter 11 --stride 4", "try --input 17x17x3 --filters 1"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(
    words: str, said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.png").write_text("not an image")
    code, out, err = run("demo", *words.split())
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_folder_or_nothing_is_no_file_name(run: Run, tmp_path: Path) -> None:
    code, out, err = run("demo", "--svg", f"{tmp_path}/a.svg/")
    assert (code, out, list(tmp_path.iterdir())) == (2, "", [])
    assert err.startswith("convcalc: --svg ")
    assert err.endswith(": does not end in .svg; give a file name ending in .svg\n")
    assert run("demo", "--image", "") == (
        *(2, ""),
        "convcalc: --image '': is not a file name; give the name of a file\n",
    )
