"""Normalisation: what a channel learns, and what it keeps without learning it."""

from convcalc.arithmetic.answers.mistakes import Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import MULTIPLY_ADDS, Formula
from convcalc.arithmetic.tables.common import (
    MADE,
    PARAMETERS,
    SAME_DEPTH,
    SAME_SIZE,
    bytes_of,
    kept_in_training,
    made_of,
    no_parameters,
    no_work,
)

_LEARNED, _KEPT = "trainable parameters", "moving averages"
_PER_CHANNEL = "Scale and shift belong to a channel, whatever its width and height."
_AVERAGES = "Each channel keeps the running mean and variance of what it saw; they are not learned."

SHORTS = {
    "batchnorm": (
        Short("LEARNED", "2·D", when="A"),
        Short("LEARNED", "0"),
        Short("SCALES", "D", when="A"),
        Short("SCALES", "0"),
        *made_of("W·H·D"),
    ),
    "lrn": made_of("W·H·D"),
}

FORMULAS = {
    "batchnorm": (
        SAME_SIZE,
        SAME_DEPTH,
        Formula(
            "trainable weights",
            "SCALES",
            "{A|It was asked for without scale and shift.|Each channel has a scale.}",
            further=True,
        ),
        Formula(
            _LEARNED,
            "LEARNED",
            "{A|It was asked for without scale and shift.|Each channel has a scale and a shift.}",
            essential=True,
            settles=True,
            compare=True,
        ),
        Formula(_KEPT, "2·D", _AVERAGES, essential=True),
        Formula(
            PARAMETERS,
            "trainable parameters + moving averages",
            "Keras's total has all of them, PyTorch's parameters() only those that are learned.",
            essential=True,
        ),
        bytes_of(_LEARNED),
        bytes_of(PARAMETERS),
        no_work(
            "At inference it is a factor and a summand a channel, which the convolution before "
            "can take in: not counted."
        ),
        *MADE,
        *kept_in_training(_LEARNED, _KEPT),
    ),
    "lrn": (
        SAME_SIZE,
        SAME_DEPTH,
        no_parameters("Its numbers are chosen beforehand, so there is nothing to learn."),
        no_work("Squares of {size} neighbours are added up, without weights: not counted."),
        *MADE,
    ),
}

MISTAKES = {
    "batchnorm": (
        *(
            Mistake(_LEARNED, *rest)
            for rest in (
                ("counted the moving averages as trained", "LEARNED + 2·D", _AVERAGES),
                ("one scale and shift per cell", "2·W·H·D", _PER_CHANNEL),
                ("one scale and shift per place", "2·W·H", _PER_CHANNEL),
                ("forgot the shift", "D", "Each channel has a scale and a shift."),
                ("one scale and shift for all", "2", "Each channel has its own."),
                ("counted scale and shift", "2·D", "The layer was asked for without.", "1 − A"),
            )
        ),
        Mistake(PARAMETERS, "forgot scale and shift", "2·D", "They are learned.", "A"),
        Mistake(PARAMETERS, "kept one average a channel", "LEARNED + D", _AVERAGES),
        Mistake(
            MULTIPLY_ADDS,
            "counted one for each cell",
            "W·H·D",
            "Factor and summand go into the convolution before.",
        ),
    ),
    "lrn": (
        Mistake(PARAMETERS, "counted its neighbours as weights", "size", "They have none."),
        Mistake(
            PARAMETERS,
            "took it for batch normalisation",
            "2·D",
            "Local response normalisation has no scale and no shift.",
        ),
    ),
}
