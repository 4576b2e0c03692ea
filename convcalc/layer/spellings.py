"""The names people know options by: those that are taken, and which is nearest to another.

Every name is written with hyphens; a keyword in Python has underscores.
"""

from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from convcalc.errors import most_alike, shown, told

OTHER_NAMES = {
    "input": ("input-size", "input-shape", "i"),
    "filter": ("kernel", "kernel-size", "ksize", "filter-size", "receptive-field", "k"),
    "stride": ("strides", "s"),
    "pad": ("padding", "p"),
    "filters": (
        "num-filters",
        "out-channels",
        "output-channels",
        "num-output",
        "features",
        "n",
    ),
    "dilation": ("dilation-rate", "kernel-dilation"),
    "groups": ("group", "feature-group-count"),
    "no-bias": ("nobias", "without-bias"),
    "output": ("output-size", "output-shape"),
    "learning-rate": ("lr",),
}
"""By option, what frameworks and course notes call it; each is taken for the option."""

SPELLINGS = {name: option for option, names in OTHER_NAMES.items() for name in names}

LIKELY = {
    "in": ("input",),
    "in-channels": ("input",),
    "input-channels": ("input",),
    "num-channels": ("input", "filters"),
    "channels": ("input", "filters"),
    "width": ("input",),
    "height": ("input",),
    "depth": ("input",),
    "kernels": ("filters", "filter"),
    "num-kernels": ("filters",),
    "units": ("filters",),
    "use-bias": ("no-bias", "bias"),
    "fwd": ("forward",),
    "bwd": ("backward",),
    "W": ("input",),
    "F": ("filter",),
    "K": ("filters",),
    "S": ("stride",),
    "P": ("pad",),
    "D": ("dilation", "input"),
    "G": ("groups",),
}
"""Names that say too little, or something else, to be taken; and what may be meant."""

P = ParamSpec("P")
T = TypeVar("T")


def nearest(name: str, options: Iterable[str]) -> list[str]:
    """Return the one or two options that a name was most likely meant for, the likeliest first.

    >>> nearest("padings", ["input", "pad", "stride"]), nearest("width", ["input", "pad"])
    (['pad'], ['input'])
    """
    known, name = list(options), name.replace("_", "-")
    if name in LIKELY:
        return [option for option in LIKELY[name] if option in known]
    words = {word: option for word, option in SPELLINGS.items() if option in known}
    return most_alike(name, known, words)


def told_keywords(make: Callable[P, T]) -> Callable[P, T]:
    """Make the TypeError of a constructor or a function for a wrong keyword name the right one."""

    @wraps(make)
    def checked(*args: P.args, **given: P.kwargs) -> T:
        try:
            return make(*args, **given)
        except TypeError as error:
            code = make.__code__
            before, count = code.co_argcount, code.co_kwonlyargcount
            known = code.co_varnames[before : before + count]
            for name in given:
                if name not in known:
                    raise TypeError(
                        _unknown(name, make.__qualname__.partition(".")[0], known)
                    ) from error
            raise

    return checked


def _unknown(name: str, maker: str, known: Collection[str]) -> str:
    """Return what is wrong with a keyword, and what is right."""
    meant = SPELLINGS.get(name.replace("_", "-"))
    remedy = f"it is spelt {meant} here"
    if meant not in known:
        remedy = told(nearest(name, known), f"there are {', '.join(known)}")
    return f"{maker} has no keyword {shown(name)}; {remedy}"
