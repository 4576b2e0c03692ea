"""Layers that enlarge: a transposed convolution, and upsampling by a factor."""

from convcalc.arithmetic.answers.mistakes import WITH_BIAS, Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula
from convcalc.arithmetic.tables.common import no_parameters, no_work

PARAMETERS = "parameters"
_ACTIVATIONS = Formula(
    "activations", "W_out·H_out·depth of the output volume", "Every cell is one number."
)

SHORTS = {
    "transposed": (
        Short("E", "(d·(F − 1) + 1)", when="d − 1"),
        Short("E", "F"),
        Short("PADS", "(P_before + P_after)", when="P_before − P_after"),
        Short("PADS", "2·P"),
        Short("n", "FW·FH·K/G", when="G − 1"),
        Short("n", "FW·FH·K"),
    ),
}

FORMULAS = {
    "transposed": (
        Formula(
            SIZE,
            "(W − 1)·S + E − PADS + O",
            "The filter is laid on the output once for each cell of the input, {S} apart; the pad "
            "is cut off its ends{O||, {O} added at the end}.",
            essential=True,
        ),
        Formula(DEPTH, "K", "Each filter makes one depth slice.", essential=True),
        Formula(
            "weights per input cell",
            "n",
            "A cell scales a whole filter, for each of the {G − 1|filters|filters of its group}.",
            essential=True,
            compare=True,
        ),
        Formula("weights", "D·weights per input cell", "Cells of a channel use the same weights."),
        Formula(
            PARAMETERS,
            "weights + K·B",
            "{B|The layer has no bias.|Each filter has one bias.}",
            essential=True,
            settles=True,
        ),
        Formula(
            MULTIPLY_ADDS,
            "W·H·D·weights per input cell",
            "Every cell of the input is multiplied by each of these weights, those included whose "
            "place the pad cuts off.",
            essential=True,
        ),
        _ACTIVATIONS,
    ),
    "upsample": (
        Formula(SIZE, "W·U", "Every cell is repeated.", essential=True),
        Formula(DEPTH, "D", "Each channel is enlarged by itself."),
        no_parameters("Cells are repeated: there is nothing to learn."),
        no_work("Repeating is no arithmetic."),
        _ACTIVATIONS,
    ),
}

MISTAKES = {
    "transposed": (
        Mistake(SIZE, "counted as a convolution", "[(W − E + PADS)/S] + 1", "It enlarges."),
        Mistake(SIZE, "multiplied by the stride", "W·S", "The last filter is laid on whole."),
        Mistake(SIZE, "forgot the pad", "(W − 1)·S + E + O", "The pad cuts off both ends."),
        Mistake(SIZE, "forgot the output pad", "(W − 1)·S + E − PADS", "It is added.", "O"),
        Mistake(SIZE, "forgot that the first costs no step", "W·S + E − PADS + O", "W − 1 steps."),
        Mistake(PARAMETERS, "forgot the biases", "D·n", "Every filter has one.", WITH_BIAS),
        Mistake(PARAMETERS, "one bias per input channel", "D·n + D", "Filters have them.", WITH_BIAS),
    ),
    "upsample": (Mistake(SIZE, "added the factor", "W + U", "Every cell is repeated."),),
}
