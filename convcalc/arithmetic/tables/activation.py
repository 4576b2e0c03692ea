"""Activations and dropout: each cell by itself, nothing learned, nothing kept."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.tables.common import (
    IN_PLACE,
    SAME_DEPTH,
    SAME_SIZE,
    no_parameters,
    no_work,
)

_WORK = no_work("What is done to each cell is no sum of products, and is not counted.")
_KEPT = Mistake(
    "activations", "counted its memory again", "W·H·D", "It writes over its own input."
)

FORMULAS = {
    "activation": (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters("The function is fixed: there is nothing to learn."),
        _WORK,
        IN_PLACE,
    ),
    "dropout": (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters("Which cells are set to 0 is drawn, not learned."),
        _WORK,
        IN_PLACE,
    ),
}

SHORTS = {}

MISTAKES = {
    "activation": (
        _KEPT,
        Mistake("parameters", "one parameter per cell", "W·H·D", "There is nothing to learn."),
    ),
    "dropout": (_KEPT,),
}
