"""What works on each cell by itself and leaves its output where its input was."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from convcalc.errors import BadRequest, chosen
from convcalc.layer.making import made_volume
from convcalc.layer.options import Option
from convcalc.layer.protocol import Kind
from convcalc.layer.volume import Volume

FUNCTIONS = (
    "relu",
    "relu6",
    "leakyrelu",
    "elu",
    "gelu",
    "silu",
    "hardswish",
    "hardsigmoid",
    "sigmoid",
    "tanh",
    "softmax",
    "identity",
)


@dataclass(frozen=True, init=False, repr=False)
class Activation(Kind):
    """A function of every cell; softmax is one of every cell's channels.

    >>> Activation(input=(55, 55, 96), function="relu").output
    Volume(width=55, height=55, depth=96)
    """

    kind: ClassVar[str] = "activation"
    main: ClassVar[str | None] = "function"
    options: ClassVar[tuple[Option, ...]] = (
        Option("function", partial(chosen, choices=FUNCTIONS), needed=True),
    )
    in_place: ClassVar[bool] = True

    input: Volume
    function: str

    def __init__(self, *, input: Sequence[int], function: str) -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), function=chosen("function", function, FUNCTIONS))

    @property
    def output(self) -> Volume:
        """A volume as large as the input."""
        return self.input

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: {self.function}, in place"


def read_rate(argument: str, text: str) -> str:
    """Read a number from 0 to 1 in decimals, and keep it as it is written."""
    whole, _, decimals = text.partition(".")
    if not (whole in ("", "0") and decimals.isdecimal() and decimals.isascii()) and text not in (
        "0",
        "1",
    ):
        raise BadRequest(argument, text, "is no number from 0 to 1", "give one such as 0.5")
    return text


@dataclass(frozen=True, init=False, repr=False)
class Dropout(Kind):
    """In training a share of the cells is set to 0; otherwise nothing happens.

    >>> Dropout(input=(1, 1, 4096)).output.depth
    4096
    """

    kind: ClassVar[str] = "dropout"
    main: ClassVar[str | None] = "rate"
    options: ClassVar[tuple[Option, ...]] = (Option("rate", read_rate, "0.5"),)
    in_place: ClassVar[bool] = True

    input: Volume
    rate: str

    def __init__(self, *, input: Sequence[int], rate: str | float = "0.5") -> None:
        """Make the layer, or raise BadRequest."""
        self._set(input=made_volume(input), rate=read_rate("rate", str(rate)))

    @property
    def output(self) -> Volume:
        """A volume as large as the input."""
        return self.input

    def __str__(self) -> str:
        return f"{self.input} → {self.output}: dropout {self.rate}, in place"
