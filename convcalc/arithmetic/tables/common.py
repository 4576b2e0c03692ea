"""Formulas that several kinds of layer have alike."""

from collections.abc import Iterable

from convcalc.arithmetic.answers.mistakes import MISTAKES, Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, FORMULAS, MULTIPLY_ADDS, SHORTS, SIZE, Formula

CONV = {one.name: one for one in FORMULAS["conv"]}
"""A convolution's formulas by name; other kinds take over those that are the same of them."""

SAME_SIZE = Formula(SIZE, "W", "Each cell is worked on in its place, so the size stays.")
SAME_DEPTH = Formula(DEPTH, "D", "Each channel is worked on by itself, so the depth stays {D}.")
ONE_PLACE = Formula(SIZE, "1", "The output is one column: its width and height are 1.")

MADE = (CONV["activations"]._replace(essential=True), CONV["bytes of the activations"])
"""What a layer makes that does not work in place, with the short name OUTPUTS of its cells."""

IN_PLACE = Formula(
    "activations",
    "0",
    "It works in place: its output is written where its input was, so nothing is added.",
    line="none of its own, for it works in place",
    recorded="activations.output",
)

TRAINING = {name: CONV[f"{name} kept in training"] for name in ("numbers", "bytes")}

PARAMETERS = "parameters"


def made_of(cells: str) -> tuple[Short, ...]:
    """Return the short names that a kind's memory is told with; `cells` are those of its output."""
    known = [one for one in SHORTS["conv"] if one.name == "STATE"]
    return (
        Short("OUTPUTS", f"batch·{cells}", when="batch − 1"),
        Short("OUTPUTS", cells),
        *known,
    )


def no_parameters(why: str) -> Formula:
    """Return the row of a kind that learns nothing."""
    return Formula(PARAMETERS, "0", why, line="")


def no_work(why: str) -> Formula:
    """Return the row of a kind whose arithmetic is no multiply-adds."""
    return Formula(MULTIPLY_ADDS, "0", why, line="none")


def work(text: str, why: str) -> tuple[Formula, ...]:
    """Return the rows of a kind's multiply-adds."""
    return (
        Formula(MULTIPLY_ADDS, text, why, essential=True),
        CONV["FLOPs"],
        CONV["multiply-adds of the batch"],
        CONV["FLOPs of the batch"],
    )


def kept_in_training(parameters: str, averages: str = "") -> tuple[Formula, ...]:
    """Return the rows of what a training step keeps: what is learned, and averages if there are."""
    numbers = TRAINING["numbers"]
    text, why = numbers.text.replace("shared parameters", parameters), numbers.why
    if averages:
        text, why = (
            f"{text} + {averages}",
            why.replace("; the input", f"; the {averages}; the input"),
        )
    return (numbers._replace(text=text, why=why), TRAINING["bytes"])


def bytes_of(parameters: str) -> Formula:
    """Return the row of the memory of some parameters."""
    return CONV["bytes of the shared parameters"]._replace(
        name=f"bytes of the {parameters}", text=f"{parameters}·bytes each"
    )


def taken_over(formulas: Iterable[Formula], *but: str) -> tuple[Mistake, ...]:
    """Return a convolution's mistakes about the results of some formulas, but not of all."""
    names = [one.name for one in formulas if one.name not in but]
    return tuple(
        one
        for one in MISTAKES["conv"]
        if any(name == one.of or name.startswith(f"{one.of} of ") for name in names)
    )
