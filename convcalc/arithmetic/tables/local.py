"""Convolutions that share nothing, or see only some channels: what is different about them."""

from convcalc.arithmetic.answers.mistakes import NO_BIAS, WITH_BIAS, Mistake
from convcalc.arithmetic.formula import Short
from convcalc.arithmetic.formulas import DEPTH, MULTIPLY_ADDS, SIZE, Formula
from convcalc.arithmetic.formulas import SHORTS as KNOWN_SHORTS
from convcalc.arithmetic.tables.common import CONV, bytes_of, kept_in_training, taken_over, work

_OWN = "unshared parameters"
_SHARED = "shared parameters"
_NOTHING_SHARED = "Every position of a depth slice has weights of its own: nothing is shared."
_LEFT_OUT = "Filters see only the channels that the table gives them."
_ONE_EACH = "Every filter has one bias."

_MEMORY = [
    CONV[name]
    for name in (
        "activations",
        "bytes of the activations",
        "numbers of input and output",
        "bytes of input and output",
    )
]

SHORTS = {
    "local": KNOWN_SHORTS["conv"],
    "tabled": (
        Short("SHARED", "shared weights + K", when="B"),
        Short("SHARED", "shared weights"),
        Short("UNSHARED", "unshared weights + neurons", when="B"),
        Short("UNSHARED", "unshared weights"),
        Short("CONNECTED", "multiply-adds + neurons", when="B"),
        Short("CONNECTED", "multiply-adds"),
        *(one for one in KNOWN_SHORTS["conv"] if one.name != "SHARED"),
    ),
}

FORMULAS = {
    "local": (
        CONV[SIZE],
        CONV[DEPTH],
        CONV["padded volume"],
        CONV["neurons"],
        CONV["weights per neuron"],
        Formula(
            "shape of the weights",
            "H_out × W_out × K × FH × FW × DEPTH",
            "As an array: a filter for every neuron, in the order of the neurons.",
        ),
        CONV["biases per neuron"],
        CONV["fully connected parameters"],
        CONV[_OWN]._replace(
            why="Locally connected, every neuron has its own weights{B|| and bias}: nothing is "
            "shared.",
            essential=True,
            settles=True,
        ),
        CONV["parameters of a dense layer"],
        *work("neurons·weights per neuron", "Each neuron multiplies each of its weights once."),
        CONV["multiplications"],
        CONV["additions"],
        CONV["multiplications and additions"],
        CONV["connections"],
        *_MEMORY,
        *kept_in_training(_OWN),
        bytes_of("fully connected parameters"),
        bytes_of(_OWN),
        CONV["unshared weights"],
        CONV["fully connected weights"],
        CONV["fully connected multiply-adds"],
    ),
    "tabled": (
        CONV[SIZE],
        CONV[DEPTH],
        CONV["padded volume"],
        CONV["neurons"]._replace(line=None),
        Formula(
            "connected pairs",
            "seen",
            "The table has the channels that each filter sees: {seen,} of the {K·D,} pairs of a "
            "filter and a channel.",
            essential=True,
            compare=True,
        ),
        CONV["biases per neuron"],
        CONV["fully connected parameters"],
        Formula(
            "shared weights",
            "FW·FH·connected pairs",
            "Each pair of a filter and a channel that it sees has {FW·FH} weights.",
            essential=True,
        ),
        Formula(
            "unshared weights",
            "W_out·H_out·shared weights",
            "Unshared, every position has its own.",
        ),
        Formula(
            _OWN,
            "UNSHARED",
            "Unshared, every neuron has its own weights{B|| and bias}.",
        ),
        Formula(
            _SHARED,
            "SHARED",
            "{B|The layer was asked for without bias|Each filter has one bias, however many "
            "channels it sees}.",
            essential=True,
            settles=True,
        ),
        CONV["sharing factor"],
        *work(
            "W_out·H_out·shared weights",
            "At each of the {W_out}x{H_out} positions every weight is used once.",
        ),
        Formula(
            "connections",
            "CONNECTED",
            "Each neuron is connected to all it sees{B|| and to its bias}: "
            "so LeNet's paper counts.",
            recorded="connections",
        ),
        *_MEMORY,
        *kept_in_training(_SHARED),
        bytes_of("fully connected parameters"),
        bytes_of(_OWN),
        bytes_of(_SHARED),
        CONV["fully connected weights"],
        CONV["fully connected multiply-adds"],
    ),
}

MISTAKES = {
    "local": (
        *taken_over(FORMULAS["local"]),
        *(
            Mistake(_OWN, *rest)
            for rest in (
                ("shared the filters", "K·<n>", _NOTHING_SHARED),
                ("shared the filters, and forgot the biases", "K·n", _NOTHING_SHARED, WITH_BIAS),
                (
                    "shared the weights, not the biases",
                    "K·n + W_out·H_out·K",
                    _NOTHING_SHARED,
                    WITH_BIAS,
                ),
                ("counted biases", "neurons·(n + 1)", "The layer has no bias.", NO_BIAS),
            )
        ),
        Mistake(
            MULTIPLY_ADDS,
            "counted the biases too",
            "neurons·<n>",
            "A bias is added, not multiplied.",
        ),
    ),
    "tabled": (
        *taken_over([CONV[name] for name in (SIZE, DEPTH, "neurons")]),
        Mistake("connected pairs", "connected every filter with every channel", "K·D", _LEFT_OUT),
        *(
            Mistake(_SHARED, *rest)
            for rest in (
                ("connected every filter with every channel", "K·<FW·FH·D>", _LEFT_OUT),
                ("forgot the biases", "shared weights", _ONE_EACH, WITH_BIAS),
                ("counted biases", "shared weights + K", "The layer has no bias.", NO_BIAS),
                (
                    "one bias per pair",
                    "shared weights + connected pairs",
                    "A filter adds its channels up, and then one bias.",
                    WITH_BIAS,
                ),
                (
                    "one bias per neuron",
                    "shared weights + neurons",
                    "Shared, all neurons of a depth slice have the same bias.",
                    WITH_BIAS,
                ),
                ("forgot the depth", "K·<FW·FH>", "A filter has weights for each of its channels."),
                (
                    "multiplied by the positions",
                    "W_out·H_out·(shared weights + K·B)",
                    "That is the unshared count; shared, all positions use the same filters.",
                ),
            )
        ),
        Mistake(
            MULTIPLY_ADDS,
            "connected every filter with every channel",
            "neurons·FW·FH·D",
            _LEFT_OUT,
        ),
        Mistake(
            MULTIPLY_ADDS,
            "counted the biases too",
            "CONNECTED",
            "A bias is added, not multiplied.",
            WITH_BIAS,
        ),
    ),
}
