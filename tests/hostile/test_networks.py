"""Networks nobody should write: each is counted, or refused in one sentence, and at once."""

import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.commands import Done, check, convcalc, refused

from convcalc.gallery import shelf

SECONDS = 20
"""On a machine that is busy; alone each takes less than two."""

FORMATS = ("table", "json", "csv", "markdown", "latex", "html")


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Stand in an empty folder, in a UTF-8 locale."""
    folder = tmp_path_factory.mktemp("networks")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("LC_ALL", "C.UTF-8")
        patch.setenv("COLUMNS", "80")
        yield folder


def ran(*words: str) -> Done:
    """Run `network`; assert the contract, and that it takes no time to speak of."""
    start = time.monotonic()
    done = convcalc("network", *words)
    assert time.monotonic() - start < SECONDS, words
    check(done)
    return done


def of_file(text: str | bytes, *words: str) -> Done:
    """Run `network` of a file; a refusal names it."""
    Path("net.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    done = ran("net.toml", *words)
    if done.code:
        assert re.match(r"convcalc: (SPEC net.toml|--input is missing)", done.err), done.err
    return done


def toml(layers: str, more: str = "") -> str:
    return f'input = "16x16x4"\nlayers = [{layers}]\n{more}'


# --- values of every sort in every place

VALUES = [
    *("0", "-1", "1", "3", "true", "false", "0.5", "-0.0", "1e400", "inf", "-inf", "nan"),
    *("0x10", "1_000", str(10**599), str(10**601), str(-(10**601)), str(10**4200), '""', '" "'),
    *('"x"', '"3x3"', '"same"', '"depth"', '"max"', '"1,024"', '"０３"', '"a\\nb"', '"\\u0000"'),
    *('"\\u001b[31m"', '"\\u202e"', '"😀"', f'"{"9" * 700}"', f'"{"9" * 5000}"', '"relu"'),
    *("[]", "[[]]", "[1]", "[1, 2]", "[1, 2, 3, 4, 5]", "[[0, 1], [2]]", '["a"]', "[true]"),
    *("[0.5]", "[inf]", "[[[1]]]", "{}", "{ a = 1 }", "[{}]", "[{ relu = true }]"),
    *("1979-05-27", "07:32:00", "1979-05-27T07:32:00Z", "[1979-05-27]", "[{ a = 1979-05-27 }]"),
]
ROWS = [
    *("{ conv = @ }", "{ conv = @, filters = 2 }", "{ conv = 3, filters = @ }"),
    "{ conv = 3, filters = 2, stride = @, pad = @ }",
    "{ conv = 3, filters = 2, dilation = @ }",
    "{ conv = 3, filters = 2, groups = @ }",
    "{ conv = 3, filters = 2, bias = @ }",
    "{ conv = 3, filters = 2, name = @ }",
    "{ conv = 3, filters = 2, repeat = @ }",
    "{ conv = 3, filters = 2, nonsense = @ }",
    *("{ local = 3, filters = @ }", "{ conv = 3, table = @ }"),
    "{ transposed = @, filters = 2 }",
    *("{ transposed = 3, filters = 2, output_pad = @ }", "{ pool = @ }"),
    *("{ pool = 2, mode = @ }", "{ pool = 2, ceil = @ }", "{ pool = 2, pad = @ }"),
    *("{ globalpool = @ }", "{ dense = @ }", "{ flatten = @ }", "{ batchnorm = @ }"),
    *("{ lrn = @ }", "{ relu = @ }", "{ dropout = @ }", "{ upsample = @ }"),
    *("{ add = @ }", "{ concat = @ }", "{ layers = @ }", "{ block = @ }"),
    *("{ block = 'b', width = @ }", "{ block = 'b', repeat = @ }"),
    *("{ name = @ }", "{ nonsense = @ }", "@"),
]
BLOCK = "[blocks.b]\nnumbers = { width = 4 }\nlayers = [{ conv = 1, filters = 'width' }]\n"
PLACES = [
    *(toml(row, BLOCK) for row in ROWS),
    *(f"{key} = @\n{toml('{ relu = true }')}" for key in ("name", "source", "published", "about")),
    *("input = @\nlayers = [{ relu = true }]", "layers = @", "blocks = @\nlayers = []", "new = @"),
    *(
        toml("{ block = 'b' }", BLOCK.replace("{ width = 4 }", "@")),
        toml("{ block = 'b' }", BLOCK.replace("4", "@")),
    ),
    toml("{ block = 'b' }", "[blocks.b]\nlayers = @"),
    toml("{ block = 'b' }", "blocks.b = @"),
    toml("{ block = 'b' }", f"{BLOCK}more = @"),
    toml("{ relu = true }", "[[published]]\nfigure = @"),
]
"""Files with an @ where a value is to be."""

EVERY = [place.replace("@", value) for place in PLACES for value in VALUES]


def test_values_of_every_sort_in_every_place() -> None:
    random.Random(0).shuffle(every := list(EVERY))
    codes = [of_file(text).code for text in every[:300]]
    assert codes.count(0) > 20
    assert codes.count(2) > 150


@pytest.mark.slow
def test_all_values_of_every_sort_in_every_place() -> None:
    for text in EVERY:
        of_file(text, "--format", random.Random(text).choice(FORMATS))


# --- good files and lines, broken

LINES = [
    "conv11-96 stride=4, relu, pool3 stride=2, conv5-256 pad=2 groups=2, fc-4096",
    "3*(conv3-64 pad=1, relu), add(conv1-8|conv1-8), concat(conv1-2||relu)",
    "a: 2*(b: conv3-4 pad=same, maxpool2 ceil=yes), deconv4-2 stride=2 pad=1, upsample2, gap",
    "tabled3 table=0+1/2, lrn5, dropout0.5, bn affine=no, local3-4, flatten, softmax",
]
SCRAPS = [
    *("(", ")", "|", ",", ";", "=", ":", "*", "-", "x", "×", "\n", "\t", " ", "0", "9", "99999"),
    *("conv", "add(", "concat(", "2*(", "1000000*(", "stride=", "pad=-1", "filters=depth", "name:"),
    *("{", "}", "[", "]", "[[", "]]", "'", '"', '"""', "#", "\\", ".", "true", "nan", "1979-05-27"),
    *("\x00", "\x1b[2J", "\u202e", "é", "中", "😀", "\ud800", "\udcff", "٣", "\u2028", "\ufeff"),
    *("9" * 400, "9" * 700, "9" * 5000, "block = 'path'", "repeat = 9", "layers = [", "numbers"),
]


def broken(text: str, chance: random.Random) -> str:
    """A text with some scraps in it, some of it away, twice or in another place."""
    for _ in range(chance.randint(1, 3)):
        a, b = sorted(chance.randint(0, len(text)) for _ in range(2))
        b = min(b, a + chance.choice([1, 5, 40]))
        match chance.randrange(5):
            case 0:
                text = text[:a] + chance.choice(SCRAPS) + text[a:]
            case 1:
                text = text[:a] + text[b:]
            case 2:
                text = text[:a] + chance.choice(SCRAPS) + text[b:]
            case 3:
                text = text[:b] + text[a:]
            case 4:
                c = chance.randint(0, len(text))
                text = text[:c] + text[a:b] + text[c:]
    return text


def broken_line(seed: int) -> Done:
    chance = random.Random(seed)
    text = broken(chance.choice(LINES), chance).replace("\x00", "")
    return ran("--input", chance.choice(["64x64x3", "227x227x3", "5x7x4"]), "--", text)


def broken_file(seed: int) -> Done:
    chance = random.Random(seed)
    whole = shelf.text(chance.choice(["lenet5", "squeezenet1.1", "mobilenet-v2", "resnet50"]))
    return of_file(broken(whole, chance).encode("utf-8", "surrogatepass"))


def test_lines_that_are_broken() -> None:
    codes = [broken_line(seed).code for seed in range(300)]
    assert codes.count(0) > 10
    assert codes.count(2) > 150


def test_files_that_are_broken() -> None:
    codes = [broken_file(seed).code for seed in range(60)]
    assert codes.count(0) > 2
    assert codes.count(2) > 20


@pytest.mark.slow
def test_thousands_of_lines_and_files_that_are_broken() -> None:
    for seed in range(300, 4000):
        broken_line(seed)
    for seed in range(60, 1200):
        broken_file(seed)


# --- what grows in no time


def chained(blocks: int, times: int) -> str:
    """Blocks each of which has the next one several times."""
    rows = []
    for number in range(blocks):
        inside = ", ".join([f"{{ block = 'b{number + 1}' }}"] * times)
        rows.append(f"[blocks.b{number}]\nlayers = [{inside}]")
    return toml("{ block = 'b0' }", "\n".join([*rows, f"[blocks.b{blocks}]\nlayers = []"]))


def deep(levels: int, begin: str, middle: str, end: str) -> str:
    return begin * levels + middle + end * levels


NUMBERS = '[blocks.b]\nnumbers = {{ w = {} }}\nlayers = [{{ conv = 1, filters = "{}" }}]\n'

BOMBS = {
    "brackets": (toml("[" * 900_000), "has brackets too deep in each other; see docs"),
    "tables": (toml("{ a = " * 150_000), "has brackets too deep in each other; see docs"),
    "closing brackets": (toml("]" * 900_000), "is not TOML: "),
    "a long key": (".".join("a" * 400_000) + " = 1", "has a key of more than 8 parts"),
    "a long table": (f"[{'.'.join('a' * 400_000)}]", "has a key of more than 8 parts"),
    "a long quoted key": ('"".' * 200_000 + "a = 1", "has a key of more than 8 parts"),
    "long keys": ("\n".join(f"a{n}.{'.'.join('b' * 7)} = 1" for n in range(40_000)), "a0: is not"),
    "a longer number": (toml("{ dense = 1" + "0" * 5000 + " }"), "has a number of more than 600 d"),
    "the longest number": (
        toml(f"{{ dense = 0x{'f' * 900_000} }}"),
        "units a number of thousands of digits on 16x16x4: ",
    ),
    "too long": (toml("{ relu = true }", "#" * 1_000_000), "has more than 1,000,000 bytes"),
    "the same key": ("a = 1\n" * 100_000, "is not TOML: cannot overwrite a value"),
    "a long name of a key": (
        f"{'a' * 900_000} = 1",
        "aaaaa...aaaaaaaaaaaaaaaaaaaaaaaaaaaa: is not known here; give name, ",
    ),
    "a block within itself": (
        toml("{ block = 'b' }", "[blocks.b]\nlayers = [{ block = 'b' }]"),
        "blocks.b[1] b: is a block within itself; take it out",
    ),
    "blocks within each other": (
        toml(
            "{ block = 'a' }",
            "[blocks]\na.layers = [{ add = [[{ block = 'b' }], []] }]\n"
            "b.layers = [{ layers = [{ block = 'a' }] }]",
        ),
        "blocks.b[1].layers[1] a: is a block within itself",
    ),
    "doubling blocks": (chained(30, 2), "stands for more than 10,000 layers; give fewer"),
    "many blocks": (chained(2000, 1), "is in more than 40 lists and blocks; write them one after"),
    "lists in lists": (
        toml(deep(60, "{ layers = [", "{ relu = true }", "] }")),
        "is in more than 40 lists and blocks",
    ),
    "branches in branches": (
        toml(deep(15, "{ add = [[", "{ relu = true }", "], []] }")),
        None,
    ),
    "many branches in branches": (
        toml(deep(60, "{ add = [[", "{ relu = true }", "], []] }")),
        "is in more than 40 lists and blocks",
    ),
    "repeated and repeated": (
        toml(deep(6, "{ layers = [", "{ relu = true }", "], repeat = 1000000 }")),
        "has more than 10,000 layers; give fewer",
    ),
    "nothing, repeated": (
        toml("{ relu = true }, " + deep(6, "{ layers = [", "", "], repeat = 1000000 }")),
        None,
    ),
    "no end of repeats": (toml(f"{{ relu = true, repeat = {10**4000} }}"), "has more than 10,000"),
    "repeats of a negative number": (toml("{ relu = true, repeat = -1 }"), "is no number from 0 "),
    "ten thousand layers": (toml("{ relu = true }," * 10_000), None),
    "more": (toml("{ relu = true }," * 10_001), "has more than 10,000 layers; give fewer"),
    "thousands of branches": (toml(f"{{ add = [{'[], ' * 5000}] }}"), None),
    "thousands of other branches": (
        toml(
            "{ add = ["
            + "".join(f"[{{ conv = 1, filters = {n} }}], " for n in range(1, 3000))
            + "] }"
        ),
        'layer 3000 "add1": add on 16x16x1, 16x16x2, 16x16x3, 16x16x4 and 2995 others: adds ',
    ),
    "deep arithmetic": (
        toml("{ block = 'b' }", NUMBERS.format(2, deep(5000, "(", "w", ")"))),
        "does not come to a whole number",
    ),
    "long arithmetic": (
        toml("{ block = 'b' }", NUMBERS.format(2, "w*" * 100_000 + "w")),
        "does not come to a whole number; write arithmetic such as 4*width or floor(width/2)",
    ),
    "growing arithmetic": (
        toml("{ block = 'b' }", NUMBERS.format(10**599, "*".join("w" * 90))),
        'layer 1 "conv1": filters a number of thousands of digits on 16x16x4: has more than 600',
    ),
    "dividing by nothing": (toml("{ block = 'b' }", NUMBERS.format(0, "1/w")), "does not come to"),
    "half a filter": (toml("{ block = 'b' }", NUMBERS.format(3, "w/2")), "does not come to a who"),
    "a growing volume": (
        toml("{ upsample = 1000000 }," * 2000),
        'layer 101 "upsample101": what arrives, 1600000000000000000000000',
    ),
    "a growing jump": (
        toml(f"{{ conv = 1, filters = 1, stride = {10**200}, pad = {10**200} }}," * 2000),
        'layer 3 "conv3": its receptive field or its jump has more than 600 digits',
    ),
    "long names": (
        toml(
            deep(
                30, "{ layers = [", "{ relu = true, repeat = 9000 }", f"], name = '{'n' * 900}' }}"
            )
        ),
        "has more than 1000 characters with its groups; give shorter names",
    ),
    "a long name": (
        f"name = '{'n' * 1001}'\n{toml('{ relu = true }')}",
        "name: is no text of at m",
    ),
    "UTF-16": (toml("{ relu = true }").encode("utf-16"), "is not UTF-8 text (byte 0); save it as"),
    "half a letter": (toml("{ relu = true }").encode() + b"# \xe2\x82", "is not UTF-8 text (byte "),
    "a zero byte": (toml("{ relu = true }").encode() + b"\0", "is not TOML: "),
    "nothing": (b"", "is empty; give a TOML file of layers, or a network's name"),
    "no layers": ('input = "9x9x1"', "layers: is no list of tables; write "),
    "an empty list": (toml(""), "layers: says no layer; write "),
    "no input": (
        "layers = [{ relu = true }]",
        "--input is missing; give the volume that the first",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_grows_is_refused_at_once(name: str) -> None:
    text, said = BOMBS[name]
    if said is None:
        assert of_file(text).code == 0
    else:
        refused(of_file(text), 2, said)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from convcalc.cli import run
sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
def test_what_grows_takes_no_more_than_a_gigabyte(name: str) -> None:
    text, said = BOMBS[name]
    Path("net.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    words = [sys.executable, "-c", LIMITED, "network", "net.toml"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    check(Done(done.returncode, done.stdout, done.stderr))
    assert done.returncode == (0 if said is None else 2)


TEXTS = {
    f"{'(' * 90_000}": "has more than 40 brackets within each other (character 42)",
    f"{'2*(' * 30_000}": "has more than 40 brackets within each other",
    f"add({'|' * 90_000}": "has a bracket that is not closed",
    "100000*(100000*(100000*(relu)))": "has more than 10,000 layers; give fewer",
    "a" * 100_001: "has more than 100,000 characters; write it as a TOML file with blocks",
    "a" * 99_000: "is no kind of layer; give conv, pool, dense or another",
    f"conv{'9' * 99_000}-8": "filter 99999999999999999999999999999...999999999999",
    f"fc-{'9' * 700}": "has more than 600 digits",
    f"{'9' * 99_000}*(relu)": "repeats something 999999... times",
    f"{'n' * 90_000}: relu": "has more than 1000 characters with its groups",
    "conv3-8\udcff": "is no layer",
    "\x1b[31mconv": "\\x1b[31mconv: is no layer",
    "conv3-8 \u202epad=1": "conv \\u202epad: is no option of conv; the nearest is pad",
}


@pytest.mark.parametrize("text", TEXTS)
def test_lines_that_are_long_or_strange(text: str) -> None:
    refused(ran(text, "--input", "9x9x1"), 2, TEXTS[text])


def test_a_long_line_that_is_a_network() -> None:
    done = ran(", ".join(["relu"] * 10_000), "--input", "9x9x1", "--format", "csv")
    assert (done.code, done.out.count("\n")) == (0, 10_001)


# --- files that are none


def test_files_that_are_none() -> None:
    Path("folder.toml").mkdir()
    os.mkfifo("pipe.toml")
    Path("zero.toml").symlink_to("/dev/zero")
    Path("loop.toml").symlink_to("loop.toml")
    Path("nowhere.toml").symlink_to("gone/gone.toml")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket.toml")
        for name, said in {
            "folder.toml": "is a directory, not a file; give a TOML file of layers",
            "pipe.toml": "is a device or a pipe, not a file",
            "zero.toml": "is a device or a pipe, not a file",
            "socket.toml": "is a device or a pipe, not a file",
            "loop.toml": "cannot be read (",
            "nowhere.toml": "cannot be read (no such file or directory)",
            "gone.toml": "cannot be read (no such file or directory)",
            f"{'a' * 300}.toml": "cannot be read (file name too long)",
            "a\0.toml": "cannot be read (",
        }.items():
            refused(ran(name), 2, "convcalc: SPEC ", said)


def test_a_name_without_an_ending_may_be_a_file() -> None:
    Path("net").write_text(toml("{ relu = true }"))
    assert ran("net").code == 0
    Path("net.toml").write_bytes(b"\xef\xbb\xbf" + toml("{ relu = true }").encode())
    assert ran("net.toml").code == 0


# --- figures that strangers print


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (
            "figure = 'beauty'\nprinted = '1'",
            "published beauty: is no figure that is printed; give ",
        ),
        ("figure = 'parameters'", "published parameters: is no figure that is printed; give "),
        ("printed = '1'", "published '': is no figure that is printed; give parameters, weights, "),
        (
            "figure = 'parameters'\nprinted = '1'\nof = 'c'",
            "published c: is no layer of net; there are relu1 to relu1",
        ),
        ("figure = 'parameters'\nprinted = '1'\nnote = '{'", None),
        ("figure = 'parameters'\nprinted = '1'\nnote = '{x}'", "published {x}: has braces around "),
        ("figure = 'parameters'\nprinted = '1'\nnote = '{1/0}'", "published {1/0}: has braces ar"),
        ("figure = 'parameters'\nprinted = '1'\nnote = '{}'", "published {}: has braces around "),
        (f"figure = 'parameters'\nprinted = '1'\nnote = '{{{'(' * 9999}1}}'", "has braces around "),
        ("figure = 'parameters'\nprinted = 'é \u202e'", "published é \\u202e: is not a number "),
        ("figure = 3", "net.toml: published: is no text; write it in quotes, and figures as [[pu"),
    ],
)
def test_figures_that_strangers_print(rows: str, said: str | None) -> None:
    Path("net.toml").write_text(toml("{ relu = true }", f"[[published]]\n{rows}\n"))
    done = ran("net.toml", "--published")
    if said is None:
        assert done.code == 0
    else:
        refused(done, 2, said)


# --- numbers that are large, and right


def test_numbers_of_hundreds_of_digits_are_exact() -> None:
    n = 10**599 + 7
    text = f'input = "{n}x{n}x{n}"\nlayers = [{{ conv = {n - 2}, filters = {n} }}]'
    done = of_file(text, "--format", "json")
    [one] = json.loads(done.out, parse_int=int)["layers"]
    assert one["multiply_adds"] == 9 * n * n * (n - 2) ** 2
    assert one["unshared_parameters"] == 9 * n * (n * (n - 2) ** 2 + 1)
    for form in FORMATS:
        assert of_file(text, "--format", form).code == 0
    assert of_file(text, "--batch", "1000000000000", "--optimizer", "adam").code == 0


def test_ten_thousand_layers_are_counted_in_no_time() -> None:
    """Each of them another: filters 1 to 10,000."""
    rows = "".join(f"{{ conv = 1, filters = {n} }}," for n in range(1, 10_001))
    path = Path("net.toml")
    path.write_text(f'input = "9x9x1"\nlayers = [{rows}]')
    start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    done = convcalc("network", "net.toml", "--format", "csv")
    spent = resource.getrusage(resource.RUSAGE_SELF).ru_utime - start
    assert done.code == 0
    assert done.out.count("\n") == 10_001
    assert spent < 5
