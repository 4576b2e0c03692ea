"""The words for kinds of layers, and the options each word stands for."""

from collections.abc import Mapping
from typing import Any

from convcalc.errors import BadRequest, most_alike, shown, told
from convcalc.layer.activation import FUNCTIONS
from convcalc.layer.kinds import HOMES, KINDS
from convcalc.layer.network import OF_DEPTH
from convcalc.layer.plan import Step
from convcalc.layer.spellings import OTHER_NAMES, nearest

Fixed = Mapping[str, Any]
MAX, MEAN = {"mode": "max"}, {"mode": "average"}

WORDS: dict[str, tuple[str, Fixed]] = {
    **{kind: (kind, {}) for kind in HOMES if kind not in ("activation", "add", "concat", "conv1d")},
    **{function: ("activation", {"function": function}) for function in FUNCTIONS},
    "convolution": ("conv", {}),
    **dict.fromkeys(
        ("dwconv", "depthwise", "depthwiseconv"),
        ("conv", {"filters": OF_DEPTH, "groups": OF_DEPTH}),
    ),
    **dict.fromkeys(("fc", "linear", "fullyconnected", "ip"), ("dense", {})),
    **dict.fromkeys(("maxpool", "maxpooling", "pooling"), ("pool", MAX)),
    **dict.fromkeys(
        ("avgpool", "avgpooling", "averagepool", "averagepooling", "meanpool", "meanpooling"),
        ("pool", MEAN),
    ),
    **dict.fromkeys(
        ("gap", "globalavgpool", "globalaveragepool", "globalaveragepooling", "adaptiveavgpool"),
        ("globalpool", MEAN),
    ),
    **dict.fromkeys(
        ("gmp", "globalmaxpool", "globalmaxpooling", "adaptivemaxpool"), ("globalpool", MAX)
    ),
    **dict.fromkeys(("bn", "batchnormalization"), ("batchnorm", {})),
    **dict.fromkeys(
        ("deconv", "convtranspose", "transposedconv", "upconv", "conv2dtranspose"),
        ("transposed", {}),
    ),
    **dict.fromkeys(("localresponsenorm", "norm"), ("lrn", {})),
    **dict.fromkeys(("locallyconnected", "localconv"), ("local", {})),
    **dict.fromkeys(("unpool", "upsampling"), ("upsample", {})),
    "drop": ("dropout", {}),
    "swish": ("activation", {"function": "silu"}),
    "hswish": ("activation", {"function": "hardswish"}),
    "lrelu": ("activation", {"function": "leakyrelu"}),
}
"""Every word, in small letters without blanks, hyphens and underscores; 2d may stand behind it."""

OPTIONS: Mapping[str, tuple[str, ...]] = {
    **{name: (option,) for option, names in OTHER_NAMES.items() for name in names},
    **dict.fromkeys(OTHER_NAMES["filter"], ("filter", "window")),
    **dict.fromkeys(OTHER_NAMES["filters"], ("filters", "units", "size")),
    **dict.fromkeys(("pool-size", "window-shape"), ("window",)),
    **dict.fromkeys(("size", "local-size"), ("size", "window", "filter", "factor")),
    "out-features": ("units",),
    "p": ("pad", "rate"),
    "dropout-ratio": ("rate",),
    "scale": ("factor",),
    "scale-factor": ("factor",),
    "use-bias": ("bias",),
    "output-padding": ("output_pad",),
    "ceil-mode": ("ceil",),
    "count-include-pad": ("count_pad",),
}
"""Other names of options, with hyphens: the first of its meanings that a kind has is meant."""


def plain(word: str) -> str:
    """Return a word as WORDS has it.

    >>> plain("Max-Pool"), plain("BatchNorm2d")
    ('maxpool', 'batchnorm')
    """
    letters = "".join(c for c in word.casefold() if c not in "-_ ")
    return letters if letters in WORDS else letters.removesuffix("2d")


def step(
    word: str, main: Any, options: Mapping[str, Any], name: str = "", second: Any = None
) -> Step:
    """Return the layer that a word, its values (None without one) and its options stand for.

    Raises BadRequest for a word that is none, and for an option it has not.

    >>> step("MaxPool", 3, {"strides": 2})
    Step(kind='pool', options={'mode': 'max', 'window': 3, 'stride': 2}, name='')
    """
    if plain(word) not in WORDS:
        remedy = told(most_alike(plain(word), WORDS), "give conv, pool, dense or another")
        raise BadRequest("SPEC", word, "is no kind of layer", remedy)
    kind, fixed = WORDS[plain(word)]
    layer = KINDS[kind]
    given: dict[str, Any] = {}
    for option, value in ((layer.main, main), (layer.second, second)):
        if value is not None:
            if option is None or option in fixed:
                problem = f"takes no number {shown(value)}"
                raise BadRequest("SPEC", word, problem, f"give {word} without it")
            given[option] = value
    for typed, value in options.items():
        option = _option(word, kind, typed)
        if option == "table":
            kind = "tabled"
        if option in given or fixed.get(option, OF_DEPTH) != OF_DEPTH:
            raise BadRequest("SPEC", f"{word} {typed}", f"gives {option} twice", "give it once")
        given[option] = value
    return Step(kind, {**fixed, **given}, name)


def _option(word: str, kind: str, typed: str) -> str:
    """Return the option of a kind that is meant by a name; raise BadRequest where none is."""
    known = [option.name for option in KINDS[kind].options]
    if kind == "conv":
        known.append("table")
    name = typed.lower().replace("_", "-")
    for option in (name.replace("-", "_"), *OPTIONS.get(name, ())):
        if option in known:
            return option
    remedy = told(nearest(name, known), f"it has {', '.join(sorted(known)) or 'none'}")
    raise BadRequest("SPEC", f"{word} {shown(typed)}", f"is no option of {word}", remedy)
