"""Normalisation: what a channel learns, and what it keeps without learning it."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formulas import Formula
from convcalc.arithmetic.tables.common import (
    ACTIVATIONS,
    SAME_DEPTH,
    SAME_SIZE,
    no_parameters,
    no_work,
)

LEARNED, KEPT, PARAMETERS = "learned", "moving averages", "parameters"

FORMULAS = {
    "batchnorm": (
        SAME_SIZE,
        SAME_DEPTH,
        Formula(
            LEARNED,
            "2·D·A",
            "{A|It was asked for without scale and shift."
            "|Each channel has a scale and a shift, whatever its width and height.}",
            essential=True,
        ),
        Formula(
            KEPT,
            "2·D",
            "Each channel keeps the running mean and variance of what it saw; nothing learns them.",
            essential=True,
        ),
        Formula(
            PARAMETERS,
            "learned + moving averages",
            "Keras's total has all of them, PyTorch's parameters() only what is learned.",
            essential=True,
        ),
        no_work("At inference it is a factor and a summand, which go into the layer before."),
        ACTIVATIONS,
    ),
    "lrn": (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters("Its numbers are fixed: there is nothing to learn."),
        no_work("It is no sum of products with weights, and is not counted."),
        ACTIVATIONS,
    ),
}

SHORTS = {}

MISTAKES = {
    "batchnorm": (
        Mistake(PARAMETERS, "forgot the moving averages", "2·D·A", "They are kept too."),
        Mistake(LEARNED, "counted the moving averages", "4·D", "Averages are not learned."),
        Mistake(LEARNED, "one scale and shift per cell", "2·W·H·D", "A channel has one of each."),
        Mistake(LEARNED, "forgot the shift", "D", "A channel has a scale and a shift."),
        Mistake(LEARNED, "one scale and shift for all", "2", "Each channel has its own."),
    ),
}
