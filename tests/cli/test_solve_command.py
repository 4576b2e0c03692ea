"""`convcalc solve` on the screen: what students ask, what cannot be, what is far too much."""

import json
import re

import pytest
from conftest import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from support.commands import check, convcalc
from support.imports import HEAVY, imported_by
from support.terminals import in_terminal, plain

from convcalc.cli.ranges import amount, memory

NOTES = "solve --input 227x227x3 --output 55x55"
HUGE = 10**30


def listed(text: str) -> list[str]:
    """The lines of options, without their counts."""
    return re.findall(r"^(--filter.*?)(?=\s{2}|$)", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # (227 - 11)/4 + 1 = 55, (227 - 13 + 2)/4 + 1 = 55, (227 - 15 + 4)/4 + 1 = 55
        (
            f"{NOTES}x96",
            [
                "--filter 11 --stride 4 --pad 0 --filters 96",
                "--filter 13 --stride 4 --pad 1 --filters 96",
                "--filter 15 --stride 4 --pad 2 --filters 96",
            ],
        ),
        # P = (F - 1)/2
        (
            "solve --input 32x32x3 --keep-size --filter 5 --filters 6",
            ["--filter 5 --stride 1 --pad 2 --filters 6"],
        ),
        # F - 1 = 3 zeros for each row: no equal pad has an odd sum
        (
            "solve --input 32x20x3 --keep-size --filter 4 --filters 6",
            ["--filter 4 --stride 1 --pad 1x2x1x2 --filters 6"],
        ),
        # (224 - F + 2 P)/2 + 1 = 112 asks for F = 2 P + 2
        (
            "solve --input 224x224x3 --halve --filter 1..4 --filters 64",
            [
                "--filter 2 --stride 2 --pad 0 --filters 64",
                "--filter 4 --stride 2 --pad 1 --filters 64",
            ],
        ),
        # ResNet's first layer is floored from 112.5
        (
            "solve --input 224x224x3 --halve --filter 7 --pad 3 --filters 64 --allow-floor",
            ["--filter 7 --stride 2 --pad 3 --filters 64"],
        ),
        # 3 to 1 positions for a row of 5: 28 parameters a filter of 3x3x3, 100 // 28 = 3
        (
            "solve --input 5x5x3 --output 3x3 --filter 3 --stride 1 --max-params 0.1k",
            ["--filter 3 --stride 1 --pad 0 --filters 3"],
        ),
    ],
)
def test_what_students_ask(words: str, lines: list[str], run: Run) -> None:
    done = run(*words.split())
    assert done.code == 0
    assert listed(done.out) == lines
    assert done.err == ""


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # (55 - 1)·4 + 11 = 227, and 3 more are left over
        ("--output 55x55 --filter 11 --stride 4", ["227x227xD --filter 11 --stride 4 --pad 0"]),
        # (55 - 1)·4 + 11 - 2 = 225 wide; (27 - 1)·2 + 5 - 2 = 55 high
        (
            "--output 55x27x8 --filter 11x5 --stride 4x2 --pad 1 --depth 3",
            ["225x55x3 --filter 11x5 --stride 4x2 --pad 1 --filters 8"],
        ),
        # 34,944 = 96·(11·11·3 + 1)
        (
            "--output 55x55x96 --filter 11 --stride 4 --params 34944",
            ["227x227x3 --filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        (
            "--output 55x55 --filter 11 --stride 4 --depth 3 --params 34.944k",
            ["227x227x3 --filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        # the filter is as deep as the input, or as one of two groups
        (
            "--output 55x55x96 --filter 11x11x3 --stride 4",
            ["227x227x3 --filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        (
            "--output 27x27x256 --filter 5x5x48 --stride 1 --pad 2 --groups 2",
            ["27x27x96 --filter 5 --stride 1 --pad 2 --groups 2 --filters 256"],
        ),
        # 60 - 40 + 1 = 21
        (
            "--output 21 --filter 40 --stride 1 --depth 1 --filters 7",
            ["60x1 --filter 40 --stride 1 --pad 0 --filters 7"],
        ),
    ],
)
def test_the_input_may_be_unknown(words: str, lines: list[str], run: Run) -> None:
    out = run("solve", *words.split()).out
    found = re.findall(r"^--input (.*?)(?=\s{2}|$)", out, re.MULTILINE)
    assert [one[: len(line)] for one, line in zip(found, lines, strict=True)] == lines


@pytest.mark.parametrize(
    ("words", "up_to"),
    [
        ("--output 55x55 --filter 11 --stride 4 --allow-floor", "230x230"),
        ("--output 55x27 --filter 11 --stride 4x2 --allow-floor", "230x64"),
        # ceil(W/2) = 112
        ("--output 112x112 --filter 3 --stride 2 --pad same", "224x224"),
        # 112 windows of a pixel, 2 apart, look at 223: one more would be left over
        ("--output 112x112 --filter 1x2 --stride 2 --pad same", "223x224"),
        ("--output 112x112 --filter 1 --stride 2 --pad same --allow-floor", "224x224"),
        # (20·2 + 40, and 1 left over
        ("--output 21 --filter 40 --stride 2 --allow-floor", "81"),
    ],
)
def test_the_largest_input_is_beside_the_smallest(words: str, up_to: str, run: Run) -> None:
    out = run("solve", *words.split()).out
    assert re.search(rf"^ +up to\n--input .* {up_to}$", out, re.MULTILINE)


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        # 96·(11·11·3 + 1) = 34,944
        (
            "--output 55x55x96 --params 34944",
            ["--filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        (
            "--filter 11 --stride 4 --pad 0 --params 34944",
            ["--filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        (
            "--stride 4 --pad 0 --filters 96 --params 34944",
            ["--filter 11 --stride 4 --pad 0 --filters 96"],
        ),
        # 34,848 without biases: 96·363, and by 3 groups 288·121
        (
            "--filter 11 --stride 4 --pad 0 --groups 1..3 --params 34848 --no-bias",
            [
                "--filter 11 --stride 4 --pad 0 --filters 96 --no-bias",
                "--filter 11 --stride 4 --pad 0 --groups 3 --filters 288 --no-bias",
            ],
        ),
        # 55·55·363 = 1,098,075 multiply-adds a filter: 91 in 100 million, 45 in 100 million FLOPs
        (
            "--filter 11 --stride 4 --pad 0 --max-macs 100M",
            ["--filter 11 --stride 4 --pad 0 --filters 91"],
        ),
        (
            "--filter 11 --stride 4 --pad 0 --max-flops 100M",
            ["--filter 11 --stride 4 --pad 0 --filters 45"],
        ),
        # 55·55·4 = 12,100 bytes a filter: 82 in a million, 86 in 1,048,576
        (
            "--filter 11 --stride 4 --pad 0 --max-memory 1MB",
            ["--filter 11 --stride 4 --pad 0 --filters 82"],
        ),
        (
            "--filter 11 --stride 4 --pad 0 --max-memory 1MiB",
            ["--filter 11 --stride 4 --pad 0 --filters 86"],
        ),
        # the smallest of the four: 20,000/364 = 54
        (
            "--filter 11 --stride 4 --pad 0 --max-params 20k --max-macs 1G --max-memory 1GB",
            ["--filter 11 --stride 4 --pad 0 --filters 54"],
        ),
    ],
)
def test_counts_and_limits(words: str, lines: list[str], run: Run) -> None:
    assert listed(run("solve", "--input", "227x227x3", *words.split()).out) == lines


def test_the_groups_are_found_from_the_depth_of_the_filter(run: Run) -> None:
    """96/2 = 48."""
    words = "--input 27x27x96 --filter 5x5x48 --pad 2 --stride 1 --filters 256 --groups 1..96"
    assert listed(run("solve", *words.split()).out) == [
        "--filter 5 --stride 1 --pad 2 --groups 2 --filters 256"
    ]


def test_the_groups_are_found_from_the_parameters(run: Run) -> None:
    """256·(5·5·96/2 + 1) = 307,456."""
    words = "--input 27x27x96 --filter 5 --pad 2 --stride 1 --filters 256 --params 307456"
    out = run("solve", *words.split(), "--groups", "1..96").out
    assert listed(out) == ["--filter 5 --stride 1 --pad 2 --groups 2 --filters 256"]


def test_the_counts_beside_a_line(run: Run) -> None:
    out = run(*f"{NOTES}x96".split()).out
    # 96 (11·11·3 + 1) = 34,944 and 55·55·96·363 = 105,415,200
    assert re.search(r"^--filter 11 .* 34,944 +105,415,200$", out, re.MULTILINE)
    assert "55·55 = 3,025 times" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        # 227 = 59 S + v: v would be 50 for stride 3 and below 0 from 4 up; 56 S + v: 4 and 3
        (
            "solve --input 227x227x3 --output 60x60 --filters 1",
            "the nearest output that fits, 57x57: --filter 5 --stride 4 --pad 1 --filters 1",
        ),
        # 96·(121·3 + 1) = 34,944
        (
            f"{NOTES}x96 --max-params 20k",
            "the smallest budget that fits: --filter 11 --stride 4 --pad 0 --filters 96, 34,944",
        ),
        # 96·364 = 34,944
        (
            "solve --input 227x227x3 --filter 11 --stride 4 --pad 0 --params 35000",
            "the nearest number of parameters that fits: --filter 11 --stride 4 --pad 0",
        ),
        # 55·55·363·96 = 105,415,200, twice as many FLOPs
        (
            f"{NOTES}x96 --max-macs 100M",
            "the smallest budget of multiply-adds that fits: --filter 11 --stride 4 --pad 0 "
            "--filters 96, 105,415,200 multiply-adds",
        ),
        (
            f"{NOTES}x96 --max-flops 200M",
            "the smallest budget of FLOPs that fits: --filter 11 --stride 4 --pad 0 --filters 96, "
            "210,830,400 FLOPs",
        ),
        # 55·55·96·4
        (
            f"{NOTES}x96 --max-memory 1M",
            "the smallest output that fits: --filter 11 --stride 4 --pad 0 --filters 96, "
            "1,161,600 bytes",
        ),
        # 227 - 59·3 = 50; 59·4 + 1 - 227 = 10 = 2·5
        (
            "solve --input 227x227x3 --output 60x60",
            "with a larger filter, 60x60: --filter 50 --stride 3 --pad 0 --filters 1",
        ),
        (
            "solve --input 227x227x3 --output 60x60",
            "with another pad, 60x60: --filter 1 --stride 4 --pad 5 --filters 1",
        ),
        # 39·25 + 25 = 1000
        (
            "solve --input 1000x1000x3 --output 40x40 --filter 25",
            "with a larger stride, 40x40: --filter 25 --stride 25 --pad 0 --filters 1",
        ),
        # 4·16 + 3 - 2·33 = 1 pixel
        (
            "solve --output 5x5 --filter 3 --pad 40",
            "with another pad, 5x5: --input 1x1xD --filter 3 --stride 16 --pad 33 --filters 1",
        ),
        # (224 - 11)/4 + 1 = 54.25
        (
            "solve --input 224x224x3 --output 54x54 --filter 11 --stride 4 --pad 0",
            "with --allow-floor, 54x54: --filter 11 --stride 4 --pad 0",
        ),
    ],
)
def test_nothing_fits_and_what_is_nearest(words: str, sentence: str, run: Run) -> None:
    done = run(*words.split())
    assert done.code == 0
    assert ": no layer fits exactly" in done.out
    assert sentence in " ".join(done.out.split())


@pytest.mark.parametrize(
    ("text", "number"),
    [("50k", 50_000), ("1.5M", 1_500_000), ("50000", 50_000), ("0.25k", 250), ("2G", 2 * 10**9)],
)
def test_a_budget_is_read_exactly(text: str, number: int) -> None:
    assert amount("max-params", text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500", 500),
        ("140kB", 140_000),
        ("140 kB", 140_000),
        ("1.5MB", 1_500_000),
        ("0.42 GB", 420_000_000),
        ("1.5KiB", 1536),
        ("2MiB", 2 * 1024**2),
        ("1GiB", 1024**3),
        ("3k", 3000),
        ("3M", 3_000_000),
    ],
)
def test_memory_is_read_exactly(text: str, number: int) -> None:
    assert memory("max-memory", text) == number


def test_a_long_decimal_is_not_rounded() -> None:
    assert amount("params", "12345678901234567890.123M") == 12345678901234567890123000


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("--filter 5", "--input is missing; give WIDTHxHEIGHTxDEPTH, for example 227x227x3, or"),
        ("--halve", "--halve is about the size of an input that is not given; add --input"),
        ("--output 5x5 --keep-size", "--keep-size is too much: --output and --keep-size each"),
        ("--input 9x9x1 --depth 3", "--depth 3: is too much: --input and --depth each say the"),
        ("--input 9x9x1 --params 9 --max-params 9", "--params 9: is too much: --max-params and"),
        ("--output 5x5 --max-macs 1k", "--max-macs 1k: depends on the depth of the input; give"),
        ("--input 9x9x1 --max-memory 1.5", "--max-memory 1.5: is not a whole number; give a whole"),
        (
            "--input 9x9x1 --max-memory 1kb",
            "--max-memory 1kb: is not a number; give a whole number",
        ),
        ("--input 9x9x1 --params 0", "--params 0: must be at least 1; give a whole number such as"),
        (
            "--input 9x9x4 --filter 3x3x3",
            "--filter 3x3x3: has depth 3, where the input's depth divided by the groups is 4; give",
        ),
        (
            "--input 9x9x4 --filter 3x3x4 --groups 2..4",
            "--filter 3x3x4: has depth 4, where the input's depth divided by the groups is 2;",
        ),
        (
            "--output 9x9 --filter 3x3x4 --groups 2..4",
            "--groups 2..4: leave the depth of the input open; give one number",
        ),
        ("--output 9x9 --depth 0", "--depth 0: must be at least 1; give a number from 1 up"),
        ("--output 9x9 --depth 2x2", "--depth 2x2: is 2 numbers where 1 is needed; give a number"),
        ("--output 9x9 --depth 3 --groups 2", "--groups 2: has no divisor of the input's depth 3;"),
        ("--output 9x9x3 --groups 2", "--groups 2: has no divisor of --filters 3; give a divisor"),
        ("--input 9x9x1 --filter 7..3", "--filter 7..3: runs backwards; give 3..7"),
        ("--input 9x9x1 --filter 3..", "--filter 3..: is not a range; give the least and"),
        ("--input 9x9x1 --filter 1..2..3", "--filter 1..2..3: is not a range; give the least"),
        ("--input 9x9x1 --filter 0..3", "--filter 0..3: its 0 must be at least 1; give a size"),
        (
            "--input 9x9x1 --stride -2..3",
            "--stride -2..3: its -2 must be at least 1; give a number",
        ),
        ("--input 9x9x1 --pad -1..3", "--pad -1..3: its -1 must be at least 0; give a number"),
        (
            "--input 9x9x1 --filter 3x1..5",
            "--filter 3x1..5: has a part that is not a whole number (3x1)",
        ),
        ("--input 9x9x1 --groups 2x2", "--groups 2x2: is 2 numbers where 1 is needed; give"),
        ("--input 9x9x1 --groups 2", "--groups 2: has no divisor of the input's depth 1;"),
        ("--input 9x9x4 --groups 2 --filters 3", "--groups 2: has no divisor of the input's depth"),
        (
            f"--input 9x9x{HUGE} --groups 1..{HUGE}",
            f"--groups 1..{HUGE}: are more than 10,000 numbers to try; give one number",
        ),
        ("--input 9x9x1 --output 5", "--output 5: is 1 number where 2 or 3 are needed; give"),
        ("--input 9x9x1 --output 0x5", "--output 0x5: its 0 must be at least 1; give WIDTHxHEIGHT"),
        ("--input 9x9x1 --halve --keep-size", "--halve is too much: --keep-size and --halve each"),
        ("--input 9x9x1 --output 5x5x2 --filters 3", "--filters 3: is not the depth 2 of --output"),
        ("--input 9x9x1 --max-params 1.5", "--max-params 1.5: is not a whole number; give a whole"),
        ("--input 9x9x1 --max-params 1.2345k", "--max-params 1.2345k: is not a whole number;"),
        ("--input 9x9x1 --max-params k", "--max-params k: is not a number; give"),
        ("--input 9x9x1 --max-params -5k", "--max-params -5k: is not a number;"),
        ("--input 9x9x1 --max-params 1e9", "--max-params 1e9: is not a number;"),
        ("--input 9x9x1 --max-params 0", "--max-params 0: must be at least 1; give a whole"),
        (f"--input 9x9x1 --filter 1..{'9' * 601}", "has more than 600 digits; give a size"),
    ],
)
def test_a_bad_request_is_one_sentence(words: str, sentence: str, run: Run) -> None:
    done = run("solve", *words.split())
    assert (done.code, done.out) == (2, "")
    assert sentence in done.err
    assert done.err.startswith("convcalc: --")
    assert len(done.err.splitlines()) == 1


NUMBERS = [
    "",
    "0",
    "1",
    "3",
    "-1",
    "x",
    "3x2",
    "1x2x3",
    "1x0x1x0",
    "2..",
    "..",
    "1..3",
    "3..1",
    "1..",
]
TEXTS = [*NUMBERS, "same", "valid", "9x9x4", "0..2", "a..b", "1..2x3", "5k", "0.5k", "\x1b[2J", "²"]
WORDS = ["input", "output", "filter", "stride", "pad", "filters", "dilation", "groups", "depth"]
AMOUNTS = ["params", "max-params", "max-macs", "max-flops", "max-memory"]


@pytest.mark.slow
@settings(max_examples=400)
@given(
    st.dictionaries(st.sampled_from([*WORDS, *AMOUNTS, "limit"]), st.sampled_from(TEXTS)),
    st.sets(st.sampled_from(["--keep-size", "--halve", "--allow-floor", "--no-bias"]), max_size=2),
    st.sampled_from(["table", "json"]),
)
def test_any_options_are_answered_or_refused(
    options: dict[str, str], flags: set[str], form: str
) -> None:
    known = {} if "output" in options else {"input": "9x9x4"}
    words = [f"--{name}={text}" for name, text in (known | options).items()]
    check(convcalc("solve", *words, *flags, "--format", form))


MILLION = "1..1000000"
OPEN = f"--filter 1..{HUGE} --stride 1..{HUGE} --pad 0..{HUGE}"


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        f"{NOTES} --filter {MILLION} --stride {MILLION} --pad 0..1000000",
        f"{NOTES} --filter {MILLION} --stride {MILLION} --dilation {MILLION} --filters {MILLION}",
        f"solve --input {HUGE}x{HUGE}x3 --halve {OPEN}",
        f"solve --input {HUGE}x{HUGE + 1}x3 --output 2x2 {OPEN}",
        f"solve --input {HUGE}x{HUGE + 1}x3 --output 2x2 --dilation 1x2 {OPEN}",
        f"solve --input {HUGE}x{HUGE}x3 {OPEN} --allow-floor",
        f"solve --input {HUGE}x{HUGE}x3 --output 7x7 --pad same {OPEN.split(' --pad')[0]}",
        f"solve --input {HUGE}x{HUGE}x3 --output {HUGE // 7}x{HUGE // 7} --dilation 1..{HUGE}",
        f"solve --input 9x9x{HUGE} --keep-size --filters 1..{HUGE} --max-params {HUGE}",
        f"solve --input {10**599}x{10**599}x1 --keep-size --filter 1..{10**599}",
        f"solve --output {HUGE}x{HUGE} --params {HUGE}",
        f"solve --output 3x3 --params {HUGE} {OPEN} --groups 1..9000",
        f"solve --output 2x2 {OPEN} --allow-floor",
        f"solve --output 3x3 --pad {HUGE}..{9 * HUGE} --filter 1..9",
        f"solve --input {HUGE}x{HUGE}x3 --params {HUGE} --filter 1..{HUGE} --filters 1..{HUGE}",
        f"solve --input {HUGE}x{HUGE}x{HUGE} --params 1 --filters 2..{HUGE}",
        f"solve --input {HUGE}x{HUGE}x3 --max-macs {HUGE} --max-memory {HUGE} {OPEN}",
        f"solve --output 7x7 --depth 3 --params {HUGE + 7} --filter 1..{HUGE}",
        f"solve --input {HUGE}x9 --output 7 --dilation 1..{HUGE} {OPEN}",
    ],
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_spaces_too_large_to_try_are_answered(words: str, form: str, run: Run) -> None:
    done = run(*words.split(), "--format", form)
    assert done.code == 0, done.err
    if form == "json":
        record = json.loads(done.out)
        assert record["count"] >= len(record["solutions"])
        for one in [*record["solutions"], *record["nearest"]]:
            assert run(*one["command"].split()[1:], "--format", "csv").code == 0


def test_a_count_beyond_listing_is_exact(run: Run) -> None:
    """Stride 1 of a row of W kept at W: F = 2 P + 1 for every P up to N/2, nothing else."""
    most = 10**12
    words = f"solve --input {HUGE}x{HUGE}x1 --keep-size --filter 1..{most} --stride 1..9"
    record = json.loads(run(*words.split(), "--format", "json").out)
    assert (record["count"], record["complete"]) == (most // 2, True)
    assert len(record["solutions"]) == 20


@pytest.mark.parametrize(
    ("words", "count"),
    [
        # one position: a filter of the row's width, and floored any smaller one
        (f"--output 1x1 --filter 1..{HUGE} --stride 1..{HUGE} --pad 0", 1),
        (
            f"--output 1x1 --filter {HUGE - 999}..{HUGE} --stride 1..{HUGE} --pad 0 --allow-floor",
            1000,
        ),
        (f"--output 1x1 --filter {HUGE - 999}..{HUGE} --stride {HUGE} --pad 0 --allow-floor", 1000),
        (
            f"--output 1x1 --filter 1..{HUGE} --stride {HUGE}..{HUGE**2} --pad same --allow-floor",
            HUGE,
        ),
        # F = W + 2 P, and twice the pad is at most the filter: P = 0 to W/2 for F = W to 2 W
        (
            f"--output 1x1 --filter 1..{9 * HUGE} --stride 1..{HUGE} --pad 0..{HUGE // 2}",
            HUGE // 2 + 1,
        ),
        (f"--output 1x1 --filter 1 --stride 1..{HUGE} --dilation 1..{HUGE}", 0),
        (f"--output {HUGE}x{HUGE} --filter 1 --stride 1..9 --dilation 1..{HUGE}", 1),
    ],
)
def test_what_is_the_same_layer_is_counted_once(words: str, count: int, run: Run) -> None:
    words = f"--input {HUGE}x{HUGE}x1 {words} --format json"
    record = json.loads(run("solve", *words.split()).out)
    assert (record["count"], record["complete"]) == (count, True)


STEP = "From a single position there is no step to the next"
PIXEL = "A 1x1 filter has nothing to dilate"


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        ("9x9x1 --output 1x1 --filter 9", [STEP]),
        ("9x9x1 --output 1x1 --filter 9 --stride 3..4", [STEP]),
        ("9x9x1 --output 1x1 --filter 9 --stride 3", []),
        ("9x9x1 --output 1x1 --filter 7 --pad 0 --allow-floor --stride 1..4", [STEP]),
        ("9x9x1 --output 1x1 --filter 7 --pad 0 --allow-floor --stride 1..3", []),
        ("9x9x1 --filter 7..9 --stride 1..2 --pad 0", [STEP]),
        ("9x9x1 --filter 7..8 --stride 1..2 --pad 0", []),
        ("9x12x1 --output 1x2 --filter 9", []),
        ("12x9x1 --output 2x1 --filter 9", []),
        ("9x9x1 --keep-size --filter 1..3 --dilation 1..2", [PIXEL]),
        ("9x9x1 --keep-size --filter 1..3 --dilation 2..2", []),
        ("9x9x1 --keep-size --filter 2..3 --dilation 1..2", []),
        ("9x9x1 --filter 1x3 --dilation 1..2", []),
        ("9x9x1 --filter 3x1 --dilation 1..2", []),
        ("1x1x1 --keep-size --filter 1 --dilation 1..2", [STEP, PIXEL]),
    ],
)
def test_what_is_listed_once_is_said(words: str, notes: list[str], run: Run) -> None:
    out = " ".join(run("solve", "--input", *words.split()).out.split())
    assert [note for note in (STEP, PIXEL) if note in out] == notes


def test_strides_beyond_the_row_do_not_make_the_nearest_uncertain(run: Run) -> None:
    """9 - 7 = 2 steps to 3 positions by stride 1, to 2 by stride 2, and to 1 by all others."""
    words = f"solve --input 9x9x1 --output 5x5 --filter 7 --pad 0 --stride 1..{HUGE}"
    assert "the nearest output that fits, 3x3: --filter 7 --stride 1" in run(*words.split()).out


@pytest.mark.slow
def test_what_may_not_be_the_nearest_is_not_called_so(run: Run) -> None:
    words = "solve --input 90000x90000x1 --output 900x900 --stride 1 --filter 1..60000 --pad"
    out = run(*f"{words} 0..9".split()).out
    assert "an output that fits" in out
    assert "the nearest output" not in out


@pytest.mark.slow
def test_what_is_not_looked_through_is_said(run: Run) -> None:
    words = f"solve --input {HUGE}x{HUGE}x1 --output 2x2 {OPEN}"
    out = " ".join(run(*words.split()).out.split())
    assert ": at least " in out
    assert "There was too much to look through" in out


@pytest.mark.slow
@pytest.mark.parametrize("columns", [60, 80, 200])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    for words in (f"{NOTES}x96", "solve --input 227x227x3 --limit 3", f"{NOTES} --stride 5"):
        text = plain(in_terminal(words, columns))
        assert max(map(len, text.splitlines())) <= columns
        assert "--filter " in text


@pytest.mark.parametrize("columns", [1, 10])
def test_hardly_any_columns_are_enough(columns: int, monkeypatch: pytest.MonkeyPatch, run: Run):
    run("--version")
    monkeypatch.setenv("COLUMNS", str(columns))
    assert "34,944" in run(*f"{NOTES}x96".split()).out


def test_the_c_locale_gets_ascii(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    run("--version")
    monkeypatch.setenv("LC_ALL", "C")
    out = run(*NOTES.split()).out
    assert out.isascii()
    assert "?" not in out
    assert "227x227x3 -> 55x55" in out


@pytest.mark.parametrize("form", ["table", "json"])
def test_solving_never_imports_numpy_or_pillow(form: str) -> None:
    modules = imported_by(f"{NOTES} --format {form}")
    assert not modules & HEAVY
    assert ("rich" in modules) == (form == "table")
