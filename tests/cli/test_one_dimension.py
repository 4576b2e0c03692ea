"""`--input 60x1`: what every screen and format says of a layer of one dimension."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import Run

ASKED = "--input 60x1 --filter 40 --filters 7"
LAYERS = (
    ASKED,
    "--input 61x4 --filter 5 --stride 3 --pad same --dilation 2 --groups 2 --filters 6 --no-bias",
    "--input 30x2 --filter 4 --stride 5 --pad 1x2 --filters 3",
    "--input 1x1 --filter 1 --filters 1",
)
SECOND = re.compile(
    r"\b([Hh]eights?|[Ww]idths?|[Cc]olumns?|[Rr]ows|[Pp]ixels?|F?H(_out)?|FW|W_out)\b"
)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize(
    "more",
    [
        "",
        "--explain",
        "--answer 21x7",
        "--answer 60",
        "--answer 280 --explain",
        *(f"--format {form}" for form in ("csv", "markdown", "latex")),
        *(f"--format {form} --explain" for form in ("markdown", "latex")),
    ],
)
def test_nothing_speaks_of_a_second_side(
    layer: str, width: int, more: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--version")
    monkeypatch.setenv("COLUMNS", str(width))
    done = run("params", *layer.split(), *more.split())
    assert done.code == 0
    text = done.out.replace(r"\linewidth", "") + done.err
    assert not SECOND.search(text)
    if more == "":
        assert "length: " in text
        assert max(map(len, done.out.splitlines())) <= width


def test_the_screen(run: Run) -> None:
    lines = run("params", *ASKED.split()).out.splitlines()
    assert lines[:4] == [
        "60x1 → 21x7: 7 filters of 40x1, stride 1, pad 0",
        "",
        "length: (L − F + 2·P)/S + 1 = (60 − 40 + 2·0)/1 + 1 = 21",
        "neurons: 21·7 = 147, each with 40·1 = 40 weights and 1 bias",
    ]


def test_the_derivation(run: Run) -> None:
    steps = re.findall(r"^ ?\d+\. (.*)", run("params", *ASKED.split(), "--explain").out, re.M)
    for sum_ in (
        "length: (L − F + 2·P)/S + 1 = (60 − 40 + 2·0)/1 + 1 = 21",
        "neurons: L_out·K = 21·7 = 147",
        "weights per neuron: F·D = 40·1 = 40",
        "fully connected parameters: neurons·(L·D + 1) = 147·(60·1 + 1) = 8,967",
    ):
        assert sum_ in steps


def test_the_filter_slides_along_one_row(run: Run) -> None:
    out = run("params", *"--input 7x2 --filter 3 --stride 3 --filters 1 --explain".split()).out
    assert out.endswith(
        "sliding along the length\n"
        "(. sample, # seen, x left over)\n"
        "row        . . . . . . .\n"
        "output 0   # # # . . . .\n"
        "output 1   . . . # # # .\n"
        "left over              x\n"
    )


def test_json_keeps_its_keys_and_says_how_many_dimensions(run: Run) -> None:
    record = json.loads(run("params", *ASKED.split(), "--format", "json").out)
    assert record["dimensions"] == 1
    assert record["input"] == {"width": 60, "height": 1, "depth": 1}
    assert record["output"] == {"width": 21, "height": 1, "depth": 7}
    flat = json.loads(
        run("params", *"--input 60x1x1 --filter 40x1 --filters 7 --format json".split()).out
    )
    shapes = {
        "padded": {"width": 60, "depth": 1},
        "weights_shape": {"channels_last": [7, 40, 1], "channels_first": [7, 1, 40]},
    }
    assert record == flat | {"dimensions": 1} | shapes
    assert flat["dimensions"] == 2


def test_three_numbers_stay_what_they_were(run: Run) -> None:
    lines = run("params", *"--input 60x1x1 --filter 40x1 --filters 7".split()).out.splitlines()
    assert lines[0] == "60x1x1 → 21x1x7: 7 filters of 40x1x1, stride 1, pad 0"
    assert lines[2] == "width: (W − FW + 2·P)/S + 1 = (60 − 40 + 2·0)/1 + 1 = 21"


def test_what_is_left_over_is_samples(run: Run) -> None:
    err = run("params", *"--input 60x1 --filter 40 --stride 3 --filters 7".split()).err
    # 20 = 6·3 + 2 samples; 61 = 40 + 7·3 is nearer than 58 = 40 + 6·3; 2·2 + 20 = 8·3
    assert err == (
        "convcalc: warning: (60 − 40 + 2·0)/3 + 1 = 20/3 + 1 = 7 2/3, floored to 7 (length): the "
        "last 2 samples are never looked at; what fits: --pad 2, --stride 2, --input 61x1 or 58x1\n"
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            "--input 60x1 --filter 40x1x1 --filters 7",
            "--filter 40x1x1: is 3 numbers where 1 or 2 are needed; in one dimension give one "
            "number such as 11; two are for an input of WIDTHxHEIGHTxDEPTH",
        ),
        (
            "--input 1x60 --filter 40 --filters 7",
            "--filter 40: its length 40 is more than the 1 sample of the padded input; "
            "depth comes last: give --input 60x1",
        ),
        (
            "--input 60x1 --filters 7",
            "--filter is missing; in one dimension give one number such as 11; two are for an "
            "input of WIDTHxHEIGHTxDEPTH",
        ),
        ("--input 60x1 --filter 40", "--filters is missing; give how many, for example 96"),
    ],
)
def test_refusals(asked: str, message: str, run: Run) -> None:
    assert run("params", *asked.split()) == (2, "", f"convcalc: {message}\n")


@pytest.mark.parametrize(
    ("asked", "warning"),
    [
        (
            "--input 1x60 --filter 1",
            "--input 1x60: depth comes last, so this is 1 long and 60 deep; "
            "for a depth of 1 give --input 60x1",
        ),
        (
            "--input 28x28 --filter 3",
            "--input 28x28: two numbers are length x channels, so this is 28 long and 28 deep; "
            "for a picture give its depth too, such as --input 28x28x3",
        ),
    ],
)
def test_what_may_have_been_meant(asked: str, warning: str, run: Run) -> None:
    done = run("params", *asked.split(), "--filters", "7", "--format", "csv")
    assert (done.code, done.err) == (0, f"convcalc: warning: {warning}\n")


@pytest.mark.parametrize(
    "picture",
    # sizes of pictures: square, 4:3, 16:9, upright, 3:2, 21:9, and 5:2, beyond which it is none
    "2x2 32x32 640x480 320x240 1280x720 1920x1080 480x640 1080x1920 300x200 2560x1080 65x65 "
    "66x65 200x80 80x200".split(),
)
def test_a_picture_without_its_depth_is_doubted(picture: str, run: Run) -> None:
    done = run("params", "--input", picture, "--filter", "1", "--filters", "2")
    length, channels = picture.split("x")
    assert done.code == 0
    assert done.err == (
        f"convcalc: warning: --input {picture}: two numbers are length x channels, so this is "
        f"{length} long and {channels} deep; for a picture give its depth too, such as "
        f"--input {picture}x3\n"
    )


@pytest.mark.parametrize(
    "series",
    # a signal, sensors, spectrograms, hidden layers, words as vectors, audio
    "60x1 1x1 1000x3 44100x2 128x9 1000x64 65x64 100x64 3000x80 201x80 12x16 6x16 50x300 100x300 "
    "16000x128 400x40".split(),
)
def test_a_series_is_not(series: str, run: Run) -> None:
    done = run("params", "--input", series, "--filter", "1", "--filters", "2")
    assert (done.code, done.err) == (0, "")


# --- passes run on it as on a layer of height 1

SERIES = "--input 9x1 --filter 3 --stride 2 --filters 2"


@pytest.mark.parametrize(
    "command",
    [
        f"forward {SERIES} --seed 1",
        f"forward {SERIES} --seed 1 --at 2,1",
        f"forward {SERIES} --seed 1 --unshared --pad 0x2",
        f"forward {SERIES} --seed 1 --compare",
        f"backward {SERIES} --seed 1 --learning-rate 0.1",
        f"shift {SERIES} --seed 1 --by 2",
        f"shift {SERIES} --seed 1 --by -1",
        f"demo {SERIES} --pad 1 --steps",
        f"demo {SERIES} --pad 0x2 --steps --gradient --unshared",
        "demo --input 99x1 --filter 50 --stride 2 --pad 0 --filters 9 --steps",
    ],
)
def test_no_screen_speaks_of_a_second_side(command: str, run: Run) -> None:
    done = run(*command.split())
    assert done.code == 0
    assert not SECOND.search(done.out + done.err)


@pytest.fixture
def arrays(tmp_path: Path) -> dict[str, str]:
    """A series 0, 1, ..., 8 in every shape it may be saved in, and weights 1, 10, 100."""
    x = np.arange(9.0)
    saved = {"series": x[:, None], "flat": x[None, :, None], "transposed": x[None, :]}
    saved["weights"] = np.array([1.0, 10.0, 100.0]).reshape(1, 1, 3, 1)
    for name, array in saved.items():
        np.save(tmp_path / f"{name}.npy", array)
    return {name: str(tmp_path / f"{name}.npy") for name in saved}


@pytest.mark.parametrize("shape", ["series", "flat"])
def test_an_array_of_a_series_is_run(
    shape: str, arrays: dict[str, str], run: Run, tmp_path: Path
) -> None:
    words = f"--input 9x1 --stride 3 --weights {arrays['weights']} --save {tmp_path / 'y.npy'}"
    done = run("forward", arrays[shape], *words.split())
    assert (done.code, done.out.splitlines()[0]) == (
        0,
        "9x1 → 3x1: 1 filter of 3x1, stride 3, pad 0",
    )
    # 0·1 + 1·10 + 2·100, and three further on 3·111 more
    assert np.load(tmp_path / "y.npy").tolist() == [[[210], [543], [876]]]


def test_an_array_with_its_channels_first_is_refused(arrays: dict[str, str], run: Run) -> None:
    words = "--input 9x1 --filter 3 --filters 1"
    assert run("forward", arrays["transposed"], *words.split()) == (
        2,
        "",
        "convcalc: --input 9x1: does not match the array's 1x9; an array of a series is "
        "(length, channels): save x.T\n",
    )


def test_an_array_of_two_axes_needs_the_input_that_says_so(
    arrays: dict[str, str], run: Run
) -> None:
    err = run("forward", arrays["series"], *"--filter 3 --filters 1".split()).err
    assert "has shape (9, 1); give an image such as a PNG or JPEG" in err


def test_one_cell_of_a_series(arrays: dict[str, str], run: Run) -> None:
    words = f"--input 9x1 --stride 3 --weights {arrays['weights']} --at 1,0"
    out = run("forward", arrays["series"], *words.split()).out
    assert "position 1, slice 0: in NumPy output[0, 1, 0]" in out
    assert "it sees x[0:1, 3:6, 0:1] and multiplies with w[0]" in out
    assert "sum of the products: 543\n" in out
    assert "Shared: 2 other cells of depth slice 0 (3 − 1) use the same 3 weights." in out


def test_one_step_of_a_demo(run: Run) -> None:
    words = "--input 4x1 --filter 3 --stride 1 --pad 0 --filters 1 --seed 1 --steps"
    steps = re.findall("^forward, shared: .*", run("demo", *words.split()).out, re.MULTILINE)
    assert steps == [
        f"forward, shared: step {step} of 2, filter 0, position {step - 1}" for step in (1, 2)
    ]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            f"forward {SERIES} --at 1,0,0",
            "--at 1,0,0: is 3 of the 2 numbers needed; give POSITION,SLICE of the output 4x2, "
            "for example 0,0",
        ),
        (
            f"forward {SERIES} --at 4,0",
            "--at 4,0: there is no position 4; positions are 0 to 3; give POSITION,SLICE of the "
            "output 4x2, for example 0,0",
        ),
        (
            f"shift {SERIES} --by 2x0",
            "--by 2x0: is 2 numbers where 1 is needed; in one dimension give the samples to "
            "shift by, for example 8 or -4",
        ),
    ],
)
def test_what_a_pass_cannot_be_asked_of_a_series(command: str, message: str, run: Run) -> None:
    assert run(*command.split()) == (2, "", f"convcalc: {message}\n")


def test_a_picture_is_no_series(run: Run, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (9, 9)).save(tmp_path / "picture.png")
    done = run("forward", str(tmp_path / "picture.png"), *SERIES.split())
    assert done.code == 2
    assert done.err.startswith(
        "convcalc: --input 9x1: has one dimension, and SOURCE is a picture; give WIDTH"
    )
