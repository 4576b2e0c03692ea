"""Formulas that several kinds of layer have alike."""

from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula

ONE_PLACE = "The output is one column: its width and height are 1."

SAME_SIZE = Formula(SIZE, "W", "Each cell is worked on in its place.")
SAME_DEPTH = Formula(DEPTH, "D", "Each channel is worked on by itself.")
ACTIVATIONS = Formula(
    "activations", "W·H·D", "Every cell of the output volume is one number.", essential=True
)
IN_PLACE = Formula(
    "activations",
    "0",
    "It works in place: its output is written where its input was, so nothing is added.",
    essential=True,
)


def no_parameters(why: str) -> Formula:
    """Return the row of a kind that learns nothing."""
    return Formula("parameters", "0", why, essential=True)


def no_work(why: str) -> Formula:
    """Return the row of a kind whose arithmetic is no multiply-adds."""
    return Formula(MULTIPLY_ADDS, "0", why)
