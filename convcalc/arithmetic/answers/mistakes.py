"""Mistakes students make, as data: what it is called, the wrong formula, what is so instead.

The formulas are in the grammar of `formula`, with the letters of `formulas`.
"""

from typing import NamedTuple

from convcalc.arithmetic.by_kind import ByKind
from convcalc.arithmetic.formulas import DEPTH, SIZE

NO_BIAS, WITH_BIAS = "1 − B", "B"


class Mistake(NamedTuple):
    """A wrong formula `of` a result; it can be made `when` another formula is not 0."""

    of: str
    name: str
    text: str
    why: str
    when: str = ""


_MISTAKES = {
    "conv": (
        *(
            Mistake("shared parameters", *rest)
            for rest in (
                ("forgot the depth", "K·<FW·FH>", "A filter sees the full depth of the input."),
                (
                    "forgot the depth and the biases",
                    "FW·FH·K",
                    "A filter sees the full depth of the input, and has a bias.",
                    WITH_BIAS,
                ),
                ("forgot the biases", "K·n", "Every filter has one bias.", WITH_BIAS),
                (
                    "one bias per neuron",
                    "K·n + W_out·H_out·K",
                    "Shared, all neurons of a depth slice have the same bias.",
                    WITH_BIAS,
                ),
                (
                    "counted the biases twice",
                    "K·n + 2·K",
                    "Every filter has one bias.",
                    WITH_BIAS,
                ),
                (
                    "one bias for the whole layer",
                    "K·n + 1",
                    "Every filter has one bias.",
                    WITH_BIAS,
                ),
                ("counted biases", "K·(n + 1)", "The layer has no bias.", NO_BIAS),
                (
                    "confused filters with depth",
                    "D·<FW·FH·FILTERS>",
                    "There are K filters, as deep as the input.",
                ),
                (
                    "confused filters with depth: as deep as there are filters",
                    "K·<FW·FH·K>",
                    "A filter is as deep as the input.",
                ),
                (
                    "confused filters with depth: as many filters as depths",
                    "D·<n>",
                    "There are K filters.",
                ),
                ("counted one filter", "<n>", "There are K filters."),
                (
                    "ignored the groups",
                    "K·<FW·FH·D>",
                    "A filter sees its own group's channels only.",
                ),
                (
                    "multiplied by the batch",
                    "batch·K·<n>",
                    "The whole batch uses the same parameters.",
                    "batch − 1",
                ),
                (
                    "one bias per filter",
                    "K·<n>",
                    "Untied, every neuron has its own bias.",
                    "untied",
                ),
                (
                    "multiplied by the positions",
                    "W_out·H_out·K·<n>",
                    "That is the unshared count; shared, all positions use the same filters.",
                ),
            )
        ),
        *(
            Mistake("unshared parameters", *rest)
            for rest in (
                ("forgot the biases", "W_out·H_out·K·n", "Every neuron has one bias.", WITH_BIAS),
                ("forgot the depth", "W_out·H_out·K·<FW·FH>", "A neuron sees the full depth."),
                (
                    "one bias per filter",
                    "W_out·H_out·K·n + K",
                    "Unshared, every neuron has its own bias.",
                    WITH_BIAS,
                ),
                ("used the input's positions", "W·H·K·<n>", "Neurons are cells of the output."),
                (
                    "used the input's positions and forgot the biases",
                    "W·H·K·n",
                    "Neurons are cells of the output, and each has one bias.",
                    WITH_BIAS,
                ),
                ("counted one depth slice", "W_out·H_out·<n>", "There are K depth slices."),
            )
        ),
        *(
            Mistake("neurons", *rest)
            for rest in (
                ("used the input's positions", "W·H·K", "Neurons are cells of the output."),
                ("confused filters with depth", "W_out·H_out·D", "The output has K depth slices."),
                ("counted one depth slice", "W_out·H_out", "There are K depth slices."),
            )
        ),
        Mistake(
            DEPTH,
            "confused filters with depth",
            "D",
            "The output has a depth slice for each filter.",
        ),
        *(
            Mistake(SIZE, *rest)
            for rest in (
                (
                    "forgot the pad",
                    "[(W − E)/S] + 1",
                    "The pad is on both sides of the row, so it is added twice.",
                ),
                (
                    "added the pad once",
                    "[(W − E + P_before)/S] + 1",
                    "The pad is on both sides of the row, so it is added twice.",
                ),
                (
                    "added the pad once",
                    "[(W − E + P_after)/S] + 1",
                    "The pad is on both sides of the row, so it is added twice.",
                ),
                (
                    "missing brackets",
                    "W − E + [PADS/S] + 1",
                    "All that the filter can move is divided.",
                ),
                ("forgot the + 1", "[(W − E + PADS)/S]", "The start is a position too."),
                (
                    "rounded up",
                    "ceil((W − E + PADS)/S) + 1",
                    "A window that sticks out is not a position.",
                ),
                ("forgot the stride", "W − E + PADS + 1", "The filter moves by the stride."),
                (
                    "ignored the dilation",
                    "[(W − F + PADS)/S] + 1",
                    "A dilated filter covers more pixels.",
                ),
                (
                    "took dilation 0 for none",
                    "[(W − ((d + 1)·(F − 1) + 1) + PADS)/S] + 1",
                    "Dilation 1 means none: the filter's pixels are neighbours.",
                ),
                (
                    "used the input's size",
                    "W",
                    "The output has one cell for each place of the filter.",
                ),
            )
        ),
    )
}

MISTAKES: ByKind[Mistake] = ByKind("MISTAKES", _MISTAKES)
"""By kind; of all but the convolution in `tables/`."""
