"""Which layers `convcalc solve` lists: found by hand for small inputs."""

import json
import re

import pytest
from conftest import Run

SHORT = {"--filter ": "", "--stride ": "", "--pad ": "", "--dilation ": "d", "--groups ": "g"}


def shortly(command: str) -> str:
    """Filter, stride and pad, and d2 or g2 where there is dilation or groups."""
    text = re.search(r"--filter .*(?= --filters)", command)[0]
    for option, letter in SHORT.items():
        text = text.replace(option, letter)
    return text


def fitting(words: str, run: Run) -> list[str]:
    """Every layer that fits."""
    record = json.loads(run("solve", "--input", *words.split(), "--format", "json").out)
    assert record["complete"]
    assert record["count"] == len(record["solutions"])
    return [shortly(one["command"]) for one in record["solutions"]]


@pytest.mark.parametrize(
    ("words", "pads"),
    [
        # 13 pixels of filter; 12 - 5 = 7 = 13 - 6: 3 and 3; 11 - 5 = 6 = 13 - 7: 3 and 4
        ("12x11x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 2..3", []),
        ("12x11x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 3..3", []),
        ("12x11x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 4..9", []),
        ("12x11x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 3..4", ["3x3x3x4"]),
        ("11x12x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 2..3", []),
        ("11x12x2 --output 2x2 --filter 5 --stride 5 --dilation 3 --pad 0..4", ["3x4x3x3"]),
        # 8 + F - 12 zeros a row and 8 + F - 11 a column, of which 6 and 7 take 2 and 3, 3 and 4
        ("12x11x1 --output 2x2 --filter 1..9 --stride 8 --pad 0..1", ["0x0x0x1", "0x1x1x1"]),
        ("11x12x1 --output 2x2 --filter 1..9 --stride 8 --pad 0..1", ["0x1x0x0", "1x1x0x1"]),
        ("12x11x1 --output 2x2 --filter 1..9 --stride 8 --pad 1..2", ["1x1x1x2", "1x2x2x2"]),
        ("12x11x1 --output 2x2 --filter 1..9 --stride 8 --pad 1..1", []),
        # keeping the size takes F - 1 zeros a row: 3 are 1 and 2
        ("9x9x1 --keep-size --filter 4 --stride 1 --pad 0..1", []),
        ("9x9x1 --keep-size --filter 4 --stride 1 --pad 1..1", []),
        ("9x9x1 --keep-size --filter 4 --stride 1 --pad 2..2", []),
        ("9x9x1 --keep-size --filter 4 --stride 1 --pad 2..9", []),
        ("9x9x1 --keep-size --filter 4 --stride 1 --pad 1..2", ["1x2x1x2"]),
        # 1 for a width of 2, 3 for a height of 4
        ("6x9x1 --keep-size --filter 2x4 --stride 1 --pad 0..0", []),
        ("6x9x1 --keep-size --filter 4x2 --stride 1 --pad 0..0", []),
        ("6x9x1 --keep-size --filter 2x4 --stride 1 --pad 0..1", []),
        ("6x9x1 --keep-size --filter 4x2 --stride 1 --pad 0..1", []),
        ("6x9x1 --keep-size --filter 2x4 --stride 1 --pad 1..2", []),
        ("6x9x1 --keep-size --filter 2x4 --stride 1 --pad 0..2", ["0x1x1x2"]),
        # a filter of 6 on one pixel takes 5: 2 and 3
        ("1x1x1 --keep-size --filter 6 --stride 1 --pad 0..1", []),
        ("1x1x1 --keep-size --filter 6 --stride 1 --pad 0..2", []),
        ("1x1x1 --keep-size --filter 6 --stride 1 --pad 0..3", ["2x3x2x3"]),
        # 111·2 + 3 = 225 = 224 + 1
        ("224x224x3 --halve --filter 3 --stride 2 --pad 0..0", []),
        ("224x224x3 --halve --filter 3 --stride 2 --pad 1..1", []),
        ("224x224x3 --halve --filter 3 --stride 2 --pad 0..1", ["0x1x0x1"]),
        # 5·1 + 1 = 6 = 5 + 1
        ("5x5x1 --output 6x6 --filter 1 --stride 1 --pad 0..0", []),
        ("5x5x1 --output 6x6 --filter 1 --stride 1 --pad 0..1", ["0x1x0x1"]),
    ],
)
def test_uneven_pads_are_in_the_range_on_every_side(words: str, pads: list[str], run: Run) -> None:
    assert [line.split()[2] for line in fitting(words, run)] == pads


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # one zero is more than half of 1
        ("5x5x1 --output 6x6 --filter 1 --stride 1", []),
        ("5x5x1 --output 6x6 --filter 1..3 --stride 1", ["2 1 1"]),
        # 3·2 + F = 6 + F and 2·2 + F = 5 + F - 1: F zeros a row, F - 1 a column
        ("6x5x1 --output 4x3 --stride 2 --filter 1..5", ["2 2 1x1x0x1", "4 2 2x2x1x2"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 3", []),
        ("5x6x1 --output 3x4 --stride 2 --filter 3x2", ["3x2 2 1"]),
        ("6x5x1 --output 4x3 --stride 2 --filter 3x2", []),
        ("6x5x1 --output 4x3 --stride 2 --filter 2x3", ["2x3 2 1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 5x2", ["5x2 2 2x1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 2x4", ["2x4 2 0x1x2x2"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 4x3", []),
        # the extent 2·(F - 1) + 1 is odd, 3·(2 - 1) + 1 = 4 even
        ("6x5x1 --output 4x3 --stride 2 --filter 1..5 --dilation 2", []),
        ("6x5x1 --output 4x3 --stride 2 --filter 1..3 --dilation 3", ["2 2 2x2x1x2 d3"]),
    ],
)
def test_no_side_has_more_pad_than_half_the_filter(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines
