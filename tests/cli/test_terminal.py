"""Terminal manners: widths, colours, pipes, locales; pictures that show what is there."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import Run
from PIL import Image
from rich.console import Console
from support.terminals import ESCAPE, in_terminal, plain

from convcalc.present.environment import wants_ascii
from convcalc.present.screens.pictures import picture

NOTES = "params --input 227x227x3 --filter 11 --stride 4 --filters 96"
MISFIT = "params --input 224x224x3 --filter 11 --stride 4 --filters 96"
FORWARD = "forward --input 40x30x3 --filter 5 --filters 20 --seed 1"


@pytest.mark.slow
@pytest.mark.parametrize("command", [NOTES, MISFIT, FORWARD])
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal(command: str, columns: int) -> None:
    text = in_terminal(command, columns)
    assert ESCAPE in text
    assert max(map(len, plain(text).splitlines())) <= columns


@pytest.mark.slow
@pytest.mark.parametrize("command", [NOTES, FORWARD])
def test_no_color_means_no_escapes_but_bold(command: str) -> None:
    text = in_terminal(command, 80, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*(3[0-8]|4[0-8])[0-9;]*m", text)
    assert ESCAPE not in in_terminal(command, 80, NO_COLOR="1", TERM="dumb")


@pytest.mark.slow
@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"LC_ALL": "C"}])
def test_pictures_without_colour_have_shades(environment: dict[str, str]) -> None:
    text = plain(
        in_terminal("forward --input 40x30x3 --filter 5 --filters 1 --seed 1", 80, **environment)
    )
    picture_lines = text.split("\n\n")[-1].splitlines()[:6]
    assert len(set("".join(picture_lines)) - {" "}) > 1
    assert "▀" not in text
    assert "?" not in text


@pytest.mark.parametrize("columns", [1, 2, 3, 10])
def test_hardly_any_columns_are_enough(
    columns: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (NOTES, FORWARD):
        code, out, _ = run(*command.split())
        assert code == 0
        assert "mean" in out or "34,944" in out


@pytest.mark.slow
@pytest.mark.parametrize("command", [NOTES, MISFIT, FORWARD, f"{NOTES} --format markdown"])
@pytest.mark.parametrize("variable", ["LC_ALL", "LANG"])
def test_the_c_locale_gets_ascii(command: str, variable: str) -> None:
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "PYTHON"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "convcalc", *command.split()],
        env=clean | {variable: "C"},
        capture_output=True,
        check=True,
    )
    text = done.stdout.decode("ascii") + done.stderr.decode("ascii")
    assert "?" not in text, "a sign has no stand-in"
    in_utf8 = subprocess.run(
        [sys.executable, "-m", "convcalc", *command.split()],
        env=clean | {variable: "C.UTF-8"},
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")
    assert not in_utf8.isascii()
    spelt_out = in_utf8.replace("→", "->")
    assert [len(line) for line in spelt_out.splitlines()] == [
        len(line) for line in done.stdout.decode("ascii").splitlines()
    ]


def test_ascii_is_for_the_c_locale_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    utf8 = Stream("utf-8")
    assert wants_ascii(Stream("latin-1"))
    assert not wants_ascii(utf8)
    monkeypatch.setenv("LC_CTYPE", "C.UTF-8")  # as Python sets it itself
    assert not wants_ascii(utf8)
    monkeypatch.setenv("LANG", "C")
    assert wants_ascii(utf8)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert not wants_ascii(utf8)
    monkeypatch.setenv("LC_ALL", "POSIX")
    assert wants_ascii(utf8)


def test_a_pipe_gets_plain_text_and_stderr_one_line(run: Run) -> None:
    _, out, err = run(*MISFIT.split())
    assert ESCAPE not in out + err
    assert len(err.splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("command", [NOTES, f"{NOTES} --format json", FORWARD])
def test_into_head(command: str) -> None:
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{sys.executable} -m convcalc {command} | head -n 1; echo ${{PIPESTATUS[0]}}",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


def test_the_bars_are_logarithms(run: Run) -> None:
    _, out, _ = run(*NOTES.split())
    bars = [
        (
            line.count("█") + "▏▎▍▌▋▊▉".find(line[line.rfind("█") + 1]) / 8 + 1 / 8,
            int(line.split()[-1].replace(",", "")),
        )
        for line in out.splitlines()
        if "█" in line
    ]
    assert [number for _, number in bars] == [44_892_355_200, 105_705_600, 34_944]
    # equal lengths multiply equally: cells for each power of ten agree between the bars
    tens = [length / np.log10(number) for length, number in bars]
    assert max(tens) / min(tens) < 1.01


class Stream(io.StringIO):
    """A stream of text that says which encoding it has."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:
        return self._encoding


def console(color: bool, encoding: str = "utf-8") -> Console:
    file = Stream(encoding)
    return Console(file=file, force_terminal=color, color_system="truecolor" if color else None)


def test_a_picture_in_colour_shows_every_pixel() -> None:
    pixels = np.array([[[1, 0, 0], [0, 1, 0]], [[0, 0, 1], [1, 1, 1]]], float)
    [line] = picture(pixels, 2, console(color=True), stretch=False)
    assert line.plain == "▀▀"
    styles = [str(span.style) for span in line.spans]
    # upper pixel as the sign's colour, lower one as its ground
    assert styles == ["rgb(255,0,0) on rgb(0,0,255)", "rgb(0,255,0) on rgb(255,255,255)"]


def test_a_picture_without_colour_is_shaded() -> None:
    ramp = np.linspace(0, 1, 5)[None, :].repeat(2, 0)
    assert picture(ramp, 5, console(color=False), stretch=False)[0].plain == " ░▒▓█"
    shades = picture(ramp, 5, console(color=False, encoding="ascii"), stretch=False)[0].plain
    assert shades.isascii()
    assert len(set(shades)) == 5


def test_a_faint_map_is_stretched() -> None:
    faint = np.array([[0.50, 0.51]] * 2)
    assert picture(faint, 2, console(color=False), stretch=True)[0].plain == " █"


def test_captions_never_cut_a_figure(run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.array([[[-1.23456e-100, 9.87654e-100]]]))
    np.save(tmp_path / "w.npy", np.array([1.0, 0, 0, 1]).reshape(2, 1, 1, 2))
    _, out, _ = run(
        "forward", tmp_path / "x.npy", "--weights", tmp_path / "w.npy", "--dtype", "float64"
    )
    assert re.findall(r"(?:min|max|mean) -?[0-9.]+e-100(?= |\n)", out.split("map 0")[1]) == [
        f"{name} {value}e-100" for name in ("min", "max", "mean") for value in ("-1.23", "9.88")
    ]


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5000), (5000, 1), (7, 3)])
def test_pictures_of_any_shape_keep_to_their_columns(height: int, width: int) -> None:
    lines = picture(np.zeros((height, width)), 18, console(color=True), stretch=True)
    assert {len(line) for line in lines} == {18}
    assert 1 <= len(lines) <= 18


SLOW = """
import sys
from convcalc.present.screens import progress
seconds = iter(range(0, 10**9, int(sys.argv[1])))
progress.time.monotonic = lambda: next(seconds) / 1000
from convcalc.__main__ import main
main(sys.argv[2:])
"""
"""A program whose clock says that so many milliseconds go by between two looks at it."""


@pytest.mark.slow
def test_the_progress_bar_is_for_long_work_on_a_terminal_only() -> None:
    words = f"{FORWARD} --format json".split()
    long, short = (["-c", SLOW, milliseconds, *words] for milliseconds in ("700", "2"))
    assert re.search(r"forward .*\d+%", plain(in_terminal(long, 80)))
    assert "%" not in in_terminal(short, 80)
    done = subprocess.run([sys.executable, *long], capture_output=True, check=True)
    assert done.stderr == b""


def test_a_small_image_is_its_own_thumbnail(tmp_path: Path, run: Run) -> None:
    Image.new("RGB", (8, 8), "white").save(tmp_path / "white.png")
    _, out, _ = run("forward", tmp_path / "white.png", "--filter", 3, "--filters", 1)
    tiles = out.split("\n\n")[-1].splitlines()
    assert tiles[0].startswith("█" * 18)
    assert tiles[9].split() == ["input", "map", "0"]


def test_no_arguments_are_a_request_for_help(run: Run) -> None:
    assert run() == run("--help")
    code, out, err = run()
    assert (code, err) == (0, "")
    assert all(f"  {name} " in out for name in ("params", "forward", "backward", "shift"))
