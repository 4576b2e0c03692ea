"""The totals of a network: sums over its layers written out, and what follows from them."""

from collections.abc import Iterator
from functools import cached_property

from convcalc.arithmetic.derivation import Result
from convcalc.arithmetic.formula import Short, Worked, holds, work_out_sides
from convcalc.arithmetic.formulas import MULTIPLY_ADDS, Formula
from convcalc.arithmetic.network import Row, rows
from convcalc.arithmetic.reasons.sums import MOST_PARTS, Part, summed
from convcalc.arithmetic.use import USUAL, Use
from convcalc.errors import shown
from convcalc.layer.network import Network
from convcalc.layer.symbols import Symbol

PARAMETERS, ACTIVATIONS, UNSHARED = "parameters", "activations", "unshared parameters"
TRAINABLE, AVERAGES = "trainable parameters", "moving averages"

SUMS = (
    Formula("weights", "", "The weights of every layer that has some, scales included"),
    Formula("biases", "", "The biases of every layer that has some, shifts included"),
    Formula(TRAINABLE, "", "Weights and biases of every layer that learns", when="averages"),
    Formula(AVERAGES, "", "Two for each channel that is normalised by batch", when="averages"),
    Formula(
        PARAMETERS,
        "",
        "What each layer learns{averages|| and its moving averages}; pooling, activations and "
        "whatever else has no weights add nothing",
        essential=True,
        settles=True,
        compare=True,
    ),
    Formula(
        MULTIPLY_ADDS,
        "",
        "Every convolution and dense layer; what has no weights to be multiplied with adds none",
        essential=True,
    ),
    Formula(
        ACTIVATIONS,
        "",
        "The output of every layer that does not work in place; the network's input is apart",
        essential=True,
    ),
    Formula(
        UNSHARED,
        "",
        "Each convolution with weights of its own at every position, and all else as it is",
    ),
)
"""What is added up over the layers; the sums themselves are made by `summed`."""

SHORTS = (
    Short("MADE", "batch·activations", when="batch − 1"),
    Short("MADE", "activations"),
    Short("INPUT", "batch·W·H·D", when="batch − 1"),
    Short("INPUT", "W·H·D"),
    Short("STATE", "(2 + states)", when="states"),
    Short("STATE", "2"),
    Short("KEPT", "2·MADE + STATE·learned + averages", when="averages"),
    Short("KEPT", "2·MADE + STATE·learned"),
)

LEFT_OUT = " (of {parts} layers, those in the middle are left out here)"

FORMULAS = (
    Formula(
        "FLOPs",
        "2·multiply-adds",
        "A multiplication and an addition for each multiply-add.",
        essential=True,
    ),
    Formula(
        "sharing factor",
        "[unshared parameters/parameters]",
        "So many times as many parameters there would be without sharing, rounded down.",
        when="parameters",
    ),
    Formula(
        "multiply-adds of the batch",
        "batch·multiply-adds",
        "The work grows with the batch.",
        when="batch − 1",
    ),
    Formula(
        "FLOPs of the batch",
        "2·multiply-adds of the batch",
        "A multiplication and an addition for each multiply-add.",
        when="batch − 1",
    ),
    Formula(
        "activations of the batch",
        "batch·activations",
        "Each input of the batch has its own.",
        when="batch − 1",
    ),
    Formula(
        "activations with the input",
        "MADE + INPUT",
        "Some also count the {W·H·D,} numbers of the {W}x{H}x{D} input.",
    ),
    Formula(
        "bytes of the activations",
        "MADE·bytes each",
        "A {type!} number takes {bytes each} bytes.",
    ),
    Formula(
        "bytes of the activations with the input",
        "activations with the input·bytes each",
        further=True,
    ),
    Formula(
        "bytes of the parameters",
        "parameters·bytes each",
        "A {type!} number takes {bytes each} bytes.",
    ),
    Formula(
        "numbers kept in training",
        "KEPT",
        "Every activation and its gradient; every parameter that is learned, its gradient"
        "{states|| and the {states|none|1 number|# numbers} that {optimizer!} has for it}"
        "{averages||; the moving averages}.",
    ),
    Formula(
        "bytes kept in training",
        "numbers kept in training·bytes each",
        "A {type!} number takes {bytes each} bytes.",
    ),
)
"""What follows from the sums."""


def figures(row: Row) -> dict[str, int]:
    """Return what a row adds to each sum."""
    parameters = row.parameters
    return {
        "weights": parameters.weights,
        "biases": parameters.biases,
        TRAINABLE: parameters.trainable,
        AVERAGES: parameters.averages,
        PARAMETERS: parameters.total,
        MULTIPLY_ADDS: row.multiply_adds,
        ACTIVATIONS: row.activations,
        UNSHARED: parameters.total if row.unshared is None else row.unshared,
    }


class Totals:
    """A network's rows, what each adds to the sums, and the sums."""

    def __init__(self, network: Network, use: Use = USUAL) -> None:
        self.network, self.use = network, use

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of the network's table."""
        return rows(self.network)

    @cached_property
    def figures(self) -> list[dict[str, int]]:
        """What each row adds to each sum."""
        return [figures(row) for row in self.rows]

    def parts(self, of: str) -> list[Part]:
        """Return the summands of a sum, by the layers' paths."""
        return [
            Part(shown(row.placed.path), mine[of])
            for row, mine in zip(self.rows, self.figures, strict=True)
        ]

    @cached_property
    def sums(self) -> dict[str, Worked]:
        """Every sum, written out."""
        return {formula.name: summed(self.parts(formula.name)) for formula in SUMS}

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """Every total, with its arithmetic."""
        return tuple(self._worked_out())

    @property
    def letters(self) -> dict[str, Symbol]:
        """What the letters of the totals' formulas stand for."""
        use, sums = self.use, self.sums
        numbers = dict(zip("WHD", self.network.input, strict=True))
        numbers |= {"batch": use.batch, "states": use.states, "bytes each": use.bytes_each, "B": 0}
        letters = {name: Symbol(name, number) for name, number in numbers.items()}
        learned = TRAINABLE if sums[AVERAGES].value else PARAMETERS
        return letters | {
            "type": Symbol(use.dtype, use.bytes_each),
            "optimizer": Symbol(use.optimizer, use.states),
            "averages": Symbol(AVERAGES, sums[AVERAGES].value),
            "learned": Symbol(learned, sums[TRAINABLE].value),
        }

    def _worked_out(self) -> Iterator[Result]:
        letters = self.letters
        for formula in SUMS:
            sum_, many = self.sums[formula.name], self._many(formula.name)
            letters[formula.name] = Symbol(formula.name, sum_.value)
            if holds(formula.when, letters):
                why = f"{formula.why.rstrip('.')}{LEFT_OUT if many else ''}."
                own = letters | {"parts": Symbol("parts", many)}
                settles = formula.settles and not letters["averages"].number
                yield Result(
                    formula._replace(why=why, settles=settles), formula.name, (sum_,), dict(own), ()
                )
        for formula in FORMULAS:
            if holds(formula.when, letters, SHORTS):
                sides = work_out_sides(formula.text, letters, SHORTS)
                letters[formula.name] = Symbol(formula.name, sides[0].value)
                yield Result(formula, formula.name, sides, dict(letters), SHORTS)

    def _many(self, of: str) -> int:
        """Return how many summands there are, if they are not all written out."""
        count = sum(part.number != 0 for part in self.parts(of))
        return count if count > MOST_PARTS else 0
