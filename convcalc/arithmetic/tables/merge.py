"""Where branches meet: nothing is learned."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formulas import DEPTH, Formula
from convcalc.arithmetic.tables.common import (
    IN_PLACE,
    MADE,
    SAME_DEPTH,
    SAME_SIZE,
    made_of,
    no_parameters,
    no_work,
)

SHORTS = {"add": made_of("W·H·D")}

FORMULAS = {
    "add": (
        SAME_SIZE,
        SAME_DEPTH._replace(
            why="Cells in the same place are added up, so the {volumes|none|1 volume|# volumes} "
            "and the sum are all {D} deep."
        ),
        no_parameters("Cells are added up without weights, so there is nothing to learn."),
        no_work("Adding alone is no multiply-add: not counted."),
        *MADE,
    ),
    "concat": (
        SAME_SIZE._replace(why="The volumes lie one behind the other, so the size stays."),
        Formula(DEPTH, "depths", "The volumes lie one behind the other.", essential=True),
        no_parameters("The cells stay what they are, so there is nothing to learn."),
        no_work("The cells stay what they are, so nothing is multiplied."),
        IN_PLACE._replace(why="The branches write their outputs where they are to be in the end."),
    ),
}

MISTAKES = {
    "add": (
        Mistake(
            DEPTH,
            "laid the volumes one behind the other",
            "D·volumes",
            "They are added up, cell by cell.",
        ),
        Mistake("activations", "counted it as in place", "0", "The sum is a volume of its own."),
        Mistake(
            "activations",
            "counted what is added up too",
            "W·H·D·(volumes + 1)",
            "Those volumes are counted where they are made.",
        ),
    ),
    "concat": (
        Mistake(DEPTH, "added the volumes up", "D", "They lie one behind the other in depth."),
        Mistake(
            "activations",
            "counted the branches' outputs again",
            "W·H·depths",
            "They are written where they are to be, and counted there.",
        ),
    ),
}
