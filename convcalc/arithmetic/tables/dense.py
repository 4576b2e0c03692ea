"""Dense layers: a weight for every pair of a unit and a cell of the input; and flattening."""

from convcalc.arithmetic.answers.mistakes import NO_BIAS, WITH_BIAS, Mistake
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula
from convcalc.arithmetic.tables.common import IN_PLACE, ONE_PLACE, no_parameters

INPUTS = "inputs"
PARAMETERS = "parameters"

FORMULAS = {
    "dense": (
        Formula(SIZE, "1", ONE_PLACE),
        Formula(DEPTH, "K", "Each unit is one number."),
        Formula(
            INPUTS,
            "W·H·D",
            "{W·H − 1|The input is a column already."
            "|The volume is flattened: its cells become one column.}",
            essential=True,
            compare=True,
        ),
        Formula("weights", "inputs·K", "Each unit has a weight for every input.", essential=True),
        Formula(
            PARAMETERS,
            "K·<inputs>",
            "It is the convolution whose filter is as large as the input"
            "{B||, with a bias for each unit}.",
            essential=True,
            settles=True,
        ),
        Formula(
            MULTIPLY_ADDS,
            "inputs·K",
            "Nothing is shared, so each weight is multiplied once.",
            essential=True,
        ),
        Formula("activations", "K", "Every unit is one number."),
    ),
    "flatten": (
        Formula(SIZE, "1", ONE_PLACE),
        Formula(DEPTH, "W·H·D", "All cells, one behind the other.", essential=True),
        no_parameters("The cells stay what they are."),
        IN_PLACE,
    ),
}

SHORTS = {}

MISTAKES = {
    "dense": (
        *(
            Mistake(PARAMETERS, *rest)
            for rest in (
                ("forgot the biases", "inputs·K", "Every unit has one bias.", WITH_BIAS),
                ("counted biases", "K·(inputs + 1)", "The layer has no bias.", NO_BIAS),
                ("one bias for the whole layer", "inputs·K + 1", "Every unit has one.", WITH_BIAS),
                ("forgot the depth", "K·<W·H>", "All channels are flattened."),
                ("took the depth for all inputs", "K·<D>", "The volume is flattened: W·H·D cells."),
                ("counted the inputs' biases", "inputs·K + inputs", "Units have biases."),
                ("counted one unit", "<inputs>", "There are K units."),
                ("added where it multiplies", "inputs + K", "Every unit sees every input."),
            )
        ),
        Mistake(INPUTS, "forgot the depth", "W·H", "All channels are flattened."),
        Mistake(INPUTS, "flattened one side", "W·D", "Both sides are flattened."),
    ),
    "flatten": (Mistake(DEPTH, "forgot the depth", "W·H", "All channels are flattened."),),
}
