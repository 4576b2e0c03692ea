"""Layers that enlarge: a transposed convolution, and upsampling by a factor."""

from convcalc.arithmetic.answers.mistakes import NO_BIAS, WITH_BIAS, Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula
from convcalc.arithmetic.tables.common import (
    MADE,
    bytes_of,
    kept_in_training,
    made_of,
    no_parameters,
    no_work,
    work,
)

_LEARNED = "shared parameters"
_ONE_EACH = "Every filter has one bias, as every depth slice of the output has."
_SHIFTED = "Filters are laid S apart, the last one whole; the pad is cut off both ends."

SHORTS = {
    "transposed": (
        Short("E", "(d·(F − 1) + 1)", when="d − 1"),
        Short("E", "F"),
        Short("PADS", "(P_before + P_after)", when="P_before − P_after"),
        Short("PADS", "2·P"),
        Short("n", "FW·FH·K/G", when="G − 1"),
        Short("n", "FW·FH·K"),
        Short("LEARNED", "shared weights + K", when="B"),
        Short("LEARNED", "shared weights"),
        *made_of("W_out·H_out·K"),
    ),
    "upsample": made_of("W_out·H_out·D"),
}

FORMULAS = {
    "transposed": (
        Formula(
            SIZE,
            "(W − 1)·S + E − PADS + O",
            "The filter is laid on the output for each of the {W,} cells, {S,} further each time, "
            "the last one whole{P_before + P_after||; the pad is cut off the ends}"
            "{O||; the output pad is added behind}.",
            essential=True,
        ),
        Formula(
            DEPTH,
            "K",
            "Each filter makes one depth slice, so the output volume is {W_out}x{H_out}x{K}.",
        ),
        Formula(
            "weights per input cell",
            "n",
            "A cell is multiplied by its channel's weights in each of the {K/G} filters"
            "{G − 1|| of its group}.",
            essential=True,
            compare=True,
        ),
        Formula(
            "shared weights",
            "D·weights per input cell",
            "All cells of a channel use the same weights.",
        ),
        Formula(
            _LEARNED,
            "LEARNED",
            "{B|The layer was asked for without bias.|Each filter has one bias.}",
            essential=True,
            settles=True,
        ),
        bytes_of(_LEARNED),
        *work(
            "W·H·D·weights per input cell",
            "Every cell of the input is multiplied by each of these weights, even where the pad "
            "cuts the place off.",
        ),
        *MADE,
        *kept_in_training(_LEARNED),
    ),
    "upsample": (
        Formula(
            SIZE,
            "W·U",
            "Every cell stands there {U|no time|once|# times} along the axis.",
            essential=True,
        ),
        Formula(DEPTH, "D", "Each channel is enlarged by itself, so the depth stays {D}."),
        no_parameters("Cells are repeated, so there is nothing to learn."),
        no_work("Cells are repeated, so nothing is multiplied."),
        *MADE,
    ),
}

MISTAKES = {
    "transposed": (
        *(
            Mistake(SIZE, *rest)
            for rest in (
                ("took it for a convolution", "[(W − E + 2·P)/S] + 1", "It enlarges."),
                ("multiplied by the stride", "W·S", _SHIFTED),
                ("forgot the pad", "(W − 1)·S + E + O", _SHIFTED),
                ("added the pad", "(W − 1)·S + E + P_before + P_after + O", _SHIFTED),
                ("cut the pad off once", "(W − 1)·S + E − P_before + O", _SHIFTED),
                ("counted a step for each cell", "W·S + E − (P_before + P_after) + O", _SHIFTED),
                ("forgot the filter", "(W − 1)·S − (P_before + P_after) + O", _SHIFTED),
                (
                    "forgot the output pad",
                    "(W − 1)·S + E − (P_before + P_after)",
                    "It is added behind.",
                    "O",
                ),
                (
                    "ignored the dilation",
                    "(W − 1)·S + F − (P_before + P_after) + O",
                    "A dilated filter covers more places.",
                ),
            )
        ),
        *(
            Mistake(_LEARNED, *rest)
            for rest in (
                ("forgot the biases", "D·n", _ONE_EACH, WITH_BIAS),
                ("counted biases", "D·n + K", "The layer has no bias.", NO_BIAS),
                ("one bias per input channel", "D·n + D", _ONE_EACH, WITH_BIAS),
                ("forgot the depth", "K·<FW·FH>", "A filter has a slice for each channel."),
                ("ignored the groups", "K·<FW·FH·D>", "A filter has its own group's channels."),
                (
                    "multiplied by the positions",
                    "W·H·D·n",
                    "All cells of a channel use the same weights.",
                ),
            )
        ),
        Mistake(
            MULTIPLY_ADDS,
            "counted as for a convolution, by the output's cells",
            "W_out·H_out·K·FW·FH·D/G",
            "The filter is laid once for each cell of the input.",
        ),
    ),
    "upsample": (
        Mistake(SIZE, "added the factor", "W + U", "Every cell is repeated."),
        Mistake(SIZE, "used the input's size", "W", "Every cell is repeated."),
    ),
}
