"""What the program says: one sentence that names what was typed, what is wrong and what works."""

import re
from pathlib import Path
from typing import Any

import click
import numpy as np
import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from convcalc import BadRequest, ConvLayer, Volume
from convcalc.arithmetic.walk.numbers import small_numbers
from convcalc.arithmetic.walk.steps import Mode, Walk
from convcalc.cli import COMMANDS, program
from convcalc.cli.command import depth_first
from convcalc.cli.refusals import sentence
from convcalc.errors import shown
from convcalc.present.player.step import step_lines

SMALL = ["--input", "6x5x3", "--filter", "3", "--filters", "2"]
ONES = ["--input", "1x1x1", "--filter", "1", "--filters", "1"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder with a picture that is dark on the right, and some arrays."""
    monkeypatch.chdir(tmp_path)
    pixels = np.zeros((12, 16, 3), np.uint8)
    pixels[4:6, 2:4] = 255
    Image.fromarray(pixels).save("dark.png")
    rng = np.random.default_rng(0)
    np.save("first.npy", rng.normal(size=(3, 8, 9)))
    np.save("last.npy", rng.normal(size=(8, 9, 3)))


def command_named(name: str) -> click.Command:
    command = program.get_command(click.Context(program), name)
    assert command
    return command


PARAMETERS = [(name, param) for name in COMMANDS for param in command_named(name).params]
OPTIONS = [(name, param) for name, param in PARAMETERS if isinstance(param, click.Option)]


# --- what click finds wrong


LISTS = {
    "commands": "params, solve, network, forward, backward, shift or demo",
    "formats": "table, json, csv, markdown or latex",
}
SEEDS = "give one from 0 to 9223372036854775807"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("forward --seed x", f"--seed x: is not a whole number; {SEEDS}"),
        ("forward --seed 1.5", f"--seed 1.5: is not a whole number; {SEEDS}"),
        ("forward --seed=", f"--seed '': is not a whole number; {SEEDS}"),
        ("forward --seed 3x4", f"--seed 3x4: is 2 numbers where 1 is needed; {SEEDS}"),
        ("forward --seed -1", f"--seed -1: is out of range; {SEEDS}"),
        (
            "shift --seed 9223372036854775808",
            f"--seed 9223372036854775808: is out of range; {SEEDS}",
        ),
        (
            "demo --seed 4294967296",
            "--seed 4294967296: is out of range; give one from 0 to 4294967295",
        ),
        ("backward --check ten", "--check ten: is not a whole number; give one from 0 to 10000"),
        ("backward --check 10001", "--check 10001: is out of range; give one from 0 to 10000"),
        ("solve --limit 0", "--limit 0: is out of range; give one from 1 to 1000"),
        *(
            (
                f"backward --learning-rate {text}",
                f"--learning-rate {text}: is not a finite number; give one such as 0.01",
            )
            for text in ("x", "nan", "-inf", "1e999", "1,5")
        ),
        ("params --format yaml", f"--format yaml: is none of the choices; give {LISTS['formats']}"),
        ("params --format jsn", "--format jsn: is none of the choices; the nearest is json"),
        ("solve --format csv", "--format csv: is none of the choices; give table or json"),
        ("shift --dtype half", "--dtype half: is none of the choices; give float32 or float64"),
        ("params --format", f"--format has no value; give {LISTS['formats']}"),
        ("params --stride", "--stride has no value; give --stride S|SWxSH"),
        ("solve --pad", "--pad has no value; give --pad P|PWxPH|same|valid|A..B"),
        ("forward --save", "--save has no value; give --save FILE"),
        (
            "forward --seed",
            "--seed has no value; give a whole number from 0 to 9223372036854775807",
        ),
        ("backward --learning-rate", "--learning-rate has no value; give a number such as 0.01"),
        ("params --strict=yes", "--strict=yes: takes no value; give --strict alone"),
        ("params --no-bias=", "--no-bias=: takes no value; give --no-bias alone"),
        ("params --help=3", "--help=3: takes no value; give --help alone"),
        ("--version=3", "--version=3: takes no value; give --version alone"),
        ("params --strid 3", "--strid: is no option of params; the nearest is --stride"),
        (
            "params --stric 3",
            "--stric: is no option of params; the nearest is --strict",
        ),
        ("params --dilaton 2", "--dilaton: is no option of params; the nearest is --dilation"),
        (
            "params --bogus-thing=3",
            "--bogus-thing: is no option of params; convcalc params --help lists them",
        ),
        ("params -x", "-x: is no option of params; convcalc params --help lists them"),
        (
            "forward -photo.png",
            "-photo.png: is no option of forward; convcalc forward --help lists them",
        ),
        ("params --save y.npy", "--save: is no option of params; forward and backward have it"),
        ("demo --relu", "--relu: is no option of demo; forward has it"),
        ("--frobnicate", "--frobnicate: is no option of convcalc; convcalc --help lists them"),
        (
            "--relu forward",
            "--relu: is no option of convcalc; forward has it",
        ),
        ("parms", "parms: is no command; the nearest is params"),
        ("frobnicate", f"frobnicate: is no command; give {LISTS['commands']}"),
        ("--", f"the command is missing; give {LISTS['commands']}"),
        (
            "params stray",
            "stray: is an argument too many; params takes options only, "
            "and a value with blanks needs quotes",
        ),
        (
            "params --input 6 x 5 x 3",
            "x 5 x 3: is 4 arguments too many; params takes options only, "
            "and a value with blanks needs quotes",
        ),
        (
            "forward a.png --seed 1 b.png",
            "b.png: is an argument too many; forward takes one SOURCE and options, "
            "and a value with blanks needs quotes",
        ),
    ],
)
def test_what_click_finds_wrong_is_said_like_everything_else(
    words: str, message: str, run: Run
) -> None:
    assert run(*words.split()) == (2, "", f"convcalc: {message}\n")


def test_no_command_and_no_value_at_all_are_quoted(run: Run) -> None:
    assert run("") == (2, "", f"convcalc: '': is no command; give {LISTS['commands']}\n")
    assert run(" a") == (2, "", f"convcalc: ' a': is no command; give {LISTS['commands']}\n")
    assert (
        run("params", "--format", "").err
        == f"convcalc: --format '': is none of the choices; give {LISTS['formats']}\n"
    )


def kinds_of(error: type[click.ClickException]) -> set[type[click.ClickException]]:
    return {error}.union(*map(kinds_of, error.__subclasses__()))


LONG = "HEAD" + "q" * 5000 + "TAIL"


def test_every_kind_of_error_that_click_has_is_one_short_sentence() -> None:
    """Most are raised by no command here: an option that is added may raise them."""
    context = click.Context(program, info_name="convcalc")
    ctx = click.Context(command_named("params"), info_name="params", parent=context)
    stride = next(param for param in ctx.command.params if param.name == "stride")
    made = {
        click.UsageError: click.UsageError(LONG),
        click.BadParameter: click.BadParameter(f"{LONG!r} is not valid.", param=stride),
        click.MissingParameter: click.MissingParameter(param=stride),
        click.NoSuchOption: click.NoSuchOption(f"--{LONG}"),
        click.NoSuchCommand: click.NoSuchCommand(LONG),
        click.BadOptionUsage: click.BadOptionUsage("--strict", "takes no value"),
        click.BadArgumentUsage: click.BadArgumentUsage(f"Argument {LONG!r} takes 2 values."),
    }
    of_click = {
        kind for kind in kinds_of(click.UsageError) if kind.__module__ == "click.exceptions"
    }
    assert {kind.__name__ for kind in of_click - made.keys()} == {"NoArgsIsHelpError"}
    for kind, error in made.items():
        text = sentence(error, ctx, [LONG])
        assert len(text) < 250, kind
        assert text.isprintable()
        assert not text.endswith("."), text
    assert sentence(made[click.MissingParameter], ctx, []) == (
        "--stride is missing; give --stride S|SWxSH"
    )


@pytest.mark.parametrize(
    ("name", "param"), PARAMETERS, ids=lambda part: getattr(part, "name", part)
)
def test_no_option_leaves_its_refusal_to_click(name: str, param: click.Parameter) -> None:
    ours = type(param.type).__module__.startswith("convcalc.")
    assert ours or param.type is click.STRING or getattr(param, "is_flag", False)
    assert not param.required
    assert param.nargs == 1


# --- long values


@pytest.mark.parametrize(("name", "param"), OPTIONS, ids=lambda part: getattr(part, "name", part))
def test_a_long_value_is_shortened_in_the_middle(name: str, param: click.Option, run: Run) -> None:
    words = [*SMALL, *(["--by", "1x0"] if name == "shift" else [])]
    if name == "solve":
        words = SMALL[:2]
    if name == "network":
        words = ["conv3-2", "--input", "9x9x1"]
    code, out, err = run(name, *words, f"{param.opts[0]}={LONG}")
    assert (code, out) == (2, "")
    assert "HEAD" in err
    assert "TAIL" in err
    assert "..." in err
    assert len(err) < 400


@pytest.mark.parametrize(
    "words",
    [
        [LONG],
        [f"--{LONG}"],
        [f"-{LONG}"],
        ["params", LONG],
        ["params", *["word"] * 2000],
        ["params", f"--{LONG}"],
        ["params", f"-{LONG}"],
        ["forward", "a.png", LONG],
        ["forward", LONG, *SMALL],
        ["solve", "--input", f"{'1' * 5000}x3x3"],
        ["solve", "--input", "9x9x1", "--filter", f"{'9' * 600}..1"],
        [
            "params",
            "--input",
            f"3x3x{'9' * 600}",
            "--groups",
            "2",
            "--filter",
            "1",
            "--filters",
            "2",
        ],
        ["params", "--input", "3x3x1", "--filter", "9" * 600, "--filters", "2"],
        ["params", "--input", "3x3x1", "--filter", "2", "--dilation", "9" * 600, "--filters", "2"],
        ["forward", *SMALL, "--at", f"{'9' * 600},0,0"],
    ],
    ids=lambda words: " ".join(words)[:40],
)
def test_long_words_make_no_long_message(words: list[str], run: Run) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert len(err) < 450
    assert len(max(err.split(), key=len)) <= 70


@pytest.mark.slow
@given(st.text(max_size=200) | st.integers() | st.text("\x1b \n", max_size=200))
def test_a_value_is_shown_in_one_short_line_and_shown_again_as_it_is(value: Any) -> None:
    text = shown(value)
    assert 0 < len(text) <= 60
    assert text.isprintable()
    assert text == text.strip()
    assert shown(text) == text


# --- values are quoted as typed


@pytest.mark.parametrize(
    ("words", "option", "text"),
    [
        *(
            ("params", "--input", text)
            for text in ("227x227x0", "-1x9x3", "9X9X0", "0x9x9", "9x9xx")
        ),
        *(
            ("params", "--input", text)
            for text in ("9 x 9 x 0", "9x0", "09x09x00", "9x9x1x1", "9×9×0")
        ),
        *(
            ("params", "--filter", text)
            for text in ("-4x4", "3x0", "0x3", "3x1.5", "03x99", "x3", "3x3x4")
        ),
        *(("params", "--stride", text) for text in ("2x0", "-1x1", "2x", "1x1x1", "two", "0x1")),
        *(
            ("params", "--pad", text)
            for text in ("1x-2", "-1x0x0x0", "1x2x3", "1xsame", "SOME", "0x0x0x-1")
        ),
        *(("params", "--dilation", text) for text in ("1x0", "0x1", "1x1x1")),
        *(("params", "--filters", text) for text in ("9x9", "+0", "00", "-1", "1.0")),
        *(("params", "--groups", text) for text in ("1x1", "0", "02")),
        *(
            ("solve", "--filter", text)
            for text in ("1...3", "1..3..5", "0..3", "3..x", "5..3", "1..3x3")
        ),
        *(("solve", "--stride", text) for text in ("0x2", "2..", "-2..2", "1..2.5", "2..1")),
        *(("solve", "--pad", text) for text in ("2..x", "-1..3", "1x-1", "x..2", "1x2x3", "3..2")),
        *(("solve", "--groups", text) for text in ("1...1", "0..1", "2x2", "5..9")),
        *(("solve", "--filters", text) for text in ("1...3", "0..4", "2x2")),
        *(("solve", "--dilation", text) for text in ("0..1", "1..x", "1x0")),
        *(("solve", "--output", text) for text in ("0x5", "5x5x0", "5x5x5x5", "5")),
        *(("solve", "--max-params", text) for text in ("0", "0k", "1.5", "k", "-1", "1e3")),
        *(
            ("forward", "--at", text)
            for text in ("3,4,x", "0,0", "a,0,0", "9,9,9", "0,-1,0", "0,0,0,0")
        ),
        *(("shift", "--by", text) for text in ("8", "1xx", "1x2x3", "ax0", "1x1.5")),
    ],
)
def test_a_refusal_quotes_all_that_was_typed(words: str, option: str, text: str, run: Run) -> None:
    layer = SMALL if words != "solve" else ["--input", "9x9x1"]
    if (words, option) == ("solve", "--groups"):
        layer = ["--input", "9x9x4"]
    code, out, err = run(words, *layer, f"{option}={text}")
    assert (code, out) == (2, "")
    assert err.startswith(f"convcalc: {option} {text}: "), err


@pytest.mark.parametrize(
    ("changes", "quoted"),
    [
        ({"input": (227, 227, 0)}, "input 227x227x0: its 0 must be at least 1; give WIDTH"),
        ({"input": [227, -1, 3]}, "input 227x-1x3: its -1 must be at least 1; give WIDTH"),
        (
            {"input": (227, 227, 1.5)},
            "input 227x227x1.5: has a part that is not a whole number (1.5); give WIDTH",
        ),
        (
            {"input": (227, None, 3)},
            "input 227xNonex3: has a part that is not a whole number (None); give WIDTH",
        ),
        ({"filter": (0, 3)}, "filter 0x3: its 0 must be at least 1; give a size"),
        ({"filter": (3, True)}, "filter 3xTrue: has a part that is not a whole number (True)"),
        ({"stride": (4, 0)}, "stride 4x0: its 0 must be at least 1; give a number"),
        ({"dilation": [0, 1]}, "dilation 0x1: its 0 must be at least 1; give a number"),
        ({"pad": (1, -2)}, "pad 1x-2: its -2 must be at least 0; give a number"),
        ({"pad": (0, 0, 0, -1)}, "pad 0x0x0x-1: its -1 must be at least 0; give a number"),
        ({"pad": (0, "1", 0, 0)}, "pad 0x1x0x0: has a part that is not a whole number (1)"),
        ({"stride": (2, 10**700)}, "stride 2x1"),
    ],
)
def test_python_quotes_all_that_was_given(changes: dict[str, Any], quoted: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        ConvLayer(**{"input": (9, 9, 3), "filter": 3, "filters": 2} | changes)
    assert str(refusal.value).startswith(quoted)


@pytest.mark.parametrize(
    ("words", "option", "text"),
    [
        (["params", *SMALL[:2], "--filters", "1"], "--filter", "07x7"),
        (["params", "--input", "6x5x3", "--filter", "3", "--filters", "4"], "--groups", "+2"),
        (["params", "--strict", "--input", "8x8x1", *SMALL[2:]], "--stride", "2x2"),
        (["forward", *SMALL, "--weights", "edges"], "--filter", "1X1"),
        (["params", *SMALL, "--as", "keras", "--stride", "2"], "--dilation", "2x2"),
        (
            [
                "params",
                *SMALL[2:],
                "--input",
                "6x5x3",
                "--filters",
                "3",
                "--as",
                "flax",
                "--unshared",
            ],
            "--groups",
            "03",
        ),
        (["demo", "--image", "dark.png"], "--input", "5X5X2"),
        (["demo"], "--input", "0900x900x3"),
        (["forward", "last.npy", *SMALL[2:]], "--input", "8x09x3"),
        (["forward", *SMALL], "--save", "./no//folder/y.npy"),
        (
            ["forward", "--filters", "9999999", "--input", "9x9x1", "--filter", "1"],
            "--save",
            "./y.png",
        ),
        (["backward", *SMALL], "--save", "./y.npy"),
        (["backward", *SMALL], "--upstream", "./no//u.npy"),
        (["forward", *SMALL], "--bias", ".//b.npy"),
        (["forward", *SMALL], "--weights", ".//w.npy"),
        (["demo"], "--gif", "./a//b.gif"),
        (["demo"], "--html", "./a//b.html"),
        (["demo"], "--image", "./a//b.png"),
    ],
)
def test_what_is_made_of_an_option_is_not_what_is_quoted(
    words: list[str], option: str, text: str, run: Run
) -> None:
    code, out, err = run(*words, option, text)
    assert (code, out) == (2, "")
    assert err.startswith(f"convcalc: {option} {text}: "), err


def test_a_source_is_quoted_as_typed(run: Run) -> None:
    for text in ("./no.png", "no//such.npy", "no/./such.png"):
        code, _, err = run("forward", text, *SMALL[2:])
        assert code == 2
        assert err.startswith(f"convcalc: SOURCE {text}: "), err


# --- addresses, and the input that may be a picture


@pytest.mark.parametrize("address", ["https://x.org/y.png", "http://x/y.npy", "file:///y.gif"])
@pytest.mark.parametrize(
    ("name", "option"),
    [
        *((name, None) for name in ("forward", "backward", "shift")),
        *((name, param.opts[0]) for name, param in OPTIONS if "FILE" in str(param.metavar)),
    ],
)
def test_an_address_is_no_file(name: str, option: str | None, address: str, run: Run) -> None:
    words = [option, address] if option else [address]
    layer = ["lenet5"] if name == "network" else SMALL
    code, out, err = run(name, *layer, *words)
    assert (code, out) == (2, "")
    assert err == (
        f"convcalc: {option or 'SOURCE'} {address}: is an address, and convcalc opens files, "
        "not addresses; give the name of a file\n"
    )


@pytest.mark.parametrize("command", ["forward", "backward", "shift --by 1x0"])
def test_without_an_input_a_picture_would_do_too(command: str, run: Run) -> None:
    assert run(*command.split(), *SMALL[2:]) == (
        2,
        "",
        "convcalc: --input is missing; give WIDTHxHEIGHTxDEPTH, for example 227x227x3, "
        "or LENGTHxCHANNELS such as 60x1, or name an image or an .npy array as SOURCE\n",
    )
    for command in ("params", "solve"):
        assert "SOURCE" not in run(command).err


# --- a depth that comes first


FIRST = st.integers(1, 6)
OTHERS = st.integers(1, 40)


@given(FIRST, OTHERS, OTHERS)
def test_the_depth_seems_first_where_it_is_1_to_4_and_the_least(a: int, b: int, c: int) -> None:
    said = depth_first(Volume(a, b, c))
    assert (said is not None) == (a in (1, 2, 3, 4) and a < b and a < c)
    if said:
        assert said == (
            f"--input {a}x{b}x{c}: depth comes last, so this is {a} wide, {b} high and {c} deep; "
            f"for a depth of {a} give --input {c}x{b}x{a}"
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        *("params", "params --strict", "params --format csv", "params --as pytorch"),
        *("params --explain", "params --answer 5", "params --svg table.svg"),
        *("solve", "solve --format json", "forward", "forward --compare", "forward --at 0,0,0"),
        *("forward --format json", "forward --save y.npy", "backward", "shift --by 1x0"),
        *("demo --steps", "demo --gif d.gif", "demo --html d.html"),
    ],
)
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3x4x5", "3 wide, 4 high and 5 deep; for a depth of 3 give --input 5x4x3"),
        ("01X06x5", "1 wide, 6 high and 5 deep; for a depth of 1 give --input 5x6x1"),
        ("5x4x3", ""),
        ("3x3x4", ""),
    ],
)
def test_every_command_that_takes_an_input_warns(
    command: str, typed: str, said: str, run: Run
) -> None:
    name, *words = command.split()
    layer = ["--filter", "1", *([] if name == "solve" else ["--filters", "1"])]
    layer += ["--stride", "1", "--pad", "0"]
    code, out, err = run(name, "--input", typed, *layer, *words)
    assert code == 0
    assert out
    warning = f"convcalc: warning: --input {typed}: depth comes last, so this is {said}\n"
    assert err == (warning if said else "")


def test_a_misfit_and_a_depth_that_comes_first_are_two_warnings(run: Run) -> None:
    words = "params --input 4x9x9 --filter 2 --stride 2 --filters 1".split()
    _, _, err = run(*words)
    misfit, depth = err.splitlines()
    assert "floored to 4 (height)" in misfit
    assert depth.endswith("for a depth of 4 give --input 9x9x4")


@pytest.mark.parametrize(
    ("words", "refused"),
    [
        ("params --filter 5 --filters 2", "--filter 5: its width 5 is more than the 3 columns"),
        ("params --filter 2 --dilation 4 --filters 2", "--filter 2: its width 2, 5 with the"),
        ("params --filter 3 --groups 3 --filters 3", "--groups 3: does not divide the 32 input"),
        ("params --filter 3 --groups 2 --filters 3", "--groups 2: does not divide the 3 filters"),
        ("forward --filter 5 --filters 2", "--filter 5: its width 5"),
        ("backward --filter 5 --filters 2", "--filter 5: its width 5"),
        ("shift --by 1x0 --filter 5 --filters 2", "--filter 5: its width 5"),
        ("demo --filter 5 --pad 0", "--filter 5: its width 5"),
        ("demo --filter 5 --pad 0 --html page.html", "--filter 5: its width 5"),
        ("forward dark.png --filter 5 --filters 2", "--input 3x20x32: an image has no depth 32"),
        ("demo --image dark.png --filter 5", "--input 3x20x32: an image has no depth 32"),
    ],
)
def test_the_depth_last_is_the_advice_where_there_is_no_layer(
    words: str, refused: str, run: Run
) -> None:
    code, out, err = run(*words.split(), "--input", "3x20x32")
    assert (code, out) == (2, "")
    assert err.startswith(f"convcalc: {refused}")
    assert err.endswith("; depth comes last: give --input 32x20x3\n")
    assert len(err.splitlines()) == 1
    assert "at most" not in err


def test_the_advice_is_kept_where_the_depth_does_not_matter(run: Run) -> None:
    for words in ("--filter x --filters 2", "--filter 3", "--filter 3 --filters 2 --stride 0"):
        assert "depth" not in run("params", "--input", "3x20x32", *words.split()).err


@pytest.mark.parametrize(
    "changes",
    [
        {"filter": 5},
        {"filter": (1, 21)},
        {"filter": Volume(2, 2, 3)},
        {"groups": 3, "filters": 3},
        {"groups": 2, "filters": 3},
    ],
)
def test_python_gets_the_advice_in_the_error(changes: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as refusal:
        ConvLayer(**{"input": (3, 20, 32), "filter": 3, "filters": 2} | changes)
    assert str(refusal.value).endswith("; depth comes last: give input=(32, 20, 3)")


@pytest.mark.parametrize("command", ["forward", "backward", "shift --by 1x0", "forward --compare"])
def test_an_array_with_its_depth_first_is_told_how_to_turn_it(command: str, run: Run) -> None:
    layer = ["--filter", "2", "--filters", "2", "--stride", "1"]
    code, _, err = run(*command.split(), "first.npy", *layer)
    assert code == 0
    assert err == (
        "convcalc: warning: SOURCE first.npy: depth comes last in an array (H, W, D), so shape "
        "(3, 8, 9) is 3 high, 8 wide and 9 deep; for a depth of 3 save np.transpose(x, (1, 2, 0))\n"
    )
    assert run(*command.split(), "last.npy", *layer).err == ""
    for options, refused in (
        (["--filter", "5", "--filters", "2"], "--filter 5: its height 5 is more than the 3 rows"),
        (["--groups", "2", *layer], "--groups 2: does not divide the 9 input channels evenly"),
        (["--input", "9x8x3", *layer], "--input 9x8x3: does not match the array's 8x3x9"),
    ):
        code, out, err = run(*command.split(), "first.npy", *options)
        assert (code, out) == (2, "")
        assert err.startswith(f"convcalc: {refused}")
        assert err.endswith(
            "; an array is (H, W, D), depth last: save np.transpose(x, (1, 2, 0))\n"
        )
    turned = np.transpose(np.load("first.npy"), (1, 2, 0))
    np.save("turned.npy", turned)
    assert run(*command.split(), "turned.npy", "--input", "9x8x3", *layer).err == ""


# --- the help


@pytest.mark.parametrize("columns", ["60", "80", "200"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_the_help_is_whole_and_plain(
    command: str, columns: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    code, out, _ = run(*command.split(), "--help")
    assert code == 0
    assert "..." not in out.replace("COMMAND [ARGS]...", "")
    assert "<=" not in out
    assert "[default: (" not in out
    if not command:
        words = " ".join(out.split())
        for name in COMMANDS:
            summary = (command_named(name).help or "").split("\n\n")[0]
            assert f"{name} {summary}" in words


# --- one is one, and no line ends in blanks


EVERYTHING = [
    *(f"params --format {form}" for form in ("table", "json", "csv", "markdown", "latex")),
    *(f"params --explain --format {form}" for form in ("table", "json", "markdown", "latex")),
    *(f"params --as {framework}" for framework in ("pytorch", "keras", "flax", "numpy")),
    *(f"params --as {framework} --unshared" for framework in ("pytorch", "keras", "flax", "numpy")),
    *(f"params --answer {answer}" for answer in ("1", "2", "3", "1x1", "7x7x7", "34,944")),
    "params --explain --answer 2",
    "params --no-bias",
    *("forward", "forward --relu", "forward --unshared", "forward --tied", "forward --compare"),
    *("forward --at 0,0,0", "forward --at 0,0,0 --no-bias", "forward --explain"),
    *("forward --save y.npy --save y.png", "forward --at 0,9,9", "forward --at 9,0,0"),
    *("backward", "backward --check 1 --learning-rate 0.1", "backward --check 0"),
    *("backward --save y.npz --own", "shift --by 0x0", "shift --by 1x-1", "shift --by 9x9"),
    *(
        "demo --steps --stride 1 --pad 0",
        "demo --steps --gradient --pad 0",
        "demo --steps --unshared",
    ),
    "demo --gif y.gif --svg y.svg --pad 0 --stride 1",
]
LAYERS = {
    "one": "--input 1x1x1 --filter 1 --filters 1",
    "two": "--input 2x2x1 --filter 1 --stride 2 --filters 1",
    "ordinary": "--input 7x6x3 --filter 3 --filters 4",
    "over": "--input 1x3x1 --filter 1x2 --filters 1 --stride 1x4",
}
ALONE = [
    "solve --input 1x1x1 --filter 1 --stride 1 --pad 0",
    "solve --input 5x5x1 --output 1x1 --limit 1",
    "solve --input 5x5x1 --output 4x4 --max-params 1",
    "solve --input 5x5x1 --output 5x5 --filter 1 --stride 1 --max-params 1 --no-bias",
    "solve --input 5x5x1 --allow-floor --limit 1",
    "solve --input 227x227x3 --output 55x55",
    "solve --input 5x5x3 --output 9x9",
    "params --input 3x3x1 --filter 3 --filters 1 --groups 2",
    "params --input 4x4x2 --filter 3 --filters 1 --groups 2",
    "params --input 1x1x1 --filter 2 --filters 1",
    "params --input 3x1x1 --filter 1x2 --filters 1",
    *("shift --input 3x3x1 --filter 1 --filters 1 --by 1", "params --input 1", "solve --input 1"),
    *("params stray", "forward a b", "--help", "--version", "demo --input 40x9x1 --filter 1x1"),
    *("forward dark.png --filter 3 --filters 2", "backward dark.png --filter 3 --filters 1"),
    *("shift dark.png --by 2x0 --filter 3 --filters 1", "forward dark.png --filter 3 --filters 99"),
    *(
        f"network conv1-1,fc-1 --input 1x1x1 --columns all --format {form}"
        for form in ("table", "json", "csv", "markdown", "latex", "html")
    ),
    "network conv1-1,conv1-1 --input 1x1x1 --depth 1",
    *(f"{command} --help" for command in COMMANDS),
]
LINES = [f"{words} {layer}" for layer in LAYERS.values() for words in EVERYTHING] + ALONE

THINGS = (
    "(?:unused |own |other )?(?:input )?(?:pixel|column|row|filter|channel|weight|biase|parameter"
    "|layer|step|position|neuron|number|time|slice|depth slice|depth|map|feature map|entrie"
    "|gradient|multiply-add|byte|group|part|digit|argument|cell|picture|place)s"
)
SEVERAL = re.compile(rf"(?<![\w.,·x/−+:*])(?<!\d )1 {THINGS}\b(?! per\b| pixel\b)")


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["60", "200"])
@pytest.mark.parametrize("locale", ["C.UTF-8", "C"])
def test_one_is_one_and_no_line_ends_in_blanks(
    columns: str, locale: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("LC_ALL", locale)
    printed = 0
    for line in LINES:
        code, out, err = run(*line.split())
        assert code in (0, 2), (line, err)
        printed += bool(out)
        for text in (out + err).split("\n"):
            assert text == text.rstrip(), (line, text)
            assert not SEVERAL.search(text), (line, text)
    assert printed > 100
    for path in (*Path().glob("y.svg"), Path("page.html")):
        if path.exists():
            assert all(text == text.rstrip() for text in path.read_text().split("\n")), path


def test_the_search_for_several_finds_them() -> None:
    for text in (
        "the 1 rows",
        "has 1 parts",
        "is 1 numbers where",
        "1 columns of",
        "(1 input channels)",
    ):
        assert SEVERAL.search(text)
    for text in ("1 row", "21 rows", "1,001 rows", "3·1 rows", "0.1 steps"):
        assert not SEVERAL.search(text)


# --- the arrow, in two columns where a locale has ASCII only


@pytest.mark.slow
@pytest.mark.parametrize("command", ["params", "demo --steps --pad 0 --stride 3"])
def test_the_arrow_in_ascii_makes_no_line_too_wide(
    command: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    broken = set()
    for columns in range(36, 62):
        monkeypatch.setenv("COLUMNS", str(columns))
        _, out, _ = run(*command.split(), "--input", "11x10x3", *SMALL[2:])
        layer = next(text for text in out.split("\n") if text.startswith("11x10x3"))
        assert layer.startswith("11x10x3 -> ")
        assert max(map(len, out.splitlines())) <= columns
        broken.add(layer)
    assert len(broken) > 3


def test_a_step_leaves_room_for_the_arrow_on_a_full_screen() -> None:
    layer = ConvLayer(input=(11, 10, 3), filter=3, filters=2, stride=3)
    walk = Walk(layer, small_numbers(layer, 1))
    for width in range(36, 62):
        lines = step_lines(walk.state(0, Mode()), width, 80)
        assert max(len(line.plain.replace("→", "->")) for line in lines) <= width


@pytest.mark.slow
def test_a_table_is_aligned_in_ascii_as_it_is_in_utf8(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_chance = [line for line in LINES if line.split()[0] in ("params", "solve", "demo")]
    in_utf8 = [run(*line.split()).out.replace("→", "->") for line in without_chance]
    monkeypatch.setenv("LC_ALL", "C")
    for line, expected in zip(without_chance, in_utf8, strict=True):
        lines = run(*line.split()).out.splitlines()
        assert list(map(len, lines)) == list(map(len, expected.splitlines())), line
