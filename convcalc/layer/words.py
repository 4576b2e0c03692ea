"""The words for kinds of layers, and the options each word stands for."""

from collections.abc import Iterable, Mapping
from typing import Any

from convcalc.errors import BadRequest
from convcalc.layer.activation import FUNCTIONS
from convcalc.layer.kinds import HOMES, KINDS
from convcalc.layer.network import OF_DEPTH
from convcalc.layer.plan import Step
from convcalc.layer.spellings import SPELLINGS

Fixed = Mapping[str, Any]

WORDS: dict[str, tuple[str, Fixed]] = {
    **{kind: (kind, {}) for kind in HOMES if kind not in ("activation", "add", "concat")},
    **{function: ("activation", {"function": function}) for function in FUNCTIONS},
    **dict.fromkeys(("convolution", "conv2d"), ("conv", {})),
    **dict.fromkeys(("dwconv", "depthwise"), ("conv", {"filters": OF_DEPTH, "groups": OF_DEPTH})),
    **dict.fromkeys(("fc", "linear", "fullyconnected", "ip"), ("dense", {})),
    **dict.fromkeys(("maxpool", "maxpooling", "pooling"), ("pool", {"mode": "max"})),
    **dict.fromkeys(("avgpool", "averagepool", "meanpool"), ("pool", {"mode": "average"})),
    **dict.fromkeys(("gap", "globalavgpool", "globalaveragepool"), ("globalpool", {})),
    **dict.fromkeys(("gmp", "globalmaxpool"), ("globalpool", {"mode": "max"})),
    **dict.fromkeys(("bn", "batchnormalization", "batchnorm2d"), ("batchnorm", {})),
    **dict.fromkeys(("deconv", "convtranspose", "transposedconv", "upconv"), ("transposed", {})),
    **dict.fromkeys(("localresponsenorm", "norm"), ("lrn", {})),
    **dict.fromkeys(("locallyconnected", "localconv"), ("local", {})),
    **dict.fromkeys(("unpool", "upsampling"), ("upsample", {})),
    "drop": ("dropout", {}),
    "swish": ("activation", {"function": "silu"}),
    "hswish": ("activation", {"function": "hardswish"}),
    "lrelu": ("activation", {"function": "leakyrelu"}),
}
"""Every word, in small letters without blanks, hyphens and underscores."""

OPTIONS = {name.replace("-", "_"): option for name, option in SPELLINGS.items()} | {
    "size": "window",
    "use_bias": "bias",
    "output_padding": "output_pad",
    "ceil_mode": "ceil",
    "count_include_pad": "count_pad",
}
"""Other names of options, where a kind has none of that name itself."""


def plain(word: str) -> str:
    """Return a word as WORDS has it.

    >>> plain("Max-Pool")
    'maxpool'
    """
    return "".join(c for c in word.casefold() if c not in "-_ ")


def step(
    word: str, main: Any, options: Mapping[str, Any], name: str = "", second: Any = None
) -> Step:
    """Return the layer that a word, its values (None without one) and its options stand for.

    Raises BadRequest for a word that is none, and for an option it has not.

    >>> step("MaxPool", 3, {"strides": 2})
    Step(kind='pool', options={'mode': 'max', 'window': 3, 'stride': 2}, name='')
    """
    if plain(word) not in WORDS:
        near = _nearest(plain(word), WORDS)
        remedy = f"the nearest is {near[0]}" if near else "give conv, pool, dense or another"
        raise BadRequest("SPEC", word, "is no kind of layer", remedy)
    kind, fixed = WORDS[plain(word)]
    layer = KINDS[kind]
    values = dict(fixed)
    known = {option.name for option in layer.options}
    for option, value in ((layer.main, main), (layer.second, second)):
        if value is not None:
            if option is None or option in fixed:
                problem = f"takes no number {value}"
                raise BadRequest("SPEC", word, problem, f"give {word} without it")
            values[option] = value
    for given, value in options.items():
        option = given if given in known else OPTIONS.get(given, given)
        if kind == "conv" and option == "table":
            kind = "tabled"
        elif option not in known:
            near = _nearest(option, known)
            remedy = f"the nearest is {near[0]}" if near else f"it has {', '.join(sorted(known))}"
            raise BadRequest("SPEC", f"{word} {given}", f"is no option of {word}", remedy)
        values[option] = value
    return Step(kind, values, name)


def _nearest(word: str, words: Iterable[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(word, words, 1)
