"""Mistakes students make, as data: what it is called, the wrong formula, what is so instead.

In the formulas E is the extent of the filter (F, or with dilation d·(F − 1) + 1), PADS both pads
together, and n the weights of one neuron. [a] is floor(a), written only where a is not whole;
<a> is (a + 1), one more for the bias, and only a in a layer without bias.
"""

from typing import NamedTuple


class Mistake(NamedTuple):
    """A wrong formula; `bias` says whether it is for layers with or without bias only."""

    name: str
    formula: str
    why: str
    bias: bool | None = None


PADDED = "The pad is on both sides of the row, so it is added twice."

ALONG_AN_AXIS = (
    Mistake("forgot the pad", "[(W − E)/S] + 1", PADDED),
    Mistake("added the pad once", "[(W − E + P_before)/S] + 1", PADDED),
    Mistake("added the pad once", "[(W − E + P_after)/S] + 1", PADDED),
    Mistake("missing brackets", "W − E + [PADS/S] + 1", "All that the filter can move is divided."),
    Mistake("forgot the + 1", "[(W − E + PADS)/S]", "The start is a position too."),
    Mistake(
        "rounded up", "ceil((W − E + PADS)/S) + 1", "A window that sticks out is not a position."
    ),
    Mistake("forgot the stride", "W − E + PADS + 1", "The filter moves by the stride."),
    Mistake(
        "ignored the dilation", "[(W − F + PADS)/S] + 1", "A dilated filter covers more pixels."
    ),
    Mistake(
        "took dilation 0 for none",
        "[(W − ((d + 1)·(F − 1) + 1) + PADS)/S] + 1",
        "Dilation 1 means none: the filter's pixels are neighbours.",
    ),
    Mistake("used the input's size", "W", "The output has one cell for each place of the filter."),
)
"""Of the output's width and height."""

OF_SHARED = (
    Mistake("forgot the depth", "K·<FW·FH>", "A filter sees the full depth of the input."),
    Mistake(
        "forgot the depth and the biases",
        "FW·FH·K",
        "A filter sees the full depth of the input, and has a bias.",
        bias=True,
    ),
    Mistake("forgot the biases", "K·n", "Every filter has one bias.", bias=True),
    Mistake(
        "one bias per neuron",
        "K·n + W_out·H_out·K",
        "Shared, all neurons of a depth slice have the same bias.",
        bias=True,
    ),
    Mistake("counted the biases twice", "K·n + 2·K", "Every filter has one bias.", bias=True),
    Mistake("one bias for the whole layer", "K·n + 1", "Every filter has one bias.", bias=True),
    Mistake("counted biases", "K·(n + 1)", "The layer has no bias.", bias=False),
    Mistake(
        "confused filters with depth",
        "D·<FW·FH·FILTERS>",
        "There are K filters, as deep as the input.",
    ),
    Mistake(
        "confused filters with depth: as deep as there are filters",
        "K·<FW·FH·K>",
        "A filter is as deep as the input.",
    ),
    Mistake(
        "confused filters with depth: as many filters as depths", "D·<n>", "There are K filters."
    ),
    Mistake("counted one filter", "<n>", "There are K filters."),
    Mistake("ignored the groups", "K·<FW·FH·D>", "A filter sees its own group's channels only."),
    Mistake(
        "multiplied by the positions",
        "W_out·H_out·K·<n>",
        "That is the unshared count; shared, all positions use the same filters.",
    ),
)
"""Of the shared parameters."""

OF_UNSHARED = (
    Mistake("forgot the biases", "W_out·H_out·K·n", "Every neuron has one bias.", bias=True),
    Mistake("forgot the depth", "W_out·H_out·K·<FW·FH>", "A neuron sees the full depth."),
    Mistake(
        "one bias per filter",
        "W_out·H_out·K·n + K",
        "Unshared, every neuron has its own bias.",
        bias=True,
    ),
    Mistake("used the input's positions", "W·H·K·<n>", "Neurons are cells of the output."),
    Mistake(
        "used the input's positions and forgot the biases",
        "W·H·K·n",
        "Neurons are cells of the output, and each has one bias.",
        bias=True,
    ),
    Mistake("counted one depth slice", "W_out·H_out·<n>", "There are K depth slices."),
)
"""Of the unshared parameters."""

OF_NEURONS = (
    Mistake("used the input's positions", "W·H·K", "Neurons are cells of the output."),
    Mistake("confused filters with depth", "W_out·H_out·D", "The output has K depth slices."),
    Mistake("counted one depth slice", "W_out·H_out", "There are K depth slices."),
)
