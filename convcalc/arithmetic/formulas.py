"""The right formulas, as data: every number convcalc shows of a layer, with the reason for it.

The letters are the course notes': W and H for the input's sides, D its depth, F for the receptive
field, S the stride, P the pad, K the number of filters; d is the dilation and G the groups. The
grammar is that of `formula`. A formula may use the results of those before it, by their names.
"""

from typing import NamedTuple

from convcalc.arithmetic.by_kind import ByKind
from convcalc.arithmetic.formula import Short

SIZE = "width, height"
"""The name of the formula that is worked out along each axis, and gives W_out and H_out."""

DEPTH = "depth of the output volume"
MULTIPLY_ADDS = "multiply-adds"


class Formula(NamedTuple):
    """One line of the argument: a result's name, its formula, and why in one sentence.

    `essential` results are on every screen, the `further` ones only recognised in answers. `line`
    is what an essential one says beside a table of the parameters, if not its formula; None where
    another's line tells of it. An answer that `settles` is right, however else it may come about;
    `compare` marks what to look at first where an answer is no known number. The `recorded` ones
    are data for other programs, as the essential ones are.
    """

    name: str
    text: str
    why: str = ""
    essential: bool = False
    further: bool = False
    line: str | None = ""
    settles: bool = False
    compare: bool = False
    recorded: bool = False


_SHORTS = {
    "conv": (
        Short("E", "(d·(F − 1) + 1)", when="d − 1"),
        Short("E", "F"),
        Short("PADS", "P_before + P_after", when="P_before − P_after"),
        Short("PADS", "2·P"),
        Short("room", "(W − E + PADS)"),
        Short("steps", "floor(room/S)"),
        Short("unused", "(room − S·steps)"),
        Short("n", "FW·FH·D/G", when="G − 1"),
        Short("n", "FW·FH·D"),
        Short("FILTERS", "K/G", when="G − 1"),
        Short("FILTERS", "K"),
    )
}

SHORTS: ByKind[Short] = ByKind("SHORTS", _SHORTS)
"""The short names that formulas of a kind may use."""

FLOORED = "{(W − E + PADS)/S + 1:} = {room}/{S} + 1 = {room/S + 1~}, floored to {floor(room/S) + 1}"
"""What the floor hides along an axis whose pixels a filter does not tile."""

LEFT_OVER = (
    "the last {unused||{side!}|{unused} {side!}s}"
    "{P_after|| {floor(P_after/unused)|({P_after} of them pad)|(pad)}}"
)
"""The pixels behind the last window, a `side` each; `unused` is not 0."""

_FORMULAS = {
    "conv": (
        Formula(
            SIZE,
            "[(W − E + PADS)/S] + 1",
            "{room"
            "|The filter covers the whole {P_before + P_after|row|padded row}: "
            "the start is its only position."
            "|After the start at the edge of the {P_before + P_after|row|padded row} there is room "
            "for {steps|no step|1 step|# steps} of {S,}"
            "{unused||; 1 of its pixels stays unseen|; # of its pixels stay unseen}.}",
            essential=True,
        ),
        Formula(
            DEPTH,
            "K",
            "Each filter makes one depth slice, so the output volume is {W_out}x{H_out}x{K}.",
        ),
        Formula(
            "neurons",
            "W_out·H_out·K",
            "Every cell of the output volume is one neuron.",
            essential=True,
            line="{neurons=}, each with {weights per neuron=} "
            "weight{weights per neuron|s||s} and {B|no|1} bias",
        ),
        Formula(
            "weights per neuron",
            "n",
            "A neuron is local in width and height, but sees the full depth of "
            "{G − 1|the input|its own group}.",
            essential=True,
            line=None,
            compare=True,
        ),
        Formula(
            "biases per neuron",
            "B",
            "{B|The layer was asked for without bias: nothing is added to the sum."
            "|Each neuron adds one number to its sum.}",
        ),
        Formula(
            "fully connected parameters",
            "neurons·<W·H·D>",
            "Fully connected, every neuron has a weight for every cell of the input volume"
            "{B|| and a bias}.",
        ),
        Formula(
            "unshared parameters",
            "neurons·<weights per neuron>",
            "Unshared, every neuron has its own weights{B|| and bias}.",
        ),
        Formula(
            "shared parameters",
            "K·<weights per neuron>",
            "Shared, all neurons of a depth slice use the same weights{B|| and the same bias}: "
            "one filter.",
            settles=True,
        ),
        Formula(
            "sharing factor",
            "unshared parameters/shared parameters",
            "One set of parameters does for {W_out·H_out − 1|the only position"
            "|all {W_out}x{H_out} positions} of a depth slice.",
            recorded=True,
        ),
        Formula(
            MULTIPLY_ADDS,
            "neurons·weights per neuron",
            "Each neuron multiplies each of its weights once, whoever shares them: sharing saves "
            "memory, not arithmetic.",
            essential=True,
            line="{multiply-adds=}, shared or unshared: sharing saves memory, not arithmetic.",
        ),
        *(
            Formula(
                f"bytes of the {way} parameters",
                f"{way} parameters·bytes each",
                "A {type!} number takes {bytes each} bytes.",
            )
            for way in ("fully connected", "unshared", "shared")
        ),
        Formula("shared weights", "K·weights per neuron", further=True),
        Formula("unshared weights", "neurons·weights per neuron", further=True),
        Formula("fully connected weights", "neurons·W·H·D", further=True),
        Formula("fully connected multiply-adds", "neurons·W·H·D", further=True),
    ),
}

FORMULAS: ByKind[Formula] = ByKind("FORMULAS", _FORMULAS)
"""What is said of each kind; of all but the convolution in `tables/`."""
