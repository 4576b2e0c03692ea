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

    A formula with × between its sides is of a shape. There is a result where `when` is not 0.

    `essential` results are on every screen, the `further` ones only recognised in answers. `line`
    is what one says beside a table of the parameters: an essential one its formula, if nothing
    else. An answer that `settles` is right, however else it may come about; `compare` marks what
    to look at first where an answer is no known number. What is `recorded` is data for other
    programs under that key, or under one for each side of a shape; essential ones are so under
    their name.
    """

    name: str
    text: str
    why: str = ""
    essential: bool = False
    further: bool = False
    line: str | None = None
    settles: bool = False
    compare: bool = False
    recorded: str = ""
    when: str = ""


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
        Short("DEPTH", "D/G", when="G − 1"),
        Short("DEPTH", "D"),
        Short("PADS_ACROSS", "P_left + P_right", when="P_left − P_right"),
        Short("PADS_ACROSS", "2·P_left"),
        Short("PADS_DOWN", "P_top + P_bottom", when="P_top − P_bottom"),
        Short("PADS_DOWN", "2·P_top"),
        Short("pads", "(P_left + P_right + P_top + P_bottom)"),
        Short("SHARED", "K·weights per neuron + neurons", when="untied"),
        Short("SHARED", "K·<weights per neuron>"),
        Short("FACTOR", "neurons·weights per neuron/(K·weights per neuron)", when="untied"),
        Short("FACTOR", "unshared parameters/shared parameters"),
        Short("ADDED", "weights per neuron", when="B"),
        Short("ADDED", "(weights per neuron − 1)"),
        Short("INPUTS", "batch·W·H·D", when="batch − 1"),
        Short("INPUTS", "W·H·D"),
        Short("OUTPUTS", "batch·neurons", when="batch − 1"),
        Short("OUTPUTS", "neurons"),
        Short("STATE", "(2 + states)", when="states"),
        Short("STATE", "2"),
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
            "padded volume",
            "(W + PADS_ACROSS) × (H + PADS_DOWN) × D",
            "{pads|Without a pad that is the input volume itself."
            "|The zeros go around every depth slice, and the depth stays.}",
            recorded="padded.width padded.height padded.depth",
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
            line="",
            compare=True,
        ),
        Formula(
            "shape of the weights, channels last",
            "K × FH × FW × DEPTH",
            "As an array: the filters first, the channels last.",
            recorded="weights_shape.channels_last",
        ),
        Formula(
            "shape of the weights, channels first",
            "K × DEPTH × FH × FW",
            "The same numbers in PyTorch's order.",
            recorded="weights_shape.channels_first",
        ),
        Formula(
            "im2col matrix",
            "n × W_out·H_out",
            "The windows stretched out and set side by side, as the course notes write it"
            "{G − 1||; one such matrix for each of the {G} groups}.",
            recorded="im2col.rows im2col.columns",
        ),
        Formula(
            "biases per neuron",
            "B",
            "{B|The layer was asked for without bias: nothing is added to the sum."
            "|Each neuron adds one number to its sum{untied||, which no other neuron has}.}",
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
            "SHARED",
            "Shared, all neurons of a depth slice use the same weights"
            "{B||{untied| and the same bias|, and each has its own bias}}: one filter.",
            settles=True,
        ),
        Formula(
            "parameters of a dense layer",
            "K·<W·H·D>",
            "A filter as large as the input has one position: K of them are a dense layer, fully "
            "connected, of K neurons on the whole input.",
            line="{pads + G − 1|{W·H − FW·FH|{parameters of a dense layer=}: the filter is as "
            "large as the input, so this is a fully connected layer of {K|no|1 neuron|# neurons}"
            "|}|}",
        ),
        Formula(
            "sharing factor",
            "FACTOR",
            "One set of {untied|parameters|weights} does for {W_out·H_out − 1|the only position"
            "|all {W_out}x{H_out} positions} of a depth slice.",
            recorded="sharing_factor",
        ),
        Formula(
            MULTIPLY_ADDS,
            "neurons·weights per neuron",
            "Each neuron multiplies each of its weights once, whoever shares them: sharing saves "
            "memory, not arithmetic.",
            essential=True,
            line="{multiply-adds=}, shared or unshared: sharing saves memory, not arithmetic.",
        ),
        Formula(
            "FLOPs",
            "2·multiply-adds",
            "A multiplication and an addition for each multiply-add; the biases are not counted.",
            essential=True,
            line="{FLOPs=}",
        ),
        Formula(
            "multiplications",
            "neurons·weights per neuron",
            "One for each weight of each neuron.",
            recorded="multiplications",
        ),
        Formula(
            "additions",
            "neurons·ADDED",
            "A neuron adds its products up in one addition less than there are products"
            "{B||, and the bias is one more}.",
            recorded="additions",
        ),
        Formula(
            "multiplications and additions",
            "multiplications + additions",
            "Two for each weight of each neuron"
            "{B|, less one a neuron: its first product is added to nothing|}.",
            recorded="operations",
        ),
        Formula(
            "connections",
            "neurons·<weights per neuron>",
            "Each neuron is connected to all it sees{B|| and to its bias}: so LeNet's paper counts,"
            " and so do programs that add the biases to the multiply-adds.",
            recorded="connections",
        ),
        Formula(
            "multiply-adds of the batch",
            "batch·multiply-adds",
            "The work grows with the batch; the parameters are the same for every input.",
            line="{multiply-adds of the batch=}, FLOPs {2·batch·multiply-adds,}: the parameters "
            "are the same for every input",
            when="batch − 1",
        ),
        Formula(
            "FLOPs of the batch", "2·multiply-adds of the batch", further=True, when="batch − 1"
        ),
        Formula(
            "activations",
            "OUTPUTS",
            "The numbers of the output volume{batch − 1||, for every input of the batch}.",
            line="{bytes of the activations=} bytes",
            recorded="activations.output",
        ),
        Formula(
            "bytes of the activations",
            "activations·bytes each",
            "A {type!} number takes {bytes each} bytes.",
            recorded="activations.output_bytes",
        ),
        Formula(
            "numbers of input and output",
            "INPUTS + OUTPUTS",
            "What goes in and what comes out, together.",
            recorded="activations.input_and_output",
        ),
        Formula(
            "bytes of input and output",
            "numbers of input and output·bytes each",
            "A {type!} number takes {bytes each} bytes.",
            recorded="activations.input_and_output_bytes",
        ),
        Formula(
            "numbers kept in training",
            "2·activations + STATE·shared parameters",
            "Every activation and its gradient; every parameter, its gradient"
            "{states|| and the {states|none|1 number|# numbers} that {optimizer!} has for it}; "
            "the input is kept by the layer before.",
            line="{batch − 1 + states||{bytes kept in training=} bytes: activations, "
            "parameters, a gradient of each{states||, {states|none|1 number|# numbers} of "
            "{optimizer!} for a parameter}}",
            recorded="training.numbers",
        ),
        Formula(
            "bytes kept in training",
            "numbers kept in training·bytes each",
            "A {type!} number takes {bytes each} bytes.",
            recorded="training.bytes",
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
        Formula("FLOPs with the biases", "2·multiply-adds + neurons", further=True, when="B"),
        Formula(
            "multiplications and additions without the biases",
            "neurons·(2·weights per neuron − 1)",
            further=True,
            when="B",
        ),
        Formula("numbers of the input", "INPUTS", further=True),
        Formula("bytes of the input", "numbers of the input·bytes each", further=True),
        Formula("shape of the weights, in Keras's order", "FH × FW × DEPTH × K", further=True),
        Formula("weights as a matrix, a row for each filter", "FILTERS × n", further=True),
        Formula(
            "output as a matrix, a row for each filter",
            "FILTERS × W_out·H_out",
            further=True,
            when="1·H_out − 1",  # of one row, or in one dimension, the output is one itself
        ),
        Formula("im2col matrix, a row for each window", "W_out·H_out × n", further=True),
    ),
}

FORMULAS: ByKind[Formula] = ByKind("FORMULAS", _FORMULAS)
"""What is said of each kind; of all but the convolution in `tables/`."""
