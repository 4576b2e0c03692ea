"""What every kind of layer answers: nothing that counts or derives knows which there are."""

from typing import Any, ClassVar, NamedTuple, Protocol

from convcalc.layer.axis import Axis
from convcalc.layer.options import Option
from convcalc.layer.symbols import Symbols
from convcalc.layer.volume import Volume


class Count(NamedTuple):
    """Parameters, as exact integers."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases


class Connection(NamedTuple):
    """One way to connect a layer's neurons: its key, what it is called, what it takes."""

    key: str
    name: str
    parameters: Count
    multiply_adds: int


class Layer(Protocol):
    """A layer bound to its input: immutable, hashable, equal only to its own kind.

    Its constructor takes `input` and its `options` by name, and raises BadRequest where there is
    no such layer.
    """

    def __hash__(self) -> int:
        """Return the same for equal layers."""

    kind: ClassVar[str]
    options: ClassVar[tuple[Option, ...]]

    @property
    def input(self) -> Volume:
        """The input volume."""

    @property
    def output(self) -> Volume:
        """The output volume."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Width and height where a window slides along them, otherwise nothing."""

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The ways to connect the same neurons, most parameters first; none without parameters."""

    @property
    def made_of(self) -> dict[str, Any]:
        """The options as the constructor takes them."""

    @property
    def spec(self) -> dict[str, Any]:
        """What makes the layer besides its input, by the names other programs rely on."""

    def symbols(self) -> Symbols:
        """Return what the letters of the kind's formulas stand for."""
