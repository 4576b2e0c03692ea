"""Answers as people write them: read exactly, in every way they can be, and judged, not refused."""

import json
from contextlib import suppress
from fractions import Fraction

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st

from convcalc import BadRequest, ConvLayer
from convcalc.arithmetic.answers.judging import Verdict, judge
from convcalc.arithmetic.answers.reading import read_answer
from convcalc.arithmetic.use import Use

# 227 − 11 = 216 = 54·4: 55x55x96, 290,400 neurons of 363 weights; shared 96·364 = 34,944 and
# 139,776 bytes, unshared 290,400·364 = 105,705,600 and 422,822,400 bytes
NOTES = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
NOTES_OPTIONS = "--input 227x227x3 --filter 11 --stride 4 --filters 96".split()


def values(text: str) -> list[tuple[Fraction | None, ...]]:
    return [tuple(side and side.value for side in one.numbers) for one in read_answer(text)]


@pytest.mark.parametrize(
    "text",
    [
        *("34944", "34,944", "34 944", "34_944", "34'944", "34’944", " 34944 ", "+34944"),
        *(
            "34\u202f944",
            "34\u2009944",
            "34\u00a0944",
            "34.944",
            "34,944.0",
            "34944.00",
            "34.944,0",
        ),
        *("３４９４４", "٣٤٩٤٤", "34944.", "= 34944", "params = 34,944", "32·1092 = 34944"),
        *("34.944k", "34.944K", "34.944 thousand", "0.034944M", "0.034944 million", "3.4944e4"),
        *("3.4944E+4", "3.4944x10^4", "3.4944×10⁴", "3.4944·10^4", "3.4944 * 10**4"),
        *("96·364", "96*(363 + 1)", "96 × 364", "69888/2", "34848+96", "35,000 - 56", "34944/1"),
        *("the answer is 34,944", "I get 34944", "it is 34944", "answer: 34944", "(34944)"),
        *("34,944 parameters", "34944 params", "34944 learnable parameters in total"),
        *("34.944k parameters", "34.944K params", "34,944 shared parameters", "[34944]"),
    ],
)
def test_a_count_is_read_however_it_is_written(text: str) -> None:
    assert (Fraction(34944),) in values(text)
    assert [one.name for one in judge(NOTES, text).right] == ["shared parameters"]
    assert not judge(NOTES, text).right[0].how


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("54.25", Fraction(217, 4)),
        ("54,25", Fraction(217, 4)),
        ("217/4", Fraction(217, 4)),
        ("54 1/4", Fraction(217, 4)),
        ("54¼", Fraction(217, 4)),
        (".5", Fraction(1, 2)),
        ("-3", Fraction(-3)),
        ("−3", Fraction(-3)),
        ("2^20", Fraction(1048576)),
        ("2**20", Fraction(1048576)),
        ("2²⁰", Fraction(1048576)),
        ("1e-3", Fraction(1, 1000)),
        ("1,234,567.5", Fraction(2469135, 2)),
        ("1.234.567", Fraction(1234567)),
        ("12,34,567", Fraction(1234567)),
        ("1.2k", Fraction(1200)),
        ("44.9B", Fraction(44900000000)),
        ("2 trillion", Fraction(2 * 10**12)),
        ("140 kB", Fraction(140000)),
        ("140 kB", Fraction(140 * 1024)),
        ("140 KiB", Fraction(140 * 1024)),
        ("0.5 GiB", Fraction(2**29)),
        ("3 MB", Fraction(3 * 10**6)),
        ("3 mb", Fraction(3 * 10**6)),
        ("8 kbit", Fraction(1000)),
        ("8 Mb", Fraction(10**6)),
        ("16 bits", Fraction(2)),
        ("16 B", Fraction(16)),
        ("2.5 megabytes", Fraction(2500000)),
        ("7 M bytes", Fraction(7000000)),
        ("10" * 1500, Fraction(int("10" * 1500))),
    ],
)
def test_a_number_is_exact(text: str, value: Fraction) -> None:
    assert (value,) in values(text)


@pytest.mark.parametrize(
    "text",
    [
        *("55x55x96", "55X55X96", "55×55×96", "55 x 55 x 96", "55*55*96", "55,55,96", "55, 55, 96"),
        *("(55, 55, 96)", "[55,55,96]", "{55, 55, 96}", "(55,55,96,)", "55 55 96", "55;55;96"),
        *(
            "５５ｘ５５ｘ９６",
            "55\u00a0x\u00a055\u00a0x\u00a096",
            "55 by 55 by 96",
            "55·55·96",
            "55.0x55x96",
        ),
        *("output = 55x55x96", "227x227x3 → 55x55x96", "227x227x3 -> 55x55x96", "((55, 55, 96))"),
    ],
)
def test_a_size_is_read_however_it_is_written(text: str) -> None:
    assert (Fraction(55), Fraction(55), Fraction(96)) in values(text)
    verdict = judge(NOTES, text)
    assert verdict.right[0].name in ("output volume", "neurons")
    assert not verdict.mistakes


SLIM = ConvLayer(input=(9, 12, 2), filter=3, filters=4)
"""7x10x4."""


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("7x10x4", ""),
        ("(7, 10, 4)", ""),
        ("4x10x7", "in the order depth, height, width"),
        ("(4, 10, 7)", "in the order depth, height, width"),
        ("(10, 7, 4)", "in the order height, width, depth"),
        ("10, 7, 4", None),
        ("10x7x4", None),
        ("4x7x10", None),
        ("(1, 4, 10, 7)", "in the order batch, depth, height, width"),
        ("1x10x7x4", "in the order batch, height, width, depth"),
        ("1x7x10x4", "in the order batch, width, height, depth"),
        ("(None, 10, 7, 4)", "in the order batch, height, width, depth"),
        ("[-1, 4, 10, 7]", "in the order batch, depth, height, width"),
        ("torch.Size([64, 4, 10, 7])", "in the order batch of 64, depth, height, width"),
        ("(1, 4, 7, 10)", None),
        ("(0, 4, 10, 7)", None),
        ("7x10", ""),
        ("(10, 7)", "in the order height, width"),
        ("10x7", None),
    ],
)
def test_a_size_may_have_another_order(text: str, how: str | None) -> None:
    verdict = judge(SLIM, text)
    assert [one.how for one in verdict.right[:1]] == ([] if how is None else [how])
    if how is None and "0," not in text:
        assert [one.name for one in verdict.mistakes] == ["swapped width and height"]


def test_the_batch_is_the_one_that_was_asked_for_or_1() -> None:
    for batch, right in ((8, True), (1, True), (64, False)):
        verdict = judge(SLIM, f"{batch}x4x10x7", Use(batch=8))
        assert bool(verdict.right) == right


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("21x7", ""),
        ("(21, 7)", ""),
        ("7x21", "in the order depth, length"),
        ("(1, 7, 21)", "in the order batch, depth, length"),
        ("None, 21, 7", "in the order batch, length, depth"),
        ("(21, 8)", None),
    ],
)
def test_a_series_has_its_sides_in_two_orders(text: str, how: str | None) -> None:
    layer = ConvLayer(input=(60, 1), filter=40, filters=7)  # 60 − 40 + 1 = 21
    assert [one.how for one in judge(layer, text).right] == ([] if how is None else [how])


@pytest.mark.parametrize(
    ("text", "right"),
    [
        # 11·11·3 = 363 weights, 55·55 = 3,025 places
        ("363x3025", "im2col matrix"),
        ("(3025, 363)", "im2col matrix, a row for each window"),
        ("96x11x11x3", "shape of the weights, channels last"),
        ("(96, 3, 11, 11)", "shape of the weights, channels first"),
        ("11x11x3x96", "shape of the weights, in Keras's order"),
        ("3x96x11x11", "shape of the weights, channels last, in another order"),
        ("227x227x3", "padded volume"),
    ],
)
def test_a_shape_is_right_in_its_own_order_before_any_other(text: str, right: str) -> None:
    assert described(judge(NOTES, text))[0] == right


def described(verdict: Verdict) -> list[str]:
    return [f"{one.name}, {one.how}" if one.how else one.name for one in verdict.right]


def unshared(how: str) -> list[str]:
    """What an answer is right as that is about the unshared parameters: as many connect neurons."""
    return [f"{name}, {how}" for name in ("unshared parameters", "connections")]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("35k", ["shared parameters, to 2 digits", "shared weights, to 2 digits"]),
        ("34.9k", ["shared parameters, to 3 digits"]),
        ("34.94k", ["shared parameters, to 4 digits"]),
        ("34.95k", []),
        ("≈34,900", ["shared parameters, to 3 digits"]),
        ("about 34,940", ["shared parameters, to 4 digits"]),
        ("34,900", []),
        ("34,940", []),
        ("105.7M", unshared("to 4 digits")),
        ("105.7 million", unshared("to 4 digits")),
        ("105.71M", unshared("to 5 digits")),
        (
            "105.70M",
            unshared("cut off after 5 digits"),
        ),
        ("105.6M", []),
        ("105.8M", []),
        ("140 kB", ["bytes of the shared parameters, to 3 digits"]),
        ("139 kB", ["bytes of the shared parameters, cut off after 3 digits"]),
        ("138 kB", []),
        ("≈139.8 kB", ["bytes of the shared parameters, to 4 digits"]),
        ("136.5 KiB", ["bytes of the shared parameters"]),
        ("136.5 kB", ["bytes of the shared parameters"]),
        ("0.42 GB", ["bytes of the unshared parameters, to 2 digits"]),
        ("1,118,208 bits", ["bytes of the shared parameters"]),
        ("139776 bytes", ["bytes of the shared parameters"]),
        ("290,400 neurons", ["neurons"]),
        ("290k neurons", ["neurons, to 3 digits"]),
        ("760 neurons", []),
        ("34,944 neurons", []),
        ("34,944 bytes", []),
        ("34,848 weights", ["shared weights"]),
        ("0.0M", []),
        ("-34,944", []),
        ("54.9999", []),
    ],
)
def test_a_rounded_answer_is_right_to_its_digits(text: str, right: list[str]) -> None:
    assert described(judge(NOTES, text)) == right


@given(st.integers(1, 10**9), st.integers(0, 9), st.sampled_from(["up", "even", "off"]))
def test_any_rounding_is_right_and_one_more_is_not(value: int, zeros: int, way: str) -> None:
    layer = ConvLayer(input=(value, 1, 1), filter=1, filters=1, bias=False)
    unit = 10**zeros
    below, rest = divmod(value, unit)
    if way != "off" and (2 * rest > unit or (2 * rest == unit and (way == "up" or below % 2))):
        below += 1
    if below < 10:
        return
    scaled = f"{below}e{zeros}"
    assert "neurons" in [one.name for one in judge(layer, scaled).right]
    for other in (below + 2, below - 2):
        assert "neurons" not in [one.name for one in judge(layer, f"{other}e{zeros}").right]


def test_a_half_may_be_rounded_either_way_and_one_digit_is_not_cut_off() -> None:
    layer = ConvLayer(input=(34_500, 1, 1), filter=1, filters=1, bias=False)
    for text in ("35k", "34k"):
        assert "neurons, to 2 digits" in described(judge(layer, text))
    assert described(judge(NOTES, "29e4 neurons")) == ["neurons, to 2 digits"]
    assert described(judge(NOTES, "3e5 neurons")) == ["neurons, to 1 digit"]
    assert not judge(NOTES, "2e5 neurons").right


def test_a_number_that_looks_rounded_is_told_how_it_would_be_right(run: Run) -> None:
    out = run("params", *NOTES_OPTIONS, "--answer", "34,900").out
    assert "\nRounded it would be right as shared parameters: give ≈34,900\n" in out
    assert "Rounded" not in run("params", *NOTES_OPTIONS, "--answer", "34,700").out


def test_what_is_read_in_another_way_than_usual_is_said(run: Run) -> None:
    out = run("params", *NOTES_OPTIONS, "--answer", "34.944").out
    assert "\n34.944, read as 34,944, is right as shared parameters:\n" in out
    record = json.loads(run("params", *NOTES_OPTIONS, "--answer", "34.944", "--format", "json").out)
    assert (record["answer"]["given"], record["answer"]["read_as"]) == ("34.944", "34,944")
    out = " ".join(run("params", *NOTES_OPTIONS, "--answer", "136.5 kB").out.split())
    assert "read as 136.5 kB, k for 1024, is right as bytes of the shared parameters:" in out
    # 227 is a side and 227,227 a number: 227·227 = 51,529 pixels, no parameter
    layer = ConvLayer(input=(227, 227, 1), filter=1, filters=5)
    assert judge(layer, "227,227").right[0].name.startswith("width and height of the output")
    assert judge(layer, "227,227").read_as == "227x227"


def test_a_number_of_another_kind_is_named() -> None:
    verdict = judge(NOTES, "34,944 neurons")
    assert [(one.of, one.name) for one in verdict.mistakes] == [
        ("neurons", "gave the shared parameters")
    ]
    assert [step.value for step in verdict.mistakes[0].right] == [290400]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "many",
        "3x",
        "x",
        "()",
        ".",
        "3 bananas",
        "nan",
        "1/0",
        "9" * 4001,
        "1e99999",
        "2^99999",
        "a" * 12001,
    ],
)
def test_what_has_no_number_is_refused_in_a_sentence(text: str, run: Run) -> None:
    with pytest.raises(BadRequest, match=r"^answer .*give a count such as 34,944"):
        read_answer(text)
    code, out, err = run("params", *NOTES_OPTIONS, f"--answer={text}", "--check")
    assert (code, out) == (2, "")
    assert err.startswith("convcalc: --answer ")
    assert len(err.splitlines()) == 1


@given(st.text("0123456789xX×.,-+*/^()[] kKMBbitesnp≈~_'eE²½", max_size=12))
def test_anything_is_judged_or_refused(text: str) -> None:
    with suppress(BadRequest):
        verdict = judge(SLIM, text)
        assert bool(verdict.right or verdict.mistakes) == (verdict.compare is None)


@pytest.mark.parametrize(("answer", "code"), [("34,944", 0), ("35k", 0), ("34,945", 1), ("no", 2)])
@pytest.mark.parametrize("form", ["table", "json"])
def test_a_grader_sees_the_exit_code(answer: str, code: int, form: str, run: Run) -> None:
    words = ["params", *NOTES_OPTIONS, "--answer", answer, "--format", form]
    checked, plain = run(*words, "--check"), run(*words)
    assert (checked.code, plain.code) == (code, 2 if code == 2 else 0)
    assert checked[1:] == plain[1:]
    if form == "json" and code < 2:
        assert json.loads(checked.out)["answer"]["right"] == (code == 0)


def test_a_wrong_answer_keeps_its_warnings(run: Run) -> None:
    layer = "--input 3x20x32 --filter 2 --stride 2 --filters 1 --answer 5 --check".split()
    code, _, err = run("params", *layer)
    assert code == 1
    assert "floored to 1" in err
    assert "depth comes last" in err


def test_there_is_nothing_to_check_without_an_answer(run: Run) -> None:
    assert run("params", *NOTES_OPTIONS, "--check") == (
        2,
        "",
        "convcalc: --check is about an answer; add --answer ANSWER, or leave it out\n",
    )
