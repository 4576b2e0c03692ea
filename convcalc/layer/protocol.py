"""What every kind of layer answers: nothing that counts or derives knows which there are."""

from typing import Any, ClassVar, NamedTuple, Protocol

from convcalc.layer.axis import Axis
from convcalc.layer.options import Option
from convcalc.layer.sight import ITSELF, Sight
from convcalc.layer.symbols import Letters, Symbol, Symbols
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
    """One way to connect a layer's neurons: its key, what it is called, what it takes.

    `averages` are numbers that are kept and not learned, as batch normalisation has them.
    """

    key: str
    name: str
    parameters: Count
    multiply_adds: int
    averages: int = 0


class Layer(Protocol):
    """A layer bound to its input: immutable, hashable, equal only to its own kind.

    Its constructor takes `input` and its `options` by name, and raises BadRequest where there is
    no such layer.
    """

    def __hash__(self) -> int:
        """Return the same for equal layers."""

    kind: ClassVar[str]
    options: ClassVar[tuple[Option, ...]]
    in_place: ClassVar[bool]

    @property
    def family(self) -> str:
        """The kind that it is counted with where kinds are compared."""

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
    def sights(self) -> tuple[Sight, Sight]:
        """Which cells of the input a cell of the output sees, along width and height."""

    @property
    def made_of(self) -> dict[str, Any]:
        """The options as the constructor takes them."""

    @property
    def spec(self) -> dict[str, Any]:
        """What makes the layer besides its input, by the names other programs rely on."""

    @property
    def phrase(self) -> str:
        """The layer in a few words, what need not be said left out, for a row of a table."""

    def replace(self, **changes: Any) -> "Layer":
        """Return the layer with some arguments changed, validated anew."""

    def symbols(self) -> Symbols:
        """Return what the letters of the kind's formulas stand for."""


class Kind(Views):
    """What follows from a kind's options, its axes and its output, where it says nothing else.

    A kind is a frozen dataclass of its input and its options, without a repr of its own. In a
    network its `main` option is written right behind its name, and the `second` behind that:
    conv11-96. A kind that works `in_place` leaves its output where its input was, and so makes no
    activations of its own; each cell of one that `sees_all` sees the whole input.
    """

    in_place: ClassVar[bool] = False
    sees_all: ClassVar[bool] = False
    main: ClassVar[str | None] = None
    second: ClassVar[str | None] = None

    @property
    def family(self: Layer) -> str:
        """Its own kind."""
        return self.kind

    @property
    def axes(self) -> tuple[Axis, ...]:
        """Nothing: no window slides."""
        return ()

    @property
    def sights(self: Any) -> tuple[Sight, Sight]:
        """The window's along each axis; without one a cell sees only the cell in its place."""
        if not self.axes:
            return ITSELF, ITSELF
        x, y = (axis.sight for axis in self.axes)
        return (x._replace(step=0), y._replace(step=0)) if self.sees_all else (x, y)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Nothing: there are no parameters."""
        return ()

    def _set(self, **fields: Any) -> None:
        """Set fields of a layer in the making; from then on they cannot be."""
        self.__dict__.update(fields)

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

    @property
    def phrase(self: Layer) -> str:
        """What is said of the layer behind its volumes."""
        return str(self).partition(": ")[2]

    def replace(self: Layer, **changes: Any) -> Any:
        """Return the layer with some arguments changed, validated anew."""
        return type(self)(**{"input": self.input} | self.made_of | changes)

    def symbols(self: Layer) -> Symbols:
        """Return the letters of the input's sides, and along each axis its size and window."""
        numbers = dict(zip("WHD", self.input, strict=True))
        width, height, _ = self.input
        axes: dict[str, Letters] = {"width": {"W": Symbol("W", width)}}
        if width == height:
            axes = {"width, height": axes["width"]}
        else:
            axes["height"] = {"W": Symbol("H", height)}
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
