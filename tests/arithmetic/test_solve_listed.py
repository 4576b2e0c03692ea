"""Which layers `convcalc solve` lists, once each and in order: found by hand for small inputs."""

import json
import re

import pytest
from conftest import Run

HUGE = 10**30
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
        ("5x5x1 --output 6x6 --filter 1 --stride 1 --dilation 1..2", []),
        ("5x5x1 --output 6x6 --filter 1..3 --stride 1", ["2 1 1"]),
        # 3·2 + F = 6 + F and 2·2 + F = 5 + F - 1: F zeros a row, F - 1 a column
        ("6x5x1 --output 4x3 --stride 2 --filter 1..5", ["2 2 1x1x0x1", "4 2 2x2x1x2"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 3 --dilation 1..2", []),
        ("5x6x1 --output 3x4 --stride 2 --filter 3x2", ["3x2 2 1"]),
        # dilated 5x3, 6 + 5 and 5 + 2
        ("6x5x1 --output 4x3 --stride 2 --filter 3x2 --dilation 1..2", []),
        ("6x5x1 --output 4x3 --stride 2 --filter 2x3", ["2x3 2 1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 5x2", ["5x2 2 2x1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 2x4", ["2x4 2 0x1x2x2"]),
        # dilated 7x5, 5 + 6 and 6 + 5
        ("5x6x1 --output 3x4 --stride 2 --filter 4x3 --dilation 1..2", []),
        # the extent 2·(F - 1) + 1 is odd, 3·(2 - 1) + 1 = 4 even
        ("6x5x1 --output 4x3 --stride 2 --filter 1..5 --dilation 2", []),
        ("6x5x1 --output 4x3 --stride 2 --filter 1..3 --dilation 3", ["2 2 2x2x1x2 d3"]),
    ],
)
def test_no_side_has_more_pad_than_half_the_filter(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # the pad: 5·1 + 1 = 5 + 1; 2·2 + 3 = 5 + 2, 3·2 + 3 = 6 + 3; 8·1 + 3 = 5 + 6
        ("5x5x1 --output 6x6 --filter 1 --stride 1", ["1 1 0x1x0x1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 3", ["3 2 1x1x1x2"]),
        ("6x5x1 --output 4x3 --stride 2 --filter 3x2", ["3x2 2 1x2x0x1"]),
        ("5x6x1 --output 3x4 --stride 2 --filter 4x3", ["4x3 2 1x2x1x2"]),
        ("5x5x1 --output 9x9 --stride 1 --filter 3", ["3 1 3"]),
        # 2·2 + 6·2 + 1 = 9 + 8
        ("9x9x1 --output 3x3 --stride 2 --filter 7 --dilation 2", ["7 2 4 d2"]),
        # the filter: 39·1 + 25 = 64; 39·1 + 24 = 61 + 2
        ("64x64x1 --output 40x40 --stride 1 --pad 0", ["25 1 0"]),
        ("61x61x1 --output 40x40 --stride 1 --pad 1", ["24 1 1"]),
        ("61x61x1 --output 2x2 --stride 1 --pad 1", ["62 1 1"]),
        # floored by 1: 39·2 + 21 = 99; 39·2 + 22 = 100
        (
            "100x100x1 --output 40x40 --stride 2 --pad 0 --allow-floor",
            ["22 2 0", "21 2 0"],
        ),
        # the stride: 39·25 + 25 = 1000, 1·225 + 4 = 227 + 2
        ("1000x1000x1 --output 40x40 --filter 25 --pad 0", ["25 25 0"]),
        ("227x227x1 --output 2x2 --filter 4 --pad 1", ["4 225 1"]),
        # the dilation: 54·4 + 5·2 + 1 = 227
        ("227x227x1 --output 55x55 --filter 6 --stride 4 --pad 0 --dilation 1..9", ["6 4 0 d2"]),
        # nothing at all: 2 columns are always left over
        ("9x8x1 --output 4x4 --stride 2 --pad 0", []),
    ],
)
def test_the_only_unknown_is_found_whatever_it_is(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # (12 - 1)/11 + 1 = 2
        ("12x12x1 --output 2x2 --filter 1 --dilation 1..3", ["1 11 0"]),
        ("12x12x1 --output 2x2 --filter 1x1 --dilation 1..3", ["1 11 0"]),
        ("12x12x1 --output 2x2 --filter 1 --dilation 2..3", ["1 11 0 d2"]),
        ("12x12x1 --output 2x2 --filter 1 --dilation 3", ["1 11 0 d3"]),
        (f"12x12x1 --output 2x2 --filter 1 --dilation 1..{HUGE}", ["1 11 0"]),
        (f"12x12x1 --output 2x2 --max-params 2 --dilation 1..{HUGE}", ["1 11 0"]),
        ("12x12x1 --output 2x2 --filter 1 --dilation 1x2", ["1 11 0 d1x2"]),
        (
            "9x9x1 --filter 1 --dilation 1..3 --stride 2..8 --pad same",
            ["1 2 same", "1 4 same", "1 8 same"],
        ),
        (
            "9x9x1 --filter 1 --dilation 1..3 --stride 4..6 --pad 0 --allow-floor",
            ["1 4 0", "1 5 0", "1 6 0"],
        ),
        ("5x5x1 --output 6x6 --filter 1 --dilation 1..3 --pad 0..1", ["1 1 0x1x0x1"]),
        # a filter of 3 that is dilated covers 5: (9 - 5)/1 + 1 = (9 - 1)/2 + 1 = 5
        ("9x9x1 --output 5x5 --filter 1..3 --dilation 1..2 --pad 0", ["3 1 0 d2", "1 2 0"]),
        # along the other axis a filter of 1xF or Fx1 can be dilated
        (
            "9x9x1 --filter 1x3 --dilation 1..3 --stride 1 --pad 0",
            ["1x3 1 0", "1x3 1 0 d2", "1x3 1 0 d3"],
        ),
        ("9x9x1 --filter 3x1 --dilation 2..3 --stride 1 --pad 0", ["3x1 1 0 d2", "3x1 1 0 d3"]),
        ("9x1x1 --output 9x1 --filter 1x3 --dilation 1..3 --stride 1 --pad 0x1", ["1x3 1 0x1"]),
    ],
)
def test_a_single_pixel_has_one_dilation(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("9x9x1 --output 1x1 --filter 9", ["9 1 0"]),
        ("9x9x1 --output 1x1 --filter 9 --stride 3..16", ["9 3 0"]),
        ("9x9x1 --output 1x1 --filter 9 --stride 5", ["9 5 0"]),
        ("9x9x1 --output 1x1 --filter 9 --stride 2x3", ["9 2x3 0"]),
        (f"9x9x1 --output 1x1 --filter 9 --stride 1..{HUGE}", ["9 1 0"]),
        (f"9x9x1 --output 1x1 --filter 9 --stride {HUGE}..{HUGE**2}", [f"9 {HUGE} 0"]),
        ("7x9x1 --output 1x1 --filter 7x9", ["7x9 1 0"]),
        ("7x7x1 --output 1x1 --filter 9 --pad 1", ["9 1 1"]),
        ("7x7x1 --output 1x1 --filter 7..11 --pad 0..2", ["7 1 0", "9 1 1", "11 1 2"]),
        ("7x7x1 --output 1x1 --filter 4 --pad 0 --dilation 1..3", ["4 1 0 d2"]),
        ("1x1x1 --keep-size --filter 1..3", ["1 1 0", "3 1 1"]),
        ("2x2x1 --halve --filter 1..2 --stride 1..9", ["2 1 0"]),
        # each side its own pad: 4 - 3 = 1 zero a row, 4 - 2 = 2 a column
        ("3x2x1 --output 1x1 --filter 4 --stride 2..9", ["4 2 0x1x1x1"]),
        # same: ceil(9/S) = 1 from stride 9 up
        ("9x9x1 --output 1x1 --filter 9..10 --pad same", ["9 9 same", "10 9 same"]),
        ("9x5x1 --output 1x1 --filter 9 --pad same", ["9 9 same"]),
        ("5x9x1 --output 1x1 --filter 9 --stride 7..99 --pad same", ["9 9 same"]),
        ("9x9x1 --filter 9 --stride 4..99 --pad same", [f"9 {s} same" for s in range(4, 10)]),
        (f"9x9x1 --filter 9 --stride 8..{HUGE} --pad same", ["9 8 same", "9 9 same"]),
        ("9x9x1 --filter 8 --stride 9..99 --pad same --allow-floor", ["8 9 same"]),
        # any output: 9 - 8 = 1 steps to a second position by stride 1, and 9 - 9 = 0 by none
        ("9x9x1 --filter 8..9 --pad 0", ["9 1 0", "8 1 0"]),
        (f"9x9x1 --filter 8..9 --pad 0 --stride 1..{HUGE}", ["9 1 0", "8 1 0"]),
        # floored: 9 - F pixels over are left by the stride 9 - F + 1
        ("9x9x1 --output 1x1 --filter 7..9 --pad 0 --allow-floor", ["9 1 0", "7 3 0", "8 2 0"]),
        ("9x9x1 --output 1x1 --filter 7 --pad 0 --allow-floor --stride 5..9", ["7 5 0"]),
        ("9x7x1 --output 1x1 --filter 7 --pad 0 --allow-floor", ["7 3 0"]),
        ("7x9x1 --output 1x1 --filter 7 --pad 0 --allow-floor", ["7 3 0"]),
        ("9x9x1 --filter 7 --pad 0 --allow-floor", ["7 1 0", "7 2 0", "7 3 0"]),
        ("9x7x1 --filter 7 --pad 0 --allow-floor", ["7 1 0", "7 2 0", "7 3 0"]),
        ("7x9x1 --filter 7 --pad 0 --allow-floor", ["7 1 0", "7 2 0", "7 3 0"]),
        (f"9x9x1 --filter 7 --pad 0 --allow-floor --stride 3..{HUGE}", ["7 3 0"]),
        # two strides further for each zero more
        (
            "9x12x1 --output 1x1 --filter 7x9 --pad 0..1 --allow-floor",
            ["7x9 4 0", "7x9 6 1"],
        ),
        (
            "12x9x1 --output 1x1 --filter 9x7 --pad 0..1 --allow-floor",
            ["9x7 4 0", "9x7 6 1"],
        ),
        ("9x9x1 --output 1x1 --filter 6..7 --pad 0x1 --allow-floor", ["7 5 0x1", "6 6 0x1"]),
        ("9x9x1 --output 1x1 --filter 6..7 --pad 1x0 --allow-floor", ["7 5 1x0", "6 6 1x0"]),
        # with two positions along one axis the stride matters along both: 12 - 9 = 3
        ("9x12x1 --output 1x2 --filter 9", ["9 3 0"]),
        ("12x9x1 --output 2x1 --filter 9", ["9 3 0"]),
        ("9x12x1 --output 1x2 --filter 9 --pad 0 --allow-floor", ["9 3 0", "9 2 0"]),
        ("12x9x1 --output 2x1 --filter 9 --pad 0 --allow-floor", ["9 3 0", "9 2 0"]),
        ("12x9x1 --output 2x1 --filter 9 --stride 3x7", ["9 3x7 0"]),
    ],
)
def test_a_single_position_has_one_stride(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # filters smaller than the stride skip pixels: 10 = 2·4 + 2 = 1·4 + 6
        ("10x8x1 --filter 2..6 --stride 4x1 --pad 0", ["6 4x1 0", "2 4x1 0"]),
        ("8x10x1 --filter 2..6 --stride 1x4 --pad 0", ["6 1x4 0", "2 1x4 0"]),
        ("11x11x1 --filter 1..8 --stride 3 --pad 0", ["5 3 0", "8 3 0", "2 3 0"]),
        # those as large as the stride skip none
        ("9x9x1 --filter 2..6 --stride 3 --pad 0", ["3 3 0", "6 3 0"]),
        ("10x10x1 --filter 1..6 --stride 2 --pad 0", ["2 2 0", "4 2 0", "6 2 0"]),
        ("9x9x1 --filter 1..3 --stride 2 --pad same", ["3 2 same", "2 2 same", "1 2 same"]),
        # 15 = 12 + 3 and 17 = 12 + 5; dilated 15 = 10 + 5 and 17 = 8 + 9. Stride 4 skips one of 3
        (
            "15x17x1 --filter 3x5 --stride 2..4 --dilation 1..2 --pad 0",
            ["3x5 2 0", "3x5 3 0", "3x5 2 0 d2", "3x5 4 0"],
        ),
        (
            "17x15x1 --filter 5x3 --stride 2..4 --dilation 1..2 --pad 0",
            ["5x3 2 0", "5x3 3 0", "5x3 2 0 d2", "5x3 4 0"],
        ),
        # odd before even
        ("6x6x1 --filter 1..5 --stride 1 --pad 0", ["1 1 0", "3 1 0", "5 1 0", "2 1 0", "4 1 0"]),
        ("6x6x1 --filter 2..5 --stride 1 --pad 0", ["3 1 0", "5 1 0", "2 1 0", "4 1 0"]),
        # as much pad as filter comes last: two zeros for a filter of 1 or 2
        (
            "8x8x1 --filter 1..4 --stride 1 --pad 0..1",
            ["1 1 0", "3 1 0", "3 1 1", "2 1 0", "4 1 0", "4 1 1", "1 1 1", "2 1 1"],
        ),
        # four zeros for 3 or 4, but not for 5, nor for a dilated 3, which covers 5
        (
            "20x20x1 --filter 5x3 --stride 1 --dilation 1..2 --pad 0..2",
            ["5x3 1 0", "5x3 1 1", "5x3 1 0 d2", "5x3 1 1 d2", "5x3 1 2 d2", "5x3 1 2"],
        ),
        (
            "20x20x1 --filter 3x5 --stride 1 --dilation 1..2 --pad 0..2",
            ["3x5 1 0", "3x5 1 1", "3x5 1 0 d2", "3x5 1 1 d2", "3x5 1 2 d2", "3x5 1 2"],
        ),
        (
            "20x20x1 --filter 4x5 --stride 1 --dilation 1..2 --pad 1..2",
            ["4x5 1 1", "4x5 1 1 d2", "4x5 1 2 d2", "4x5 1 2"],
        ),
        # what tiles comes before what is floored: 8 = 2·2 + 4 and 9 = 4·2 + 1 = 3·2 + 3
        ("8x8x1 --filter 3..4 --stride 2 --pad 0 --allow-floor", ["4 2 0", "3 2 0"]),
        (
            "9x9x1 --filter 1..4 --stride 2 --pad 0 --allow-floor",
            ["3 2 0", "1 2 0", "2 2 0", "4 2 0"],
        ),
        # small numbers first: dilation, filter, stride, groups, pad
        (
            "12x12x1 --filter 3..5 --stride 1 --dilation 1..2 --pad 0",
            ["3 1 0", "5 1 0", "3 1 0 d2", "5 1 0 d2", "4 1 0", "4 1 0 d2"],
        ),
        (
            "9x9x1 --filter 3..5 --stride 1..2 --pad 0",
            ["3 1 0", "3 2 0", "5 1 0", "5 2 0", "4 1 0"],
        ),
        (
            "9x9x2 --filter 1..3 --stride 1 --groups 1..2 --pad 0",
            ["1 1 0", "1 1 0 g2", "3 1 0", "3 1 0 g2", "2 1 0", "2 1 0 g2"],
        ),
        (
            "9x9x2 --filter 3 --stride 1 --dilation 1..2 --groups 1..2 --pad 0",
            ["3 1 0", "3 1 0 g2", "3 1 0 d2", "3 1 0 d2 g2"],
        ),
        (
            "9x9x2 --filter 3 --stride 1..2 --groups 1..2 --pad 0..1",
            [f"3 {s} {p}{g}" for s in (1, 2) for g in ("", " g2") for p in (0, 1)],
        ),
    ],
)
def test_the_usual_come_first(words: str, lines: list[str], run: Run) -> None:
    assert fitting(words, run) == lines


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # 2·9·9·4 = 648 bytes, 2·8·8·4 = 512, 2·7·7·4 = 392
        ("--max-memory 647", ["3 1 0", "2 1 0"]),
        ("--max-memory 511", ["3 1 0"]),
        ("--max-memory 391", []),
        # 2·9·9·1 = 162 multiply-adds, 2·8·8·4 = 512, 2·7·7·9 = 882
        ("--max-macs 881", ["1 1 0", "2 1 0"]),
        ("--max-macs 511", ["1 1 0"]),
        ("--max-flops 1023", ["1 1 0"]),
        ("--max-flops 1024", ["1 1 0", "2 1 0"]),
        ("--max-flops 323", []),
        ("--max-flops 1024 --max-memory 647", ["2 1 0"]),
        ("--max-flops 1024 --max-memory 511", []),
    ],
)
def test_each_output_has_its_own_cost(words: str, lines: list[str], run: Run) -> None:
    known = "9x9x1 --filter 1..3 --stride 1 --pad 0 --filters 2"
    assert fitting(f"{known} {words}", run) == lines


@pytest.mark.parametrize("limit", range(1, 9))
def test_a_limit_cuts_the_end_off(limit: int, run: Run) -> None:
    words = "--input 8x8x1 --filter 1..4 --stride 1 --pad 0..1 --format json --limit".split()
    record = json.loads(run("solve", *words, limit).out)
    lines = ["1 1 0", "3 1 0", "3 1 1", "2 1 0", "4 1 0", "4 1 1", "1 1 1", "2 1 1"]
    assert [shortly(one["command"]) for one in record["solutions"]] == lines[:limit]
    assert record["count"] == 8
