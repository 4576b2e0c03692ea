"""Command lines nobody should type: each is done, or refused in one sentence, and never more."""

import csv
import io
import json
import math
import os
import pty
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from support.commands import Done, check, convcalc, is_one_line_of_print, refused

LAYER_OPTIONS = ["input", "filter", "stride", "pad", "filters", "dilation", "groups"]
ALEXNET = "--input 227x227x3 --filter 11 --stride 4 --filters 96".split()
SMALL = "--input 6x5x3 --filter 3 --filters 2".split()
FEW_STEPS = "--input 3x2x1 --filter 2 --filters 2".split()
UNCHANGED = b"what was here before"


def examples(count: int) -> settings:
    """Return settings for this many examples, the same in every run."""
    return settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


# --- the folder the command lines run in


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Stand in a folder of good, bad and impossible files, in a UTF-8 locale."""
    folder = tmp_path_factory.mktemp("hostile")
    rng = np.random.default_rng(0)
    np.save(folder / "input.npy", rng.normal(size=(5, 6, 3)))
    np.save(folder / "weights.npy", rng.normal(size=(2, 3, 3, 3)))
    np.save(folder / "bias.npy", rng.normal(size=2))
    np.save(folder / "upstream.npy", rng.normal(size=(3, 4, 2)))
    np.save(folder / "flat.npy", rng.normal(size=(5, 6)))
    Image.fromarray(rng.integers(0, 256, (5, 6, 3), np.uint8)).save(folder / "picture.png")
    (folder / "notes.png").write_text("not a picture")
    (folder / "notes.npy").write_text("not an array")
    (folder / "empty.npy").touch()
    (folder / "existing.npy").write_bytes(UNCHANGED)
    (folder / "existing.png").write_bytes(UNCHANGED)
    (folder / "directory").mkdir()
    (folder / "directory.npy").mkdir()
    os.mkfifo(folder / "pipe")
    os.mkfifo(folder / "pipe.npy")
    (folder / "zero.npy").symlink_to("/dev/zero")
    (folder / "full.npy").symlink_to("/dev/full")
    (folder / "full.png").symlink_to("/dev/full")
    (folder / "loop.npy").symlink_to(folder / "loop.npy")
    (folder / "gone.npy").symlink_to(folder / "nowhere" / "gone.npy")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("COLUMNS", "80")
        patch.delenv("PYTHONUNBUFFERED", raising=False)
        yield folder


def contents() -> dict[str, bytes | None]:
    """Return every entry of this folder; None for what is not a regular file."""
    return {
        entry.name: Path(entry).read_bytes() if entry.is_file(follow_symlinks=False) else None
        for entry in os.scandir()
    }


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Fail a test that leaves a temporary file in the folder, and tidy up what others need."""
    yield
    left_over = [entry.name for entry in os.scandir() if entry.name.startswith(".convcalc")]
    for name in ("existing.npy", "existing.png"):
        Path(name).write_bytes(UNCHANGED)
    assert not left_over


def convcalc_in_folder(*arguments: str) -> Done:
    """Run a command line; assert the contract, and that a refusal leaves the folder as it was.

    A failure (1) may come after another target was already saved whole.
    """
    before = contents()
    done = convcalc(*arguments)
    after = contents()
    for name in after.keys() - before.keys():
        Path(name).unlink()
    for name, data in before.items():
        if data is not None and after.get(name) != data:
            Path(name).write_bytes(data)
    check(done)
    changed = {name for name in after if name not in before or after[name] != before[name]}
    assert before.keys() <= after.keys()
    assert changed <= (set(arguments) if done.code != 2 else set()), arguments
    return done


def same_as_before(name: str) -> bool:
    """Whether a file that was there still holds what it held."""
    return Path(name).read_bytes() == UNCHANGED


# --- generated command lines

CURSED = [
    *["", " ", "\t", "-", "--", "---", "=", "x", "xx", "×", "3x", "x3", "3x3x", "x3x3", "3xx3"],
    *["-1", "-0", "+3", "+-3", "1.5", "1e3", "1,000", "1_000", "0x10", "nan", "inf", "NaN", "None"],
    *["٣", "３", "½", "²", "Ⅷ", "三", "3\u0660", "3\u200b", "\u202e3", "\ufeff3", "🯳", "ﬀ"],
    *["\x1b[31m", "\x1b]0;owned\x07", "\x9b31m", "\x00", "a\x00b", "3\n", "3\r\n3", "\b\b", "\x7f"],
    *["\udcff", "\udcff\udcfe.npy", "\ud800", "9" * 30, "9" * 600, "9" * 601, "9" * 5000],
    *["-" + "9" * 5000, "0" * 5000 + "3", "3x" * 3000, "9" * 600 + "x2", "2x" + "9" * 600],
    *["same", "SAME", "valid", "true", "%s%n", "{0}", "$(id)", "'", '"', "\\", "[bold]x[/]"],
]
PATHS = [
    *["input.npy", "weights.npy", "bias.npy", "flat.npy", "notes.npy", "empty.npy", "pipe.npy"],
    *["picture.png", "notes.png", "directory", "directory.npy", "pipe", "missing.npy", "zero.npy"],
    *["loop.npy", "gone.npy", "full.npy", "/dev/zero", "/dev/full", "/dev/null", "a" * 300],
    *["random", "edges", "blur", "sharpen", "gabor", "Gabor", "/", "input.npy/", "input.npy/x.npy"],
]
TARGETS = [
    *[
        "new.npy",
        "new.png",
        "new.npz",
        "full.npz",
        "existing.npy",
        "existing.png",
        "new.NPY",
        "new.jpg",
        "new",
        ".npy",
    ],
    *["directory", "directory.npy", "pipe.npy", "full.npy", "full.png", "/dev/full", "/dev/null"],
    *["nowhere/new.npy", "/proc/self/new.npy", "notes.png/new.npy", "a" * 300 + ".png"],
    *["\x1b[31m.npy", "\udcff.npy", "a\nb.npy", "", " .npy", "-.npy", "é.npy", "gone.npy"],
]


Words = tuple[str, ...]


def parts(text: str) -> list[Words]:
    """Return the parts of a command line that slashes part in a text."""
    return [tuple(part.split()) for part in text.split("/")]


def choices(text: str) -> st.SearchStrategy[Words]:
    """Return a strategy for one of several parts of a command line, parted by slashes."""
    return st.sampled_from(parts(text))


GOOD = {
    "params": parts(
        "--stride 1/--stride 2x3/--pad 0/--pad 2/--pad 1x2/--pad 1x0x0x2/--pad same/--pad valid/"
        "--filters 9/--filter 2x1/--dilation 2/--dilation 1x2/--groups 1/--input 9x9x3/--no-bias/"
        "--format table/--format json/--format csv/--format markdown/--format latex/--strict/"
        "--dtype float16/--dtype float32/--dtype float64"
    ),
    "forward": parts(
        "--stride 1/--stride 2x3/--pad 2/--pad 1x0x0x2/--pad same/--pad valid/--dilation 1x2/"
        "--filters 9/--filter 2x1/--no-bias/--relu/--format table/--format json/--seed 7/--seed 8/"
        "--dtype float32/--dtype float64/--weights weights.npy/--weights gabor/--weights blur/"
        "--weights edges/--bias bias.npy/--save new.npy/--save existing.png/input.npy/picture.png/"
        "--unshared/--tied"
    ),
    "backward": parts(
        "--stride 1/--stride 2x3/--pad 2/--pad 1x0x0x2/--pad same/--dilation 1x2/--filters 9/"
        "--filter 2x1/--no-bias/--format table/--format json/--seed 7/--dtype float32/"
        "--weights weights.npy/--weights gabor/--save new.npz/--own --save new.npz/input.npy/"
        "picture.png/--check 0/--check 3/--check 200/--learning-rate 0.1/--learning-rate -1e9/"
        "--learning-rate 0/--upstream upstream.npy"
    ),
    "shift": parts(
        "--stride 1/--stride 2x3/--pad 2/--pad 1x0x0x2/--pad same/--dilation 1x2/--filters 9/"
        "--filter 2x1/--no-bias/--format table/--format json/--seed 7/--dtype float64/"
        "--weights weights.npy/--weights gabor/input.npy/picture.png/--by 0x0/--by -2x1/--by 3x3/"
        "--by 999999999999x-9999999999999"
    ),
    "demo": parts(
        "--stride 1/--stride 2x3/--pad 2/--pad 1x0x0x2/--pad same/--dilation 1x2/--filters 3/"
        "--filter 2x1/--no-bias/--seed 7/--unshared/--gradient/--steps/--image picture.png/"
        "--input 4x2x3/--gif new.gif/--svg new.svg"
    ),
}
ODD = choices(
    "--dtype float16/--dtype int8/--dtype/--format yaml/--format JSON/--format/--seed -1/--strict/"
    "--seed 9223372036854775807/--seed 9223372036854775808/--no-bias/--relu/--/-h/--help/--bogus/"
    "-x/--input/--stri/--strict=1/--save=/--save/--pad=/--filters=/--version/--groups 3/--groups 2"
)

cursed = st.one_of(
    st.sampled_from(CURSED),
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.text("0123456789x×.-+ ", max_size=8),
)
small = st.sampled_from(["1", "2", "3", "5"])
size = small | st.sampled_from(["0", "9", "10000000000000", "9" * 30, "9" * 600])
spans = st.lists(size, min_size=1, max_size=4).map("x".join)
path = st.sampled_from(PATHS)
bad = st.one_of(
    ODD,
    st.tuples(st.sampled_from([f"--{name}" for name in LAYER_OPTIONS]), cursed | spans | path),
    st.tuples(st.sampled_from(["--dtype", "--format", "--seed"]), cursed),
    st.tuples(st.sampled_from(["--weights", "--bias", "--upstream"]), cursed | path),
    st.tuples(st.sampled_from(["--by", "--check", "--learning-rate"]), cursed | spans),
    st.tuples(st.just("--save"), st.sampled_from(TARGETS)),
    st.tuples(cursed.map("--input={}".format)),
    st.tuples(cursed | path),
)
commands = st.sampled_from(sorted(GOOD))


def joined(parts: Iterable[Words]) -> list[str]:
    return [word for part in parts for word in part]


def start_of(command: str) -> list[str]:
    """Return a command line that can be done as it is, and that may be gone on with."""
    layer = FEW_STEPS if command == "demo" else SMALL
    return [command, *layer, *(["--by", "1x0"] if command == "shift" else [])]


Line = tuple[Words, ...]


def sets(part: Words) -> Words:
    """Return what a part sets, which a later one with the same would set anew."""
    operand = not part[0].startswith("--")
    return ("SOURCE",) if operand else part if part[0] == "--save" else part[:1]


def pairs(line: Line) -> set[Line]:
    """Return the first two parts, and every two in their order that both are in force."""
    in_force = line[sets(line[0]) == sets(line[1]) :]
    return {line[:2], *combinations(in_force, 2)}


def longer(line: Line, command: str, untried: set[Line]) -> Line:
    """Return the line gone on with by the part that tries the most pairs not tried yet."""
    lines = [(*line, p) for p in GOOD[command] if sets(p) not in map(sets, line)]
    return max(lines, key=lambda line: len(untried & pairs(line)))


@st.composite
def nearly_good(draw: st.DrawFn) -> list[str]:
    """Return a command line: a good layer, good options and a few bad ones among them."""
    command = draw(commands)
    good = draw(st.lists(st.sampled_from(GOOD[command]), max_size=4))
    spoilt = draw(st.lists(bad, min_size=1, max_size=2))
    return [*start_of(command), *joined(draw(st.permutations(good + spoilt)))]


@pytest.mark.slow
@examples(300)
@given(st.lists(cursed | commands | st.just("--version"), max_size=4))
def test_words_at_random_are_never_a_traceback(words: list[str]) -> None:
    convcalc_in_folder(*words)


@pytest.mark.slow
@examples(300)
@given(commands, st.lists(bad, max_size=8).map(joined))
def test_options_at_random_are_done_or_refused(command: str, words: list[str]) -> None:
    convcalc_in_folder(command, *words)


@pytest.mark.slow
@pytest.mark.parametrize("command", GOOD)
def test_any_two_good_options_in_either_order_are_done_or_refused(command: str) -> None:
    """Each line tries six pairs at once; in one that is refused, it tries its first pair alone."""
    untried = set(product(GOOD[command], repeat=2))
    while untried:
        pair = min(untried)
        line = longer(longer(pair, command, untried), command, untried)
        if convcalc_in_folder(*start_of(command), *joined(line)).code == 0:
            untried -= pairs(line)
        else:
            convcalc_in_folder(*start_of(command), *joined(pair))
            untried.remove(pair)


@pytest.mark.slow
@examples(700)
@given(nearly_good())
def test_good_options_with_bad_ones_among_them_are_done_or_refused(words: list[str]) -> None:
    convcalc_in_folder(*words)


@pytest.mark.slow
@examples(500)
@given(
    commands,
    st.fixed_dictionaries(
        {
            "input": st.tuples(size, size, size).map("x".join),
            "filter": small | spans,
            "filters": size,
        },
        optional={
            "stride": size | spans,
            "pad": size | st.just("same") | spans,
            "dilation": small | spans,
            "groups": small,
        },
    ),
    st.lists(choices("--no-bias/--format json/--save new.png/--save new.npy/--strict"), max_size=2),
)
def test_numbers_of_any_size_in_their_right_places_are_done_or_refused(
    command: str, layer: dict[str, str], words: list[Words]
) -> None:
    layer_words = joined([(f"--{option}", text) for option, text in layer.items()])
    mine = [word for word in words if (word[0] == "--strict") == (command == "params")]
    convcalc_in_folder(command, *layer_words, *joined(mine))


@pytest.mark.slow
@examples(300)
@given(
    choices("--save new.npy/--save existing.npy/--save existing.png/--format json/--relu"),
    st.sampled_from(TARGETS),
    small,
    st.sampled_from(["1", "9", "10000000000000", "9" * 600]),
)
def test_saving_anywhere_is_done_whole_or_not_at_all(
    words: Words, target: str, filter: str, filters: str
) -> None:
    layer = ["--filter", filter, "--filters", filters]
    convcalc_in_folder("forward", "input.npy", *layer, *words, "--save", target)


@pytest.mark.slow
@examples(300)
@given(
    st.sampled_from(["input.npy", "picture.png"]) | path,
    st.sampled_from(["weights.npy", "random", "gabor", "edges"]) | path,
    st.sampled_from(["", "bias.npy"]) | path,
)
def test_any_file_as_any_operand_is_done_or_refused(source: str, weights: str, bias: str) -> None:
    words = [source, "--weights", weights, *(["--bias", bias] if bias else [])]
    convcalc_in_folder("forward", *words, "--filter", "3", "--filters", "2", "--save", "new.npy")


# --- well-formed requests, against facts found by sliding and counting


class Side(NamedTuple):
    """One axis as typed."""

    size: int
    filter: int
    stride: int
    before: int
    after: int
    dilation: int

    def taps(self, first: int) -> list[int]:
        """Return the padded pixels the filter sees when it starts at one of them."""
        return [first + self.dilation * tap for tap in range(self.filter)]

    def starts(self) -> list[int]:
        """Return where the filter can start, found by trying every pixel of the padded row."""
        row = range(self.before + self.size + self.after)
        return [p for p in row if p % self.stride == 0 and self.taps(p)[-1] in row]

    def tiles(self) -> bool:
        """Whether the last window ends at the last pixel."""
        return self.taps(self.starts()[-1])[-1] == self.before + self.size + self.after - 1


side = st.builds(
    Side,
    size=st.integers(1, 12),
    filter=st.integers(1, 5),
    stride=st.integers(1, 4),
    before=st.integers(0, 3),
    after=st.integers(0, 3),
    dilation=st.integers(1, 3),
)


class Typed(NamedTuple):
    """A layer whose every option has the right form, though it may not exist."""

    x: Side
    y: Side
    depth: int
    filters: int
    groups: int

    def words(self) -> list[str]:
        """Return the options."""
        x, y = self.x, self.y
        return [
            *("--input", f"{x.size}x{y.size}x{self.depth}", "--filter", f"{x.filter}x{y.filter}"),
            *("--stride", f"{x.stride}×{y.stride}", "--dilation", f"{x.dilation}X{y.dilation}"),
            *("--pad", f"{x.before}x{x.after}x{y.before}x{y.after}"),
            *("--filters", str(self.filters), "--groups", str(self.groups)),
        ]

    def fault(self) -> str:
        """Name the option that makes the layer impossible, or nothing."""
        if self.depth % self.groups or self.filters % self.groups:
            return "--groups"
        return "" if self.x.starts() and self.y.starts() else "--filter"


typed = st.builds(Typed, side, side, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
possible = typed.filter(lambda layer: not layer.fault())


@pytest.mark.slow
@examples(400)
@given(typed, st.sampled_from(["float16", "float32", "float64"]), st.booleans())
def test_a_layer_is_counted_as_sliding_windows_count_it(
    layer: Typed, dtype: str, bias: bool
) -> None:
    words = [*layer.words(), "--dtype", dtype, *([] if bias else ["--no-bias"])]
    done = convcalc("params", *words, "--format", "json")
    if layer.fault():
        refused(done, 2, layer.fault())
        return
    check(done)
    record = json.loads(done.out)
    neurons = list(product(layer.x.starts(), layer.y.starts(), range(layer.filters)))
    window = len(list(product(range(layer.x.filter), range(layer.y.filter)))) * layer.depth
    per_neuron = window // layer.groups + bias
    everything = layer.x.size * layer.y.size * layer.depth + bias
    totals = {
        "fully_connected": sum(everything for _ in neurons),
        "unshared": sum(per_neuron for _ in neurons),
        "shared": sum(per_neuron for _ in range(layer.filters)),
    }
    assert done.code == 0
    assert record["output"] == {
        "width": len(layer.x.starts()),
        "height": len(layer.y.starts()),
        "depth": layer.filters,
    }
    assert record["neurons"] == len(neurons)
    assert {rung: counts["total"] for rung, counts in record["parameters"].items()} == totals
    size = np.dtype(dtype).itemsize
    assert record["parameters"]["unshared"]["bytes"] == totals["unshared"] * size
    assert ("never looked at" in done.err) == (not (layer.x.tiles() and layer.y.tiles()))


@pytest.mark.slow
@examples(200)
@given(possible)
def test_every_format_gives_the_same_total(layer: Typed) -> None:
    neurons = len(layer.x.starts()) * len(layer.y.starts()) * layer.filters
    total = neurons * (layer.x.filter * layer.y.filter * layer.depth // layer.groups + 1)
    texts = {}
    for format in ("table", "csv", "markdown", "latex"):
        done = convcalc("params", *layer.words(), "--format", format)
        check(done)
        assert done.code == 0
        texts[format] = done.out
    rows = {row["connection"]: row for row in csv.DictReader(io.StringIO(texts.pop("csv")))}
    assert int(rows["unshared"]["parameters"]) == total
    for text in texts.values():
        assert re.search(rf"(?<![\d,]){total:,}(?![\d,])", text), text


@pytest.mark.slow
@examples(200)
@given(possible)
def test_strict_refuses_exactly_the_layers_that_leave_pixels_over(layer: Typed) -> None:
    done = convcalc("params", *layer.words(), "--strict")
    if layer.x.tiles() and layer.y.tiles():
        check(done)
        assert done.code == 0
        assert "never looked at" not in done.err
    else:
        refused(done, 2, "--stride", "never looked at")


def slid(layer: Typed, x: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Return the forward pass as sums over windows taken one by one from the padded input."""
    pads = ((layer.y.before, layer.y.after), (layer.x.before, layer.x.after), (0, 0))
    padded = np.pad(x, pads)
    rows, columns = layer.y.starts(), layer.x.starts()
    output = np.empty((len(rows), len(columns), layer.filters))
    channels = np.split(np.arange(layer.depth), layer.groups)
    for (i, top), (j, left), k in product(
        enumerate(rows), enumerate(columns), range(layer.filters)
    ):
        seen = channels[k * layer.groups // layer.filters]
        window = padded[layer.y.taps(top)][:, layer.x.taps(left)][:, :, seen]
        output[i, j, k] = (window * weights[k]).sum() + bias[k]
    return output


@pytest.mark.slow
@examples(150)
@given(possible, st.booleans(), st.integers(0, 2**32))
def test_a_pass_saves_what_windows_taken_one_by_one_give(
    layer: Typed, relu: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(layer.y.size, layer.x.size, layer.depth))
    depth = layer.depth // layer.groups
    weights = rng.normal(size=(layer.filters, layer.y.filter, layer.x.filter, depth))
    bias = rng.normal(size=layer.filters)
    for name, array in {"x.npy": x, "w.npy": weights, "b.npy": bias}.items():
        np.save(name, array)
    words = ["x.npy", "--weights", "w.npy", "--bias", "b.npy", *layer.words()]
    words += ["--dtype", "float64", "--format", "json", *(["--relu"] if relu else [])]
    done = convcalc("forward", *words, "--save", "y.npy")
    check(done)
    assert done.code == 0
    expected = slid(layer, x, weights, bias)
    if relu:
        expected[expected < 0] = 0
    saved = np.load("y.npy")
    np.testing.assert_allclose(saved, expected, rtol=0, atol=1e-12)
    stats = json.loads(done.out)["output_stats"]
    assert math.isclose(stats["mean"], expected.mean(), abs_tol=1e-12)


@pytest.mark.slow
@examples(60)
@given(st.integers(0, 2**63 - 1), st.sampled_from(["float32", "float64"]))
def test_a_seed_gives_the_same_numbers_again_and_is_shown(seed: int, dtype: str) -> None:
    words = ["forward", *SMALL, "--seed", str(seed), "--dtype", dtype, "--format", "json"]
    first, second = (json.loads(convcalc(*words).out) for _ in range(2))
    assert first["seed"] == seed
    assert first["map_stats"] == second["map_stats"]
    assert len({stats["mean"] for stats in first["map_stats"]}) == 2


# --- refusals name what was wrong


@pytest.mark.parametrize("command", sorted(GOOD))
@pytest.mark.parametrize("option", LAYER_OPTIONS)
@pytest.mark.parametrize(
    "text", ["0", "-1", "-4x4", "1.5", "3x3x3x3x3", "", "three", "٣", "1e3", "3 x", "9" * 601]
)
def test_a_bad_layer_option_is_named_with_its_value(command: str, option: str, text: str) -> None:
    if (option, text) == ("pad", "0"):
        text = "x0"
    done = convcalc_in_folder(command, *SMALL, f"--{option}={text}")
    said = [text or "''"] if len(text) <= 60 else [text[:28], "...", text[-28:]]
    refused(done, 2, f"convcalc: --{option} ", *said)
    assert len(done.err) < 400


@pytest.mark.parametrize("command", sorted(set(GOOD) - {"demo"}))  # which has its own layer
@pytest.mark.parametrize("option", ["input", "filter", "filters"])
def test_a_missing_option_is_named(command: str, option: str) -> None:
    layer = {"input": "6x5x3", "filter": "3", "filters": "2"}
    del layer[option]
    done = convcalc(command, *joined([(f"--{k}", v) for k, v in layer.items()]))
    refused(done, 2, f"--{option} ", "missing")


@pytest.mark.parametrize(
    ("words", "needles"),
    [
        (["params", *SMALL, "--dtype", "int8"], ["--dtype", "int8", "float32"]),
        (["forward", *SMALL, "--dtype", "float16"], ["--dtype", "float16", "float32"]),
        (["params", *SMALL, "--format", "yaml"], ["--format", "yaml", "markdown"]),
        (["forward", *SMALL, "--format", "csv"], ["--format", "csv", "json"]),
        (["forward", *SMALL, "--seed", "-1"], ["--seed", "-1"]),
        (["forward", *SMALL, "--seed", "9" * 30], ["--seed", "9" * 30]),
        (["forward", *SMALL, "--seed", "x"], ["--seed", "x"]),
        (["forward", *SMALL, "--weights", "Gabbor"], ["--weights", "Gabbor", "gabor"]),
        (["forward", *SMALL, "--weights", "no.npy"], ["--weights", "no.npy"]),
        (["forward", *SMALL, "--bias", "no.npy"], ["--bias", "no.npy"]),
        (["forward", *SMALL, "--bias", "bias.npy", "--no-bias"], ["--bias", "--no-bias"]),
        (["forward", *SMALL, "--bias", "input.npy"], ["--bias", "input.npy", "(5, 6, 3)", "(2,)"]),
        (
            ["forward", *SMALL, "--weights", "bias.npy"],
            ["--weights", "bias.npy", "(2,)", "(K, FH,"],
        ),
        (["forward", "no.png", *SMALL], ["SOURCE", "no.png"]),
        (["forward", "directory", *SMALL], ["SOURCE", "directory"]),
        (["forward", "pipe", *SMALL], ["SOURCE", "pipe"]),
        (["forward", "/dev/zero", *SMALL], ["SOURCE", "/dev/zero"]),
        (["forward", "input.npy", *SMALL, "--input", "7x5x3"], ["--input", "7x5x3", "6x5x3"]),
        (["forward", "picture.png", *SMALL, "--input", "7x5x2"], ["--input", "7x5x2"]),
        (["forward", "flat.npy", *SMALL], ["SOURCE", "flat.npy", "(5, 6)"]),
        (["forward", *SMALL, "--save", "maps.jpg"], ["--save", "maps.jpg", ".npy", ".png"]),
        (["forward", *SMALL, "--save", "directory.npy"], ["--save", "directory.npy"]),
        (["forward", *SMALL, "--save", "nowhere/maps.npy"], ["--save", "nowhere/maps.npy"]),
        (["forward", *SMALL, "--save", "full.npy"], ["--save", "full.npy"]),
        (["params", *SMALL, "--save", "maps.npy"], ["--save"]),
        (["params", *SMALL, "--bogus", "3"], ["--bogus"]),
        (["params", *SMALL, "stray"], ["stray"]),
        (["forward", "input.npy", "stray", *SMALL], ["stray"]),
        (["params", *SMALL, "--stride"], ["--stride"]),
        (["params", *SMALL, "--strict=yes"], ["--strict"]),
        (["parms", *SMALL], ["parms"]),
        (["--bogus"], ["--bogus"]),
    ],
    ids=lambda part: " ".join(part)[:60],
)
def test_a_bad_request_is_named_with_its_value(words: list[str], needles: list[str]) -> None:
    done = convcalc_in_folder(*words)
    refused(done, 2, *needles)
    assert "Usage:" not in done.err


@pytest.mark.parametrize("evil", ["\x1b[31m", "\x9b31m", "\x07", "\r", "\u202e", "\udcff", "\x00"])
@pytest.mark.parametrize(
    "words",
    [
        *(["params", *SMALL, f"--{option}", "{}"] for option in LAYER_OPTIONS),
        *(["params", *SMALL, f"--{option}", "{}"] for option in ("dtype", "format")),
        *(["forward", *SMALL, f"--{option}", "a{}.npy"] for option in ("weights", "bias")),
        *(["forward", *SMALL, "--save", target] for target in ("{}.jpg", "no{}/a.npy")),
        *(["forward", *SMALL, "--save", "/proc/self/{}.npy"],),
        *(["forward", *SMALL, "--seed", "{}"], ["forward", *SMALL, "{}"]),
        *(["params", *SMALL, "a{}b"], ["params", *SMALL, "--a{}b"], ["a{}b"], ["--a{}b"]),
    ],
    ids=lambda words: " ".join([words[0], *words[-2:]]),
)
def test_control_characters_reach_no_stream_raw(words: list[str], evil: str) -> None:
    done = convcalc_in_folder(*(word.replace("{}", evil) for word in words))
    assert done.code in (1, 2)


@pytest.mark.parametrize("name", ["\x1b[31m", "a\nb", "\u202e", "é", "\udcff", "[red]", "a" * 200])
@pytest.mark.parametrize("format", ["table", "json"])
def test_odd_file_names_are_written_shown_safely_and_named_exactly_in_json(
    name: str, format: str
) -> None:
    names = {key: f"{name}.{key}.npy" for key in ("x", "weights", "bias", "y")}
    for key, source in {"x": "input", "weights": "weights", "bias": "bias"}.items():
        Path(names[key]).write_bytes(Path(f"{source}.npy").read_bytes())
    options = joined([(f"--{key}", names[key]) for key in ("weights", "bias")])
    done = convcalc("forward", names["x"], *options, "--save", names["y"], "--format", format)
    check(done)
    assert done.code == 0
    assert np.load(names["y"]).shape == (3, 4, 2)
    if format == "json":
        record = json.loads(done.out)
        assert (record["source"], record["weights"]) == (names["x"], names["weights"])
        assert record["saved"] == [names["y"]]
    for path in names.values():
        Path(path).unlink()


@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown", "latex"])
def test_numbers_of_600_digits_are_counted_exactly(format: str) -> None:
    n = 10**600 - 1
    words = ["--input", f"{n}x{n}x{n}", "--filter", "1", "--filters", str(n)]
    done = convcalc("params", *words, "--format", format)
    check(done)
    assert done.code == 0
    assert str(n**6 + n**3) in done.out.replace(",", "")


@pytest.mark.parametrize("format", ["table", "json", "csv", "markdown", "latex"])
def test_a_misfit_of_600_digits_is_warned_of(format: str) -> None:
    n = 10**600 - 1
    words = ["--input", f"{n}x7x1", "--filter", "2", "--filters", "1", "--stride", str(n)]
    done = convcalc("params", *words, "--format", format)
    check(done)
    assert done.code == 0
    assert "never looked at; what fits: --" in done.err


# --- memory is worked out before it is taken


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("--input 1000000x1000000x3 --filter 3 --filters 2", "input 12 TB"),
        ("--input 1000000x1000000x3 --filter 3 --filters 2 --dtype float64", "input 24 TB"),
        ("--input 1x1x1 --filter 1 --filters 1000000000000000", "output 4 PB"),
        ("--input 1x1x1 --filter 1 --filters 1 --pad 500000000", r"output ≈4(\.0)? EB"),
        ("--input 1x1x1 --filter 1000001 --pad 500000 --filters 1", r"weights ≈4(\.0)? TB"),
        ("picture.png --input 1000000x1000000x4 --filter 1 --filters 1", "input 16 TB"),
        (f"--input {'9' * 600}x1x1 --filter 1 --filters 1", "input ≈?[34],(999,|000,)*"),
        (f"--input 3x3x1 --filter 1 --filters {'9' * 600}", "weights ≈?[78],(999,|000,)*"),
    ],
)
def test_a_pass_larger_than_the_machine_is_refused_with_figures(words: str, figure: str) -> None:
    done = convcalc_in_folder("forward", *words.split(), "--save", "existing.npy")
    refused(done, 1, "needs", "are free")
    assert re.search(figure, done.err), done.err


@pytest.mark.parametrize("size", ["1000000000", "9" * 30, "9" * 600])
@pytest.mark.parametrize("option", ["input", "filters", "pad"])
def test_a_contact_sheet_of_a_pass_too_large_is_refused(option: str, size: str) -> None:
    layer = {"input": "5x5x1", "filter": "3", "filters": "2", "pad": "0"}
    layer[option] = f"{size}x{size}x1" if option == "input" else size
    words = joined([(f"--{k}", v) for k, v in layer.items()])
    done = convcalc_in_folder("forward", *words, "--save", "existing.png")
    assert done.code in (1, 2)


def test_numbers_too_large_for_the_type_are_refused_and_nothing_is_saved() -> None:
    np.save("large.npy", np.full((4, 4, 1), 1e300))
    np.save("ten.npy", np.full((1, 1, 1, 1), 1e10))
    words = ["forward", "large.npy", "--weights", "ten.npy", "--save", "existing.npy"]
    refused(convcalc_in_folder(*words), 2, "SOURCE", "large.npy", "1e+300", "float64")
    refused(convcalc_in_folder(*words, "--dtype", "float64", "--filter", "1"), 1, "overflows")


# --- failures while saving


@pytest.mark.parametrize("ending", ["npy", "png"])
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(28, "No space left on device"), 1),
        (OSError("encoder error -2"), 1),
        (MemoryError(), 1),
        (KeyboardInterrupt(), 130),
    ],
    ids=repr,
)
def test_a_save_that_fails_half_way_leaves_the_target_as_it_was(
    monkeypatch: pytest.MonkeyPatch, ending: str, error: BaseException, code: int
) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        file = next(argument for argument in arguments if hasattr(argument, "write"))
        file.write(b"half of it")
        raise error

    monkeypatch.setattr(np, "save", fail)
    monkeypatch.setattr(Image.Image, "save", fail)
    before = contents()
    done = convcalc("forward", *SMALL, "--save", f"existing.{ending}")
    assert contents() == before
    assert (done.code, done.out) == (code, "")
    assert is_one_line_of_print(done.err.lstrip("\n"))  # click ends the line of a terminal's ^C
    if isinstance(error, OSError):
        assert f"existing.{ending}" in done.err


# --- the program itself, in a process of its own

PROGRAM = [sys.executable, "-m", "convcalc"]

WITH_LIMIT = """
import os, resource, sys
resource.setrlimit(getattr(resource, sys.argv[1]), (int(sys.argv[2]), int(sys.argv[2])))
os.execv(sys.executable, [sys.executable, "-m", "convcalc", *sys.argv[3:]])
"""


def started(*command: str, stdout: int = subprocess.PIPE, **environment: str) -> Done:
    """Run a command to its end."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"} | environment,
        check=False,
    )
    return Done(done.returncode, (done.stdout or b"").decode(), done.stderr.decode())


def with_limit(name: str, limit: int, *arguments: str) -> Done:
    """Run a command line under a limit of the system."""
    return started(sys.executable, "-c", WITH_LIMIT, name, str(limit), *arguments)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        *(["params", *ALEXNET, "--format", f] for f in ("table", "json", "csv", "latex")),
        ["params", *SMALL, "--stride", "2", "--format", "markdown"],
        ["params", "--help"],
        ["--version"],
        ["forward", *SMALL, "--stride", "2"],
        ["forward", *SMALL, "--format", "json"],
    ],
    ids=lambda words: " ".join([words[0], *words[-2:]]),
)
def test_a_full_disk_behind_stdout_is_one_sentence(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = started(*PROGRAM, *words, stdout=full.fileno())
    refused(done, 1, "cannot write the output: no space left on device")


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        ["params", *ALEXNET],
        ["params", *SMALL, "--stride", "2", "--format", "json"],
        ["params", "--input", f"{'9' * 600}x9x9", "--filter", "2", "--filters", "9" * 600],
        ["params", "--help"],
        ["forward", *SMALL],
    ],
    ids=lambda words: " ".join([words[0], *words[-2:]])[:40],
)
def test_a_reader_that_has_gone_is_no_error(words: list[str]) -> None:
    reader, writer = socket.socketpair()
    reader.close()
    with writer:
        done = started(*PROGRAM, *words, stdout=writer.fileno())
    assert (done.code, done.err) == (0, "")


def test_a_reader_that_takes_one_line_gets_it() -> None:
    n = "9" * 600
    words = ["params", "--input", f"{n}x{n}x{n}", "--filter", "1", "--filters", n]
    script = '"$@" | head -n 1'
    done = started("sh", "-c", script, "sh", *PROGRAM, *words, "--format", "markdown")
    assert (done.code, done.err) == (0, "")
    assert done.out == f"**{n}x{n}x{n} → {n}x{n}x{n}: {n} filters of 1x1x{n}, stride 1, pad 0**\n"


@pytest.mark.slow
@pytest.mark.parametrize(("words", "code"), [(ALEXNET, 0), ([*ALEXNET, "--stride", "0"], 2)])
@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_closed_by_the_shell_are_no_error(words: list[str], code: int, closed: str) -> None:
    script = f'exec "$@" {closed}'
    done = started("sh", "-c", script, "sh", *PROGRAM, "params", *words)
    assert done.code == code
    assert "Traceback" not in done.err
    assert is_one_line_of_print(done.err) == (code == 2 and "2>" not in closed)


@pytest.mark.slow
def test_control_c_in_a_long_pass_ends_it_in_a_word() -> None:
    """The progress bar appearing on a terminal shows that the pass has begun."""
    terminal, ours = pty.openpty()
    long = "--input 500x500x64 --filter 41 --pad 20 --filters 64 --save existing.npy".split()
    with subprocess.Popen(
        [*PROGRAM, "forward", *long], stdout=subprocess.PIPE, stderr=ours, start_new_session=True
    ) as process:
        os.close(ours)
        shown = b""
        while b"forward" not in shown and (block := read_terminal(terminal)):
            shown += block
        process.send_signal(signal.SIGINT)
        assert process.stdout
        while block := read_terminal(terminal):  # or the bar waits for somebody to read it
            shown += block
        out = process.stdout.read()
    os.close(terminal)
    assert process.returncode == 130, shown
    assert out == b""
    assert b"Traceback" not in shown
    assert b"convcalc: interrupted\r\n" in shown
    assert same_as_before("existing.npy")


def read_terminal(terminal: int) -> bytes:
    """Return what a terminal shows next; nothing once every process has left it."""
    try:
        return os.read(terminal, 1024)
    except OSError:
        return b""


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        *(
            ["params", *ALEXNET, "--pad", "0x1", "--format", format]
            for format in ("table", "json", "csv", "markdown", "latex")
        ),
        ["params", *ALEXNET, "--pad", "1x0", "--strict"],
        ["params", *ALEXNET, "--stride", "３×３"],
        ["params", "ünï—çödé→☃"],
        ["--help"],
        ["params", "--help"],
        ["forward", "--help"],
        ["forward", *SMALL, "--stride", "2"],
        ["forward", *SMALL, "--dilation", "2", "--pad", "same", "--format", "json"],
        ["forward", "naïve→.png", *SMALL],
        ["forward", "--input", "1000000x1000000x3", "--filter", "3", "--filters", "2"],
    ],
    ids=lambda words: ascii(" ".join([words[0], *words[-2:]])),
)
def test_the_c_locale_gets_plain_ascii(words: list[str]) -> None:
    done = started(*PROGRAM, *words, LC_ALL="C")
    check(done)
    assert (done.out + done.err).isascii()


@pytest.mark.slow
@pytest.mark.parametrize(("size", "code"), [(100, 0), (2000, 0), (20000, 1), (100000, 1)])
def test_an_address_space_too_small_is_foreseen(size: int, code: int) -> None:
    words = ["forward", "--input", f"{size}x{size}x1", "--filter", "3", "--filters", "1"]
    words += ["--stride", "9", "--save", "existing.npy"]
    done = with_limit("RLIMIT_AS", 400 * 2**20, *words)
    check(done)
    assert done.code == code
    if code:
        refused(done, 1, "needs", "MB are free" if size < 100000 else "free")
        assert same_as_before("existing.npy")


@pytest.mark.slow
@pytest.mark.parametrize("target", ["existing.npy", "existing.png", "new.npy", "new.png"])
def test_a_disk_that_fills_up_while_saving_leaves_the_target_as_it_was(target: str) -> None:
    before = contents()
    words = ["forward", "--input", "100x100x1", "--filter", "3", "--filters", "9"]
    refused(with_limit("RLIMIT_FSIZE", 4096, *words, "--save", target), 1, "cannot write", target)
    assert contents() == before


def test_the_module_and_the_command_are_one_program() -> None:
    done = started(*PROGRAM, "params", *ALEXNET, "--format", "csv")
    assert done == convcalc("params", *ALEXNET, "--format", "csv")
