"""Activations and dropout: each cell by itself, nothing learned, nothing kept."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formula import Shorts
from convcalc.arithmetic.formulas import MULTIPLY_ADDS, Formula
from convcalc.arithmetic.tables.common import (
    IN_PLACE,
    PARAMETERS,
    SAME_DEPTH,
    SAME_SIZE,
    no_parameters,
    no_work,
)


def _rows(nothing_learned: str) -> tuple[Formula, ...]:
    return (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters(nothing_learned),
        no_work("What is done to each cell is no sum of products with weights: not counted."),
        IN_PLACE,
    )


SHORTS: dict[str, Shorts] = {}

FORMULAS = {
    "activation": _rows("The function is chosen beforehand, so there is nothing to learn."),
    "dropout": _rows("Which cells are set to 0 is drawn, not learned."),
}

_AGAIN = (
    Mistake("activations", "counted its memory again", "W·H·D", "It writes over its own input."),
    Mistake(PARAMETERS, "one parameter per cell", "W·H·D", "There is nothing to learn."),
    Mistake(PARAMETERS, "one bias per channel", "D", "The biases are the layer's before it."),
    Mistake(
        MULTIPLY_ADDS,
        "counted one for each cell",
        "W·H·D",
        "There are no weights to be multiplied with.",
    ),
)

MISTAKES = {"activation": _AGAIN, "dropout": _AGAIN}
