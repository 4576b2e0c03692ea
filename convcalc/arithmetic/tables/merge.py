"""Where branches meet: nothing is learned."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formulas import DEPTH, Formula
from convcalc.arithmetic.tables.common import (
    ACTIVATIONS,
    IN_PLACE,
    SAME_DEPTH,
    SAME_SIZE,
    no_parameters,
    no_work,
)

FORMULAS = {
    "add": (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters("Cells in the same place are added up: there is nothing to learn."),
        no_work("Adding alone is no multiply-add."),
        ACTIVATIONS,
    ),
    "concat": (
        SAME_SIZE,
        Formula(DEPTH, "depths", "The volumes lie one behind the other.", essential=True),
        no_parameters("The cells stay what they are."),
        no_work("The cells stay what they are."),
        IN_PLACE,
    ),
}

SHORTS = {}

MISTAKES = {
    "concat": (
        Mistake(DEPTH, "added the volumes up", "D", "They lie one behind the other in depth."),
    ),
}
