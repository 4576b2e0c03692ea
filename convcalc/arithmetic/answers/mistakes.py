"""Mistakes students make, as data: what it is called, the wrong formula, what is so instead.

The formulas are in the grammar of `formula`, with the letters of `formulas`.
"""

from typing import NamedTuple

from convcalc.arithmetic.by_kind import ByKind
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE

NO_BIAS, WITH_BIAS = "1 − B", "B"
GROUPED, ONE_GROUP = "G − 1", "[1/G]"
PADDED, STRIDDEN = "PADS", "S − 1"

ITSELF = "it"
"""The right number that a mistake is of, in its formula."""

ANOTHER = "g"
"""In a formula, every other number of groups that the layer could have."""


class Mistake(NamedTuple):
    """A wrong formula `of` a result, or of those whose names begin so, as in bytes of.

    It can be made `when` another formula is not 0. Name and reason are sentences as in `formula`.
    """

    of: str
    name: str
    text: str
    why: str
    when: str = ""


def _about(of: str, *rows: tuple[str, ...]) -> tuple[Mistake, ...]:
    return tuple(Mistake(of, *row) for row in rows)


SEES_DEPTH = "A filter sees the full depth of the input."
ONE_BIAS = "Every {untied|filter|neuron} has one bias."
OWN_BIAS = "Unshared, every neuron has its own bias."
OUTPUT_CELLS = "Neurons are cells of the output."
ONE_CONVOLUTION = "A pair is a depthwise layer and a 1x1 layer behind it; this is one convolution."
TYPE = "A {type!} number takes {bytes each} bytes."
PAD_TWICE = "The pad is on both sides of the row, so it is added twice."

_MISTAKES = {
    "conv": (
        *_about(
            "weights per neuron",
            ("forgot the depth", "FW·FH", SEES_DEPTH),
            (
                "forgot to square the filter",
                "FW·D",
                "A filter has {FW·FH} weights for each channel.",
                ONE_GROUP,
            ),
            ("ignored the groups", "FW·FH·D", "A filter sees its own group's channels only."),
            (
                "right for {g} groups",
                "FW·FH·D/g",
                "The layer has {G|no group|1 group|# groups}.",
            ),
        ),
        *_about(
            "shared parameters",
            (
                "forgot the depth and the biases",
                "FW·FH·K",
                "A filter sees the full depth of the input, and has a bias.",
                WITH_BIAS,
            ),
            ("forgot the biases", "K·n", ONE_BIAS, WITH_BIAS),
            (
                "one bias per neuron",
                "K·n + W_out·H_out·K",
                "Shared, all neurons of a depth slice have the same bias.",
                WITH_BIAS,
            ),
            ("counted the biases twice", "K·n + 2·K", ONE_BIAS, WITH_BIAS),
            ("one bias for the whole layer", "K·n + 1", ONE_BIAS, WITH_BIAS),
            ("one bias per weight", "K·n + K·n", ONE_BIAS, WITH_BIAS),
            ("one bias per weight of a depth slice", "K·n + K·FW·FH", ONE_BIAS, WITH_BIAS),
            ("one bias per filter and input channel", "K·n + K·D", ONE_BIAS, WITH_BIAS),
            ("one bias per input channel", "K·n + D", ONE_BIAS, WITH_BIAS),
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
                "multiplied by the positions",
                "W_out·H_out·K·<n>",
                "That is the unshared count; shared, all positions use the same filters.",
            ),
            (
                "multiplied the whole input by the filter",
                "K·<W·H·D·FW·FH>",
                "A filter has no weights for places, wherever it stands.",
            ),
            (
                "multiplied the whole input by the filter, and forgot the biases",
                "W·H·D·FW·FH·K",
                "A filter has no weights for places, wherever it stands; and it has a bias.",
                WITH_BIAS,
            ),
            ("counted a depthwise separable pair", "D·<FW·FH> + K·<D>", ONE_CONVOLUTION),
            (
                "counted a depthwise separable pair, and forgot the biases",
                "D·FW·FH + K·D",
                ONE_CONVOLUTION,
                WITH_BIAS,
            ),
            (
                "counted a depthwise separable pair, its first layer without biases",
                "D·FW·FH + K·<D>",
                ONE_CONVOLUTION,
                WITH_BIAS,
            ),
            (
                "counted a depthwise layer",
                "D·<FW·FH>",
                "There a filter sees one channel, and there is one for each.",
            ),
            ("counted a pointwise layer", "K·<D>", "There the filters are 1x1."),
        ),
        Mistake(
            "shared parameters",
            "one bias per filter",
            "K·<n>",
            "Untied, every neuron has its own bias.",
            "untied",
        ),
        *(
            Mistake(
                f"{way} parameters",
                "multiplied by the batch",
                "batch·it",
                "The whole batch uses the same parameters.",
                "batch − 1",
            )
            for way in ("shared", "unshared", "fully connected")
        ),
        *_about(
            "unshared parameters",
            ("forgot the biases", "W_out·H_out·K·n", OWN_BIAS, WITH_BIAS),
            ("one bias per filter", "W_out·H_out·K·n + K", OWN_BIAS, WITH_BIAS),
            ("one bias per position", "W_out·H_out·K·n + W_out·H_out", OWN_BIAS, WITH_BIAS),
            (
                "used the input's positions and forgot the biases",
                "W·H·K·n",
                "Neurons are cells of the output, and each has one bias.",
                WITH_BIAS,
            ),
        ),
        *_about(
            "fully connected parameters",
            ("one bias per filter", "neurons·W·H·D + K", "Every neuron has one bias.", WITH_BIAS),
        ),
        *_about(
            "neurons",
            ("used the input's positions", "W·H·K", OUTPUT_CELLS),
            ("counted the input's cells", "W·H·D", OUTPUT_CELLS),
            ("confused filters with depth", "W_out·H_out·D", "The output has K depth slices."),
            ("counted one depth slice", "W_out·H_out", "There are K depth slices."),
            (
                "a map for every filter and channel",
                "W_out·H_out·K·D",
                "A filter adds up all its channels into one depth slice.",
            ),
        ),
        *_about(
            MULTIPLY_ADDS,
            (
                "counted a depthwise separable pair",
                "W_out·H_out·D·FW·FH + W_out·H_out·K·D",
                ONE_CONVOLUTION,
            ),
        ),
        *_about(
            "bytes",
            ("counted bits", "8·it", "A byte has 8 bits."),
            ("took bytes for bits", "it/8", "A byte has 8 bits."),
            *(
                (f"took {size} bytes for a number", f"it/bytes each·{size}", TYPE)
                for size in (2, 4, 8)
            ),
        ),
        *_about(
            DEPTH,
            (
                "confused filters with depth",
                "D",
                "The output has a depth slice for each filter.",
            ),
            (
                "a map for every filter and channel",
                "K·D",
                "A filter adds up all its channels into one depth slice.",
            ),
            ("counted one group", "K/G", "The output has the filters of all groups.", GROUPED),
        ),
        *_about(
            SIZE,
            ("forgot the pad", "[(W − E)/S] + 1", PAD_TWICE),
            ("added the pad once", "[(W − E + P_before)/S] + 1", PAD_TWICE),
            ("added the pad once", "[(W − E + P_after)/S] + 1", PAD_TWICE),
            (
                "took the pad of both sides for that of one",
                "[(W − E + 2·(PADS))/S] + 1",
                "Each side has its own pad, and same shares all of it between them.",
            ),
            (
                "took the pad for same",
                "ceil(W/S)",
                "Only a pad of all that the filter covers but one keeps the size.",
                PADDED,
            ),
            ("subtracted the pad", "[(W − E − (PADS))/S] + 1", "The pad makes the row longer."),
            (
                "missing brackets",
                "W − E + [PADS/S] + 1",
                "All that the filter can move is divided.",
            ),
            ("forgot the + 1", "[(W − E + PADS)/S]", "The start is a position too."),
            (
                "added the 1 before dividing",
                "[(W − E + PADS + 1)/S]",
                "The start is one position, whatever the stride.",
            ),
            (
                "rounded up",
                "ceil((W − E + PADS)/S) + 1",
                "A window that sticks out is not a position.",
            ),
            ("forgot the stride", "W − E + PADS + 1", "The filter moves by the stride."),
            *(
                ("applied the stride twice", text, "The stride divides once.", STRIDDEN)
                for text in (
                    "[(W − E + PADS)/(S·S)] + 1",
                    "[([(W − E + PADS)/S] + 1)/S]",
                )
            ),
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
                "forgot the filter",
                "[(W + PADS)/S] + 1",
                "The last position is where the filter still fits.",
            ),
            (
                "divided the input by the stride",
                "[W/S]",
                "The filter covers more than the step that it moves.",
                STRIDDEN,
            ),
            (
                "took it for a transposed convolution",
                "(W − 1)·S − (PADS) + E",
                "That is the input's size where this was the output's.",
            ),
            (
                "used the input's size",
                "W",
                "The output has one cell for each place of the filter.",
            ),
        ),
    )
}

MISTAKES: ByKind[Mistake] = ByKind("MISTAKES", _MISTAKES)
"""By kind; of all but the convolution in `tables/`."""
