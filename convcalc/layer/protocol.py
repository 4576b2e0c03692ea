"""What every kind of layer answers: nothing that counts or derives knows which there are."""

from typing import Any, ClassVar, NamedTuple, Protocol

from convcalc.layer.axis import Axis
from convcalc.layer.options import Option
from convcalc.layer.symbols import Symbol, Symbols
from convcalc.layer.views import Views
from convcalc.layer.volume import Pad, Pair, Volume


class Count(NamedTuple):
    """Parameters, as exact integers."""

    weights: int
    biases: int

    @property
    def total(self) -> int:
        """Weights and biases together."""
        return self.weights + self.biases

    def __repr__(self) -> str:
        return f"Count(weights={self.weights}, biases={self.biases}, total={self.total})"


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


class Kind(Views):
    """What follows from a kind's options, its axes and its output, where it says nothing else.

    A kind is a frozen dataclass of its input and its options, without a repr of its own.
    """

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Nothing: no window slides."""
        return ()

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Nothing: there are no parameters."""
        return ()

    @property
    def made_of(self: Layer) -> dict[str, Any]:
        """The options as the constructor takes them."""
        return {option.name: getattr(self, option.name) for option in self.options}

    @property
    def spec(self: Layer) -> dict[str, Any]:
        """The options as plain data."""
        return {
            name: value._asdict() if isinstance(value, Pair | Pad) else value
            for name, value in self.made_of.items()
        }

    def symbols(self: Layer) -> Symbols:
        """Return the letters of the input's sides, and of the window's where there is one."""
        numbers = dict(zip("WHD", self.input, strict=True))
        axes = {}
        if self.axes:
            x, y = self.axes
            numbers |= {"FW": x.filter, "FH": y.filter}
            if x.alike(y):
                axes = {"width, height": x.symbols("W", "F")}
            else:
                axes = {"width": x.symbols("W", "FW"), "height": y.symbols("H", "FH")}
        return Symbols({name: Symbol(name, number) for name, number in numbers.items()}, axes)

    def __str__(self: Layer) -> str:
        made = ", ".join(f"{name} {value}" for name, value in self.made_of.items())
        return f"{self.input} → {self.output}: {self.kind}, {made}"
