"""What Python asks of a layer, as the command line does: the arithmetic, the counts, a verdict."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from convcalc.arithmetic.answers.judging import Verdict, judge
from convcalc.arithmetic.answers.reading import REMEDY
from convcalc.arithmetic.connections import Rung, ladder
from convcalc.arithmetic.derivation import Step, derivation
from convcalc.arithmetic.use import Use
from convcalc.errors import BadRequest
from convcalc.layer import Layer

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

    Answer = str | int | float | Fraction | Decimal | Sequence[int | float]


def explain(
    layer: Layer, *, dtype: str = "float32", batch: int = 1, optimizer: str = "none"
) -> list[Step]:
    """Return the arithmetic of a layer, a step for each number: what `--explain` prints.

    A step has a name, the formula, the same with numbers substituted, the value, an exact int,
    and in one sentence why. Bytes are for numbers of the `dtype`, float16, float32 or float64;
    activations for a `batch` of inputs; training for the `optimizer`, none, momentum or adam.

    Raises BadRequest for another dtype, batch or optimizer.

    >>> from convcalc import ConvLayer
    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> print(explain(layer)[3])
    neurons: W_out·H_out·K = 55·55·96 = 290,400
    """
    return derivation(layer, Use.of(dtype, batch, optimizer))


def counts(layer: Layer, *, dtype: str = "float32") -> list[Rung]:
    """Return a row for each way to connect the layer's neurons: what the table is made of.

    A row has the way's key and name, its parameters (weights, biases, total), multiply-adds and
    bytes, and how many times the shared parameters it has, as exact numbers. Bytes are for numbers
    of the `dtype`, float16, float32 or float64.

    Raises BadRequest for another dtype.

    >>> from convcalc import ConvLayer
    >>> layer = ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96)
    >>> [(row.key, row.bytes, int(row.times)) for row in counts(layer)][1:]
    [('unshared', 422822400, 3025), ('shared', 139776, 1)]
    """
    return ladder(layer, Use.of(dtype))


def check_answer(
    layer: Layer,
    answer: "Answer",
    *,
    dtype: str = "float32",
    batch: int = 1,
    optimizer: str = "none",
) -> Verdict:
    """Return what an answer is right as, or by which mistakes it comes about: what `--answer` says.

    The answer is a number, a size as (width, height) or (width, height, depth), an array's shape,
    or text as a student writes it; dtype, batch and optimizer are those of `explain`.

    Raises BadRequest where the answer is neither, and for another dtype, batch or optimizer.

    >>> from convcalc import ConvLayer
    >>> layer = ConvLayer(input=(32, 32, 3), filter=3, filters=32)
    >>> check_answer(layer, "896").is_right, check_answer(layer, (30, 30, 32)).is_right
    (True, True)
    >>> [mistake.name for mistake in check_answer(layer, 288).mistakes]
    ['forgot the depth and the biases']
    """
    return judge(layer, _text(answer), Use.of(dtype, batch, optimizer))


def _text(answer: Any) -> str:
    """Return an answer as a student writes it."""
    if isinstance(answer, tuple | list):
        return f"({', '.join(map(_text, answer))})"
    if isinstance(answer, float):
        from decimal import Decimal

        return f"{Decimal(repr(answer)):f}"  # without an exponent
    try:
        return str(answer)
    except ValueError:  # an integer longer than Python agrees to print
        raise BadRequest("answer", answer, "is too long to be read", REMEDY) from None
