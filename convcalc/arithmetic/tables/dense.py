"""Dense layers: a weight for every pair of a unit and a cell of the input; and flattening."""

from convcalc.arithmetic.answers.mistakes import NO_BIAS, WITH_BIAS, Mistake
from convcalc.arithmetic.formulas import DEPTH, Formula
from convcalc.arithmetic.tables.common import (
    IN_PLACE,
    MADE,
    ONE_PLACE,
    bytes_of,
    kept_in_training,
    made_of,
    no_parameters,
    no_work,
    work,
)

_PARAMETERS = "dense parameters"
_ALL_CHANNELS = "The cells of all channels are flattened: W·H·D of them."
_ONE_EACH = "Every unit has one bias."

SHORTS = {"dense": made_of("K")}

FORMULAS = {
    "dense": (
        ONE_PLACE,
        Formula(DEPTH, "K", "Each unit is one number.", essential=True),
        Formula(
            "inputs",
            "W·H·D",
            "{W·H − 1|The input is a column already."
            "|The volume is flattened: its {W·H·D,} cells become one column.}",
            essential=True,
            compare=True,
        ),
        Formula(
            "dense weights", "inputs·K", "Every unit has a weight for every input.", essential=True
        ),
        Formula(
            _PARAMETERS,
            "K·<inputs>",
            "Each unit has a weight for every input{B|| and a bias}: it is the convolution whose "
            "filter is as large as the input.",
            essential=True,
            settles=True,
        ),
        bytes_of(_PARAMETERS),
        *work("inputs·K", "Each weight is used once, for it has only one place."),
        Formula(
            "connections",
            "K·<inputs>",
            "Each unit is connected to every input{B|| and to its bias}: as many as parameters.",
            recorded="connections",
        ),
        *MADE,
        *kept_in_training(_PARAMETERS),
    ),
    "flatten": (
        ONE_PLACE,
        Formula(DEPTH, "W·H·D", "All cells stand one behind the other.", essential=True),
        no_parameters("The cells stay what they are, so there is nothing to learn."),
        no_work("The cells stay what they are, so nothing is multiplied."),
        IN_PLACE,
    ),
}

_FLATTENED = (
    Mistake(DEPTH, "forgot the depth", "W·H", _ALL_CHANNELS),
    Mistake(DEPTH, "took the depth for all cells", "D", _ALL_CHANNELS),
    Mistake(DEPTH, "flattened one side only", "W·D", _ALL_CHANNELS),
    Mistake(
        DEPTH,
        "added the sides up",
        "W + H + D",
        "A volume has width times height times depth cells.",
    ),
)

MISTAKES = {
    "dense": (
        *(
            Mistake(_PARAMETERS, *rest)
            for rest in (
                ("forgot the biases", "inputs·K", _ONE_EACH, WITH_BIAS),
                ("counted biases", "K·(inputs + 1)", "The layer has no bias.", NO_BIAS),
                ("one bias for the whole layer", "inputs·K + 1", _ONE_EACH, WITH_BIAS),
                ("counted the biases twice", "inputs·K + 2·K", _ONE_EACH, WITH_BIAS),
                ("one bias per input", "inputs·K + inputs", _ONE_EACH, WITH_BIAS),
                ("forgot the depth", "K·<W·H>", _ALL_CHANNELS),
                ("flattened without width and height", "K·<D>", _ALL_CHANNELS),
                ("flattened one side only", "K·<W·D>", _ALL_CHANNELS),
                ("counted one unit", "<inputs>", "There are K units."),
                ("counted the units only", "K", "Every unit has a weight for every input."),
                (
                    "added inputs and units",
                    "inputs + K",
                    "Every unit has a weight for every input: they are multiplied.",
                ),
                (
                    "multiplied by the batch",
                    "batch·K·<inputs>",
                    "The whole batch uses the same parameters.",
                    "batch − 1",
                ),
            )
        ),
        *(Mistake("inputs", name, text, why) for _, name, text, why, _ in _FLATTENED),
        Mistake(
            "multiply-adds",
            "counted the biases too",
            "K·<inputs>",
            "A bias is added, not multiplied.",
        ),
        Mistake(DEPTH, "kept the input's depth", "D", "There is one number for each unit."),
    ),
    "flatten": (
        *_FLATTENED,
        Mistake(
            "activations", "counted its cells again", "W·H·D", "The cells are those of its input."
        ),
    ),
}
