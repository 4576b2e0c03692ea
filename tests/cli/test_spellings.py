"""What people type for a layer: each spelling with its layer, or with the refusing sentence."""

import re
import time

import click
import pytest
from click.shell_completion import ShellComplete
from conftest import Run

from convcalc import BadRequest, ConvLayer
from convcalc.cli import COMMANDS, program
from convcalc.cli.names import named
from convcalc.layer.spellings import LIKELY, OTHER_NAMES, SPELLINGS

INPUT = "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0"
IMAGE = "give WIDTHxHEIGHTxDEPTH, for example 227x227x3, or LENGTHxCHANNELS such as 60x1"
FILTER = "give a size such as 11, or WIDTHxHEIGHT such as 5x3"
STEP = "give a number from 1 up, or one each along width and height such as 2x1"
PAD = "give a number from 0 up, WIDTHxHEIGHT such as 2x0, same or valid"
COUNT = "give a number from 1 up"
FORMATS = "table, json, csv, markdown or latex"


def first_line(run: Run, words: list[str], given: dict[str, str]) -> str:
    """What `params` says first, of a small layer with some options changed."""
    layer = {"--input": "9x8x4", "--filter": "3", "--filters": "2"} | given
    options = [word for name, text in layer.items() for word in (name, text)]
    code, out, err = run("params", *options, *words)
    return out.splitlines()[0] if code == 0 else err.removeprefix("convcalc: ").rstrip("\n")


# --- sizes

NO_BREAK, THIN, NARROW, WIDE = "\u00a0", "\u2009", "\u202f", "\u3000"
SAME_SIZE = [
    "9x8x4",
    "9X8X4",
    "9×8×4",
    "9✕8✕4",
    "9х8х4",  # Cyrillic
    "９ｘ８ｘ４",
    "９Ｘ８Ｘ４",
    "９８４".replace("８", "，８，"),
    "9*8*4",
    "9∗8∗4",
    "9·8·4",
    "9⋅8⋅4",
    "9,8,4",
    "9、8、4",
    "9;8;4",
    "9 8 4",
    "9, 8, 4",
    "9 , 8 , 4",
    "9 x 8 x 4",
    "9x8, 4",
    "9x 8 x4",
    "9 * 8 * 4",
    " 9x8x4 ",
    "(9,8,4)",
    "(9, 8, 4)",
    "( 9, 8, 4 )",
    "（9，8，4）",
    "[9,8,4]",
    "[9 8 4]",
    "{9,8,4}",
    "(9x8x4)",
    f"9{NO_BREAK}8{NO_BREAK}4",
    f"9{NO_BREAK}x{NO_BREAK}8{NO_BREAK}x{NO_BREAK}4",
    f"9{THIN}×{THIN}8{THIN}×{THIN}4",
    f"9{NARROW}8{NARROW}4",
    f"9{WIDE}x{WIDE}8{WIDE}x{WIDE}4",
    f"{WIDE}9,{WIDE}8,{WIDE}4",
    "9\t8\t4",
    "09x08x04",
    "+9x8x4",
]
BATCH = (
    "is 4 numbers where 2 or 3 are needed; leave out the batch ({}): give --input {} for (batch, "
    "depth, height, width), or --input {} for (batch, height, width, depth)"
)
WRONG_SIZES = {
    "9x8x": f"has a part that is not a whole number (nothing); {IMAGE}",
    "9,8,4,": f"has a part that is not a whole number (nothing); {IMAGE}",
    "9xx8x4": f"has a part that is not a whole number (nothing); {IMAGE}",
    "9,,8,4": f"has a part that is not a whole number (nothing); {IMAGE}",
    ",9,8,4": f"has a part that is not a whole number (nothing); {IMAGE}",
    "(9,8,4": f"has a part that is not a whole number ((9); {IMAGE}",
    "9,8,4]": f"has a part that is not a whole number (4]); {IMAGE}",
    "((9,8,4))": f"has a part that is not a whole number ((9); {IMAGE}",
    "9/8/4": f"is not a whole number; {IMAGE}",
    "9x8x4.0": f"has a part that is not a whole number (4.0); {IMAGE}",
    "9x8²x4": f"has a part that is not a whole number (8²); {IMAGE}",
    "９x８x④": f"has a part that is not a whole number (④); {IMAGE}",
    "9px x 8px x 4": f"has a part that is not a whole number (9p); {IMAGE}",
    "()": f"is not a whole number; {IMAGE}",
    "x": f"is not a whole number; {IMAGE}",
    "9x-8x4": f"its -8 must be at least 1; {IMAGE}",
    "9x−8x4": f"its -8 must be at least 1; {IMAGE}",
    "(9,0,4)": f"its 0 must be at least 1; {IMAGE}",
    "(9)": f"is 1 number where 2 or 3 are needed; {IMAGE}",
    "(1, 3, 32, 32)": BATCH.format("1", "32x32x3", "32x3x32"),
    "1x3x20x30": BATCH.format("1", "30x20x3", "20x3x30"),
    "[64, 224, 225, 3]": BATCH.format("64", "3x225x224", "225x224x3"),
    "1 8 8 8": "is 4 numbers where 2 or 3 are needed; leave out the batch (1): give --input 8x8x8",
    "(None, 28, 30, 1)": (
        "has a part that is not a whole number (None); leave out the batch (None): give "
        "--input 1x30x28 for (batch, depth, height, width), or --input 30x28x1 for (batch, "
        "height, width, depth)"
    ),
    "1x0x8x8": f"is 4 numbers where 2 or 3 are needed; {IMAGE}",
    "(1, 3, 16, 32, 32)": (
        f"is 5 numbers where 2 or 3 are needed; a filter slides along two axes here: {IMAGE}"
    ),
    "1x2x3x4x5x6": f"is 6 numbers where 2 or 3 are needed; {IMAGE}",
    "1,024x768x3": "1,024 in it may be one number or two; write 1024 or 1x24",
    "768x1,024x3": "1,024 in it may be one number or two; write 1024 or 1x24",
    "32x32,128": "32,128 in it may be one number or two; write 32128 or 32x128",
    "1,024,3": "1,024 in it may be one number or two; write 1024 or 1x24",
    "1 024 x 768 x 3": "1 024 in it may be one number or two; write 1024 or 1x24",
}


@pytest.mark.parametrize("text", SAME_SIZE)
def test_a_volume_is_read_as_people_write_it(text: str, run: Run) -> None:
    assert first_line(run, [], {"--input": text}) == INPUT


@pytest.mark.parametrize(("text", "sentence"), WRONG_SIZES.items())
def test_what_is_no_volume_is_refused_in_one_sentence(text: str, sentence: str, run: Run) -> None:
    assert first_line(run, [], {"--input": text}) == f"--input {shown(text)}: {sentence}"


def shown(text: str) -> str:
    return text.replace("\t", "\\t")


# --- the other options

GIVEN = [
    ("--filter 5,3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--filter (5,3)", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--filter 5*3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--filter 3x3x4", INPUT),
    ("--filter (3,3,4)", INPUT),
    ("--filter [3]", INPUT),
    ("--filter 5x3x2 --groups 2", "9x8x4 → 5x6x2: 2 filters of 5x3x2, stride 1, pad 0, 2 groups"),
    (
        "--filter 3x3x2",
        "--filter 3x3x2: has depth 2, where the input's depth divided by the groups is 4; "
        "give 3x3x4, or 3x3 alone",
    ),
    (
        "--filter 3x3x4 --groups 2",
        "--filter 3x3x4: has depth 4, where the input's depth divided by the groups is 2; "
        "give 3x3x2, or 3x3 alone",
    ),
    (
        "--filter 2x3x3x4",
        f"--filter 2x3x3x4: is 4 numbers where 1, 2 or 3 are needed; {FILTER}",
    ),
    (
        "--filter 1,024",
        "--filter 1,024: 1,024 in it may be one number or two; write 1024 or 1x24",
    ),
    ("--filter 3,", f"--filter 3,: has a part that is not a whole number (nothing); {FILTER}"),
    ("--stride 2,3", "9x8x4 → 4x2x2: 2 filters of 3x3x4, stride 2x3, pad 0"),
    ("--stride (2,2)", "9x8x4 → 4x3x2: 2 filters of 3x3x4, stride 2, pad 0"),
    ("--stride 2;2", "9x8x4 → 4x3x2: 2 filters of 3x3x4, stride 2, pad 0"),
    ("--stride 1,1,1", f"--stride 1,1,1: is 3 numbers where 1 or 2 are needed; {STEP}"),
    ("--dilation 2,1", "9x8x4 → 5x6x2: 2 filters of 3x3x4, stride 1, pad 0, dilation 2x1"),
    ("--pad 1,2", "9x8x4 → 9x10x2: 2 filters of 3x3x4, stride 1, pad 1x2"),
    ("--pad (1,1,2,2)", "9x8x4 → 9x10x2: 2 filters of 3x3x4, stride 1, pad 1x2"),
    ("--pad same", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("--pad SAME", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("--pad Same", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("--pad ＳＡＭＥ", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("--pad VALID", INPUT),
    ("--pad Valid", INPUT),
    ("--pad some", f"--pad some: is not a whole number; {PAD}"),
    ("--pad 1,2,3", f"--pad 1,2,3: is 3 numbers where 1, 2 or 4 are needed; {PAD}"),
    ("--filters 1,024", "9x8x4 → 7x6x1024: 1024 filters of 3x3x4, stride 1, pad 0"),
    ("--filters 1_024", "9x8x4 → 7x6x1024: 1024 filters of 3x3x4, stride 1, pad 0"),
    ("--filters 1'024", "9x8x4 → 7x6x1024: 1024 filters of 3x3x4, stride 1, pad 0"),
    (
        f"--filters 1{NARROW}024{NARROW}000",
        "9x8x4 → 7x6x1024000: 1024000 filters of 3x3x4, stride 1, pad 0",
    ),
    ("--filters (2)", INPUT),
    ("--filters 1024,000", f"--filters 1024,000: is 2 numbers where 1 is needed; {COUNT}"),
    ("--filters 10,24", f"--filters 10,24: is 2 numbers where 1 is needed; {COUNT}"),
    (
        "--filters 1,024,24",
        "--filters 1,024,24: 1,024 in it may be one number or two; write 1024 or 1x24",
    ),
    (
        "--filters 0,024",
        "--filters 0,024: 0,024 in it may be one number or two; write 0024 or 0x24",
    ),
    ("--filters 1.024", f"--filters 1.024: is not a whole number; {COUNT}"),
    ("--input 60,4", "60x4 → 58x2: 2 filters of 3x4, stride 1, pad 0"),
    ("--input (60,4) --filter 5x4", "60x4 → 56x2: 2 filters of 5x4, stride 1, pad 0"),
    ("--input 60*4 --pad SAME", "60x4 → 60x2: 2 filters of 3x4, stride 1, pad 1"),
    (
        "--input 60x4 --filter 5x3",
        "--filter 5x3: has depth 3, where the input's depth divided by the groups is 4; "
        "give 5x4, or 5 alone",
    ),
    # by other names
    ("--kernel 5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--kernel-size 5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--kernel_size=5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--receptive-field 5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("-k 5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("-k5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("-k=5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("-kernel 5x3", "9x8x4 → 5x6x2: 2 filters of 5x3x4, stride 1, pad 0"),
    ("--padding 1", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("-p same", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("-p1", "9x8x4 → 9x8x2: 2 filters of 3x3x4, stride 1, pad 1"),
    ("--strides 2", "9x8x4 → 4x3x2: 2 filters of 3x3x4, stride 2, pad 0"),
    ("-s 2", "9x8x4 → 4x3x2: 2 filters of 3x3x4, stride 2, pad 0"),
    ("-stride 2", "9x8x4 → 4x3x2: 2 filters of 3x3x4, stride 2, pad 0"),
    ("--num-filters 5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("--num_filters 5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("--out-channels 5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("--out_channels=5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("--num-output 5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("-n 5", "9x8x4 → 7x6x5: 5 filters of 3x3x4, stride 1, pad 0"),
    ("--dilation-rate 2", "9x8x4 → 5x4x2: 2 filters of 3x3x4, stride 1, pad 0, dilation 2"),
    ("--dilation_rate 2", "9x8x4 → 5x4x2: 2 filters of 3x3x4, stride 1, pad 0, dilation 2"),
    ("--group 2", "9x8x4 → 7x6x2: 2 filters of 3x3x2, stride 1, pad 0, 2 groups"),
    ("--input-size 5x5x1", "5x5x1 → 3x3x2: 2 filters of 3x3x1, stride 1, pad 0"),
    ("--input_shape 5x5x1", "5x5x1 → 3x3x2: 2 filters of 3x3x1, stride 1, pad 0"),
    ("-i 5x5x1", "5x5x1 → 3x3x2: 2 filters of 3x3x1, stride 1, pad 0"),
    ("--no_bias", "9x8x4 → 7x6x2: 2 filters of 3x3x4, stride 1, pad 0, no bias"),
    ("--no_bias=3", "--no-bias=3: takes no value; give --no-bias alone"),
    # of two names the last word counts, as it does where one name is given twice
    ("--kernel 5 --filter 3", INPUT),
    ("--filter 5 --kernel 3", INPUT),
    # whatever it was called, a message calls it by its own name
    ("--kernel x", f"--filter x: is not a whole number; {FILTER}"),
    ("-k 0", f"--filter 0: must be at least 1; {FILTER}"),
    ("--padding -1", f"--pad -1: must be at least 0; {PAD}"),
    ("--num_output 9x6", f"--filters 9x6: is 2 numbers where 1 is needed; {COUNT}"),
    ("--kernel", "--filter has no value; give --filter F|FWxFH"),
    ("-i", "--input has no value; give --input WxHxD|LxC"),
    # words for words
    ("--format TABLE", INPUT),
    ("--format Table", INPUT),
    ("--dtype FP16", INPUT),
    ("--dtype Half", INPUT),
    ("--dtype double", INPUT),
    (
        "--dtype int8",
        "--dtype int8: is none of the choices; give float32, float64 or float16",
    ),
    ("--as caffe", "--as caffe: is none of the choices; give pytorch, keras, flax or numpy"),
]


@pytest.mark.parametrize(("words", "expected"), GIVEN)
def test_an_option_is_read_as_people_write_it(words: str, expected: str, run: Run) -> None:
    assert first_line(run, words.split(" "), {}) == expected


def test_the_table_is_long_enough() -> None:
    assert len({*SAME_SIZE, *WRONG_SIZES, *(words for words, _ in GIVEN)}) >= 120


# --- near misses: the option, the command or the value that was meant is told first

MISTYPED = {
    "": """
        param→params prams→params parms→params parameters→params slove→solve sovle→solve
        foward→forward forwards→forward fwd→forward backwards→backward bakward→backward
        back→backward shfit→shift shifts→shift dmeo→demo demos→demo bwd→backward
    """,
    "params": """
        --inptu→input --imput→input --inputs→input --input-szie→input --inputshape→input
        --input-dim→input --in→input --fitler→filter --filtr→filter --fliter→filter
        --filte→filter --kernal→filter --kernl→filter --kernelsize→filter
        --kernel-sise→filter --kernel_sz→filter --filter-sz→filter --receptivefield→filter
        --receptive-feild→filter --stirde→stride --srtide→stride --strid→stride
        --stridde→stride --strids→stride --padings→pad --pading→pad --paddings→pad
        --pads→pad --pda→pad --paddding→pad --filtes→filters --filers→filters
        --fitlers→filters --filterss→filters --fliters→filters --num-filter→filters
        --numfilters→filters --nfilters→filters --n_filters→filters
        --number-of-filters→filters --outchannels→filters --out-channel→filters
        --out_chanels→filters --output-channel→filters --num-outputs→filters
        --numoutput→filters --num-kernels→filters --dilatoin→dilation --dilaton→dilation
        --dialation→dilation --dilations→dilation --dilationrate→dilation
        --dilate→dilation --grups→groups --gruops→groups --grous→groups
        --num-groups→groups --n-groups→groups --no-bais→no-bias --no-biass→no-bias
        --nobais→no-bias --use-bias→no-bias --explian→explain --expain→explain
        --anwser→answer --answr→answer --strickt→strict --fromat→format --formt→format
        --dytpe→dtype --unshard→unshared --unshare→unshared --in-channels→input
        --input_channels→input --width→input --F→filter --K→filters -K→filters --S→stride
        --P→pad --Filter→filter -kernl→filter --format=jsn→json --format=jason→json
        --format=makrdown→markdown --format=latx→latex --format=tabel→table
        --format=cvs→csv --dtype=floot32→float32 --dtype=flaot64→float64
        --dtype=f16→float16 --as=pytroch→pytorch --as=torhc→pytorch --as=kears→keras
        --as=tensorflwo→keras --as=numyp→numpy --as=flaxx→flax --ksiz→filter
        --witout-bias→no-bias
    """,
    "solve": """
        --outptu→output --maxparams→max-params --max-parameters→max-params
        --keepsize→keep-size --allow-flor→allow-floor --limt→limit --format=josn→json
        --outputs→output --output-shap→output
    """,
    "forward": """
        --wieghts→weights --weight→weights --algoritm→algorithm --comapre→compare
        --sed→seed
    """,
    "backward": """
        --upsteam→upstream --learning_rat→learning-rate --chekc→check
    """,
    "shift": """
        --bye→by --dtype=float46→float64
    """,
    "demo": """
        --gradeint→gradient --htlm→html --imgae→image --step→steps
    """,
}
"""By command, what is typed and what was meant; without a command, what one is called."""

TYPED = [
    ([*command.split(), typed], meant)
    for command, texts in MISTYPED.items()
    for typed, meant in (text.split("→") for text in texts.split())
]


@pytest.mark.parametrize(("words", "meant"), TYPED, ids=lambda part: " ".join(part))
def test_what_was_meant_is_told_first(words: list[str], meant: str, run: Run) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    told = re.fullmatch(r"convcalc: .*; the nearest (?:is|are) (\S+)(?: and \S+)?\n", err)
    assert told, err
    assert told[1].lstrip("-") == meant


def test_there_are_many_misspellings() -> None:
    assert len({" ".join(words) for words, _ in TYPED}) >= 130


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "params --filtes 3",
            "--filtes: is no option of params; the nearest are --filters and --filter",
        ),
        ("params --padings 3", "--padings: is no option of params; the nearest is --pad"),
        (
            "params --kernels 3",
            "--kernels: is no option of params; the nearest are --filters and --filter",
        ),
        ("params --quux 3", "--quux: is no option of params; convcalc params --help lists them"),
        ("params --relu", "--relu: is no option of params; forward has it"),
        ("params --learning_rate 1", "--learning_rate: is no option of params; backward has it"),
        ("params --lr 1", "--lr: is no option of params; backward has it"),
        ("params -D 2", "-D: is no option of params; the nearest are --dilation and --input"),
        ("param", "param: is no command; the nearest is params"),
        ("PARAMS", "PARAMS: is no command; the nearest is params"),
        ("params --format xml", f"--format xml: is none of the choices; give {FORMATS}"),
        (
            "forward -i 3x3x1 -k 1 -n 1 --algorithm wingrad",
            "--algorithm wingrad: is none that is known; the nearest is winograd",
        ),
        (
            "forward -i 3x3x1 -k 1 -n 1 --weights Edgs",
            "--weights Edgs: is neither a filter bank nor an .npy file; the nearest is edges",
        ),
    ],
)
def test_a_near_miss_is_one_sentence(words: str, told: str, run: Run) -> None:
    assert run(*words.split()) == (2, "", f"convcalc: {told}\n")


# --- names that no list shows


ALL = [(name, program.get_command(click.Context(program), name)) for name in COMMANDS]


def test_no_name_stands_for_two_options() -> None:
    """Neither two options have a name in common, nor has an option another's as its own."""
    for command, found in ALL:
        options = [param for param in found.params if isinstance(param, click.Option)]
        count = sum(len(named([option])) for option in options)
        assert count == len(named(options)), command
        assert not {"-h", "--help"} & named(options).keys()
    assert len(SPELLINGS) == sum(map(len, OTHER_NAMES.values()))
    assert not SPELLINGS.keys() & OTHER_NAMES.keys()
    assert not LIKELY.keys() & (SPELLINGS.keys() | OTHER_NAMES.keys())


def test_every_other_name_is_taken_by_every_command_that_has_the_option() -> None:
    layer = {"input", "filter", "stride", "pad", "filters", "dilation", "groups", "no-bias"}
    for command, found in ALL:
        names = named(found.params)
        for option in layer if command != "network" else {"input"}:
            for other in OTHER_NAMES[option]:
                dashes = "--" if len(other) > 1 else "-"
                assert names[dashes + other].opts == [f"--{option}"], command
                assert names[dashes + other.replace("-", "_")].opts == [f"--{option}"]


def test_no_help_lists_another_name_and_no_shell_completes_one(run: Run) -> None:
    for command, found in ALL:
        shown = set(re.findall(r"(?<![\w-])--?[a-z][a-z_-]*", run(command, "--help").out))
        own = {name for param in found.params for name in param.opts if name.startswith("-")}
        assert shown - {"-h", "--help"} <= {
            name for _, one in ALL for p in one.params for name in p.opts
        }
        assert own <= shown
        for start in ("-", "--"):
            complete = ShellComplete(program, {}, "convcalc", "_CONVCALC_COMPLETE")
            offered = {item.value for item in complete.get_completions([command], start)}
            assert offered == {*own, "--help", *({"-h"} if start == "-" else ())}


def test_a_shell_completes_what_follows_another_name() -> None:
    complete = ShellComplete(program, {}, "convcalc", "_CONVCALC_COMPLETE")
    offered = complete.get_completions(["params", "--kernel_size", "3", "-n", "2"], "--fi")
    assert [item.value for item in offered] == []
    offered = complete.get_completions(["params", "-n", "2"], "--fi")
    assert [item.value for item in offered] == ["--filter"]


LISTED = "params --input 9x9x3 --filter 3 --filters 2"
OTHERS = "params -i 9x9x3 -k3 -n2"


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (f"{LISTED} --as keras --pad same", f"{OTHERS} --as TensorFlow -p SAME"),
        (f"{LISTED} --as keras", f"{OTHERS} --as tf"),
        (f"{LISTED} --as pytorch", f"{OTHERS} --as torch"),
        (f"{LISTED} --as flax", f"{OTHERS} --as JAX"),
        (f"{LISTED} --as numpy", f"{OTHERS} --as np"),
        (f"{LISTED} --format json", f"{OTHERS} --format JSON"),
        (f"{LISTED} --format markdown", f"{OTHERS} --format MD"),
        (f"{LISTED} --format latex", f"{OTHERS} --format TeX"),
        (f"{LISTED} --dtype float16", f"{OTHERS} --dtype half"),
        (f"{LISTED} --dtype float32", f"{OTHERS} --dtype Single"),
        (f"{LISTED} --dtype float64", f"{OTHERS} --dtype FP64"),
        (
            "solve --input 9x9x1 --filter 3 --stride 2 --pad 1",
            "solve -i 9,9,1 --kernel_size 3 -s 2 -p 1",
        ),
        (
            "demo --input 4x4x1 --filter 2 --stride 2 --pad 0 --filters 1 --steps",
            "demo --input-shape 4,4,1 --kernel 2 --strides 2 -p VALID --out_channels 1 --steps",
        ),
    ],
)
def test_by_whatever_name_it_is_the_same(words: str, others: str, run: Run) -> None:
    listed = run(*words.split())
    assert listed.code == 0
    assert run(*others.split()) == listed


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (
            "--pad 1 --stride 2 --dtype float64 --weights edges",
            "-p 1 -s 2 --dtype Double --weights Edges",
        ),
        ("--at 3,4,1 --algorithm im2col", "--at [3;4;1] --algorithm Im2Col"),
    ],
)
def test_a_run_is_the_same(words: str, others: str, run: Run) -> None:
    listed = run(*"forward --input 9x9x2 --filter 3 --filters 2 --seed 1".split(), *words.split())
    named = run(*"forward -i 9*9*2 -k 3 -n 2 --seed 1".split(), *others.split())
    untimed = [
        [line for line in one.out.splitlines() if not line.startswith("time")]
        for one in (listed, named)
    ]
    assert len(untimed[0]) > 5
    assert untimed[0] == untimed[1]


def test_a_value_that_looks_like_a_name_is_a_value(run: Run) -> None:
    layer = ["--input", "9x9x3", "--filter", "3", "--filters", "2"]
    for value in ("--kernel", "-k", "-k3", "--no_bias"):
        assert run("params", *layer, "--answer", value).err.startswith(
            f"convcalc: --answer {value}: "
        )
        assert run("forward", *layer, "--save", f"{value}").err.startswith(
            f"convcalc: --save {value}: "
        )
    assert run("forward", "--", "--kernel").err.startswith("convcalc: ")
    assert "SOURCE --kernel" in run("forward", *layer[2:], "--", "--kernel").err


def test_a_shift_and_a_search_read_sizes_alike(run: Run) -> None:
    layer = ["--input", "9x9x1", "--filter", "3", "--filters", "1", "--seed", "1"]
    expected = run("shift", *layer, "--by", "-2x1")
    assert expected.code == 0
    for text in ("-2,1", "(-2, 1)", "−2×1", "[-2 1]"):
        assert run("shift", *layer, "--by", text).out == expected.out
    for text, options in {
        "3..5": ["--filter", "[3..5]"],
        "5x3": ["--filter", "(5, 3)"],
    }.items():
        plain = run("solve", "--input", "9x9x1", "--filter", text)
        assert plain.code == 0
        assert run("solve", "--input", "9,9,1", *options).out == plain.out
    assert run("solve", "--input", "9x9x1", "--max-params", "1,000").out == (
        run("solve", "--input", "9x9x1", "--max-params", "1000").out
    )
    assert run("solve", "--input", "9x9x1", "--output", "(5, 5)").out == (
        run("solve", "--input", "9x9x1", "--output", "5x5").out
    )


def test_a_search_takes_a_filter_with_its_depth(run: Run) -> None:
    """Of 4 channels in 1 group a filter sees 4, in 2 groups 2."""
    for alone, deep in (
        ("--filter 3", "--filter 3x3x4"),
        ("--filter 3 --groups 2", "--filter 3x3x2 --groups 2"),
        ("--filter 3 --groups 2", "--filter 3x3x2 --groups 1..4"),
        ("--filter 5x3 --groups 4", "--filter (5,3,1) --groups 1..4"),
    ):
        known = run("solve", "--input", "9x9x4", *alone.split())
        assert known.code == 0
        assert run("solve", "--input", "9x9x4", *deep.split()) == known
    words = "--output 5x5 --stride 1 --max-macs 5000 --filter"
    before = run("solve", *words.split(), "3", "--depth", "3")
    assert before.code == 0
    assert run("solve", *words.split(), "3x3x3") == before
    series = run("solve", "--input", "60x4", "--filter", "5", "--groups", "2")
    assert series.code == 0
    assert run("solve", "--input", "60x4", "--filter", "5x2", "--groups", "1..4") == series
    paired = run("solve", *words.split(), "3", "--depth", "6", "--groups", "2")
    assert paired.code == 0
    assert run("solve", *words.split(), "3x3x3", "--groups", "2") == paired
    told = "give 3x3x4, or 3x3 alone"
    for deep in ("3x3x2", "3x3x3", "3x3x5"):
        assert run("solve", "--input", "9x9x4", "--filter", deep).err == (
            f"convcalc: --filter {deep}: has depth {deep[-1]}, where the input's depth divided by "
            f"the groups is 4; {told}\n"
        )


# --- in Python


@pytest.mark.parametrize(
    ("keyword", "told"),
    [
        *(
            (name.replace("-", "_"), f"it is spelt {option} here")
            for option in ("input", "filter", "stride", "pad", "filters", "dilation", "groups")
            for name in OTHER_NAMES[option]
        ),
        ("K", "the nearest is filters"),
        ("F", "the nearest is filter"),
        ("paddings", "the nearest is pad"),
        ("no_bias", "the nearest is bias"),
        ("use_bias", "the nearest is bias"),
        ("in_channels", "the nearest is input"),
        ("quux", "there are input, filter, filters, stride, pad, dilation, groups, bias"),
    ],
)
def test_a_wrong_keyword_names_the_right_one(keyword: str, told: str) -> None:
    whole = {"input": (9, 9, 3), "filter": 3, "filters": 2}
    for given in (whole, {}):
        with pytest.raises(TypeError) as error:
            ConvLayer(**given | {keyword: 1})
        assert str(error.value) == f"ConvLayer has no keyword {keyword}; {told}"
    with pytest.raises(TypeError) as error:
        ConvLayer(**whole).replace(**{keyword: 1})
    assert str(error.value) == f"ConvLayer has no keyword {keyword}; {told}"


def test_python_keeps_its_own_complaint_where_no_keyword_is_wrong() -> None:
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'filters'"):
        ConvLayer(input=(9, 9, 3), filter=3)


def test_python_takes_words_in_capitals_and_a_filter_with_its_depth() -> None:
    layer = ConvLayer(input=(9, 8, 4), filter=(3, 3, 4), filters=2, pad="SAME")
    assert layer == ConvLayer(input=[9, 8, 4], filter=3, filters=2, pad=1)
    assert layer.replace(pad="Valid").pad == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        (
            (1, 3, 20, 30),
            "input 1x3x20x30: is 4 numbers where 3 are needed; leave out the batch (1): give "
            "input=(30, 20, 3) for (batch, depth, height, width), or input=(20, 3, 30) for (batch, "
            "height, width, depth)",
        ),
        ((), f"input : is 0 numbers where 3 are needed; {IMAGE}"),
    ],
)
def test_python_is_told_which_three_of_four_numbers_to_give(
    shape: tuple[int, ...], told: str
) -> None:
    with pytest.raises(BadRequest) as error:
        ConvLayer(input=shape, filter=1, filters=1)
    assert str(error.value).replace("''", "") == told


# --- size


@pytest.mark.parametrize("sign", [*"x,; (*", "1,024", "1 024x", "９，"])
def test_a_huge_text_is_refused_at_once(sign: str, run: Run) -> None:
    text = sign * 200_000
    for option in ("--input", "--filter", "--filters", "--pad"):
        start = time.perf_counter()
        code, out, err = run("params", "--input", "9x9x1", "--filter", "3", option, text)
        assert (code, out) == (2, "")
        assert len(err) < 400
        assert time.perf_counter() - start < 5


@pytest.mark.parametrize("words", [["params", "--{}"], ["{}"], ["params", "--format", "{}"]])
def test_a_huge_word_has_no_near_miss_and_is_refused_at_once(words: list[str], run: Run) -> None:
    start = time.perf_counter()
    code, _, err = run(*(word.format("filte" * 40_000) for word in words))
    assert code == 2
    assert "nearest" not in err
    assert time.perf_counter() - start < 5
