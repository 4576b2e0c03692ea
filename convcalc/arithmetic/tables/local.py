"""Convolutions that share nothing, or see only some channels: a convolution's rows, changed."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import FORMULAS as KNOWN
from convcalc.arithmetic.formulas import MULTIPLY_ADDS, Formula
from convcalc.arithmetic.formulas import SHORTS as KNOWN_SHORTS

_CONV = {one.name: one for one in KNOWN["conv"]}
_SHARED = ("shared", "sharing factor")


def _changed(**texts: tuple[str, str]) -> tuple[Formula, ...]:
    """Return a convolution's rows, those named (with _ for a blank) with another text and why."""
    named = {name.replace("_", " "): rest for name, rest in texts.items()}
    return tuple(
        one._replace(text=named[one.name][0], why=named[one.name][1]) if one.name in named else one
        for one in _CONV.values()
    )


FORMULAS = {
    "local": tuple(
        one
        for one in _CONV.values()
        if not any(f" {word}" in f" {one.name}" for word in _SHARED if word != "shared")
        and not one.name.startswith("shared")
        and one.name != "bytes of the shared parameters"
    ),
    "tabled": _changed(),
}

SHORTS = {
    "local": KNOWN_SHORTS["conv"],
    "tabled": (Short("n", "FW·FH·pairs/K"), *KNOWN_SHORTS["conv"]),
}

MISTAKES = {
    "local": (Mistake("unshared parameters", "shared them", "K·<n>", "Nothing is shared."),),
}
