"""A network: layers in the order they are worked out, each with the layers its input comes from."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from convcalc.errors import BadRequest, shown
from convcalc.layer.field import Field, Link, fields
from convcalc.layer.kinds import KINDS
from convcalc.layer.plan import Branches, Group, Part, Plan, Step
from convcalc.layer.protocol import Layer
from convcalc.layer.views import NetworkViews
from convcalc.layer.volume import Volume
from convcalc.numerals import counted

MOST_LAYERS = 10_000
"""A network with more layers is refused."""

INPUT = -1
"""The source of a layer that takes the network's input."""

OF_DEPTH = "depth"
"""As an option's value: the depth of the volume that arrives."""


class Placed(NamedTuple):
    """A layer in its place: its name, the groups it is in and its name, and its sources."""

    name: str
    path: str
    layer: Layer
    sources: tuple[int, ...]


@dataclass(frozen=True, repr=False)
class Network(NetworkViews):
    """Layers, each with its sources among those before it.

    >>> from convcalc.layer.plan import Step
    >>> plan = (Step("conv", {"filter": 3, "filters": 8}), Step("pool", {"window": 2}))
    >>> network = Network.of("small", Volume(8, 8, 1), plan)
    >>> [(one.name, str(one.layer.output)) for one in network.layers]
    [('conv1', '6x6x8'), ('pool1', '3x3x8')]
    """

    name: str
    input: Volume
    layers: tuple[Placed, ...]
    not_counted: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, name: str, input: Volume, plan: Plan) -> "Network":
        """Return the network that a plan makes of an input.

        Raises BadRequest, naming the layer by number and name and what arrives there.
        """
        builder = Builder(input)
        builder.add_all(plan)
        return builder.network(name)

    @property
    def output(self) -> Volume:
        """What the last layer puts out."""
        return self.layers[-1].layer.output

    def __str__(self) -> str:
        layers = counted(len(self.layers), "layer")
        return f"{shown(self.name)}: {self.input} → {self.output}, {layers}"

    def __repr__(self) -> str:
        return f"<Network {self}>"

    @cached_property
    def fields(self) -> list[tuple[Field, Field]]:
        """The receptive field of each layer's cells, along width and height."""
        along = [
            fields(
                [
                    Link(one.layer.sights[axis], one.sources, one.layer.output[axis])
                    for one in self.layers
                ]
            )
            for axis in (0, 1)
        ]
        return list(zip(*along, strict=True))

    def find(self, name: str) -> int:
        """Return the place of the layer with a name or a path.

        Raises BadRequest where there is none, or more than one of that name.
        """
        places = [place for place, one in enumerate(self.layers) if one.path == name] or [
            place for place, one in enumerate(self.layers) if one.name == name
        ]
        if len(places) == 1:
            return places[0]
        from difflib import get_close_matches

        if places:
            paths = [self.layers[place].path for place in places[:3]]
            raise BadRequest(
                "layer",
                name,
                f"is the name of {len(places)} layers",
                f"give one with its groups, such as {' or '.join(paths)}",
            )
        every = [one.path for one in self.layers]
        near = get_close_matches(name, [*every, *(one.name for one in self.layers)], 1)
        remedy = f"the nearest is {near[0]}" if near else f"there are {every[0]} to {every[-1]}"
        raise BadRequest("layer", name, f"is no layer of {self.name}", remedy)


class Builder:
    """A network in the making: `at` is the layer whose output the next one takes."""

    def __init__(self, input: Volume) -> None:
        self.input = input
        self.layers: list[Placed] = []
        self.at = INPUT
        self._group: tuple[str, ...] = ()
        self._names: Counter[str] = Counter()
        self._paths: set[str] = set()

    def network(self, name: str, not_counted: Sequence[tuple[str, int]] = ()) -> Network:
        """Return what was made; raise BadRequest where that is nothing."""
        if not self.layers:
            raise BadRequest("SPEC", name, "has no layers", "give one layer at least")
        return Network(name, self.input, tuple(self.layers), tuple(not_counted))

    def output(self, place: int) -> Volume:
        """Return the volume that a layer hands on, or the input."""
        return self.input if place == INPUT else self.layers[place].layer.output

    def add_all(self, parts: Plan) -> None:
        """Add parts one after the other."""
        for part in parts:
            self._add(part)

    def _add(self, part: Part) -> None:
        match part:
            case Step(kind, options, name):
                self.place(kind, options, (self.at,), name)
            case Group(parts, times, name, numbered):
                for _ in range(times if parts else 0):
                    kept = self._group, self._names
                    if name:
                        own = self._numbered(name) if numbered else self._named(name)
                        self._group, self._names = (*self._group, own), Counter()
                    self.add_all(parts)
                    self._group, self._names = kept
            case Branches(kind, branches, name):
                start, ends = self.at, []
                for branch in branches:
                    self.at = start
                    self.add_all(branch)
                    ends.append(self.at)
                self.place(kind, {}, tuple(ends), name)

    def place(self, kind: str, options: Any, sources: tuple[int, ...], name: str = "") -> int:
        """Add a layer that takes the outputs of some before it; return its place.

        Raises BadRequest, naming it by number and name, where there is no such layer.
        """
        number = len(self.layers) + 1
        name = self._named(name) if name else self._numbered(options.get("function", kind))
        if number > MOST_LAYERS:
            raise BadRequest("SPEC", None, f"has more than {MOST_LAYERS:,} layers", "give fewer")
        arriving = [self.output(source) for source in sources]
        try:
            layer = made(kind, arriving, options)
        except BadRequest as error:
            value = "" if error.value is None else f" {error.value}"
            raise BadRequest(
                "SPEC",
                f'layer {number} "{shown(name)}"',
                f"{error.argument}{value} on {' and '.join(map(str, arriving))}: {error.problem}",
                error.remedy,
            ) from None
        self.layers.append(Placed(name, "/".join((*self._group, name)), layer, sources))
        self.at = number - 1
        return self.at

    def _named(self, name: str) -> str:
        """Return a name that is given, with a number behind it from the second time on."""
        return self._free(f"={name}", lambda times: name if times == 1 else f"{name}_{times}")

    def _numbered(self, word: str) -> str:
        low_line = "_" if word[-1].isdigit() else ""
        return self._free(word, lambda times: f"{word}{low_line}{times}")

    def _free(self, counted: str, called: Callable[[int], str]) -> str:
        """Return the next name of its sort whose path nothing else has."""
        while True:
            self._names[counted] += 1
            name = called(self._names[counted])
            path = "/".join((*self._group, name))
            if path not in self._paths:
                self._paths.add(path)
                return name


def made(kind: str, arriving: Sequence[Volume], options: Any) -> Layer:
    """Return a layer of a kind for the volumes that arrive; raise BadRequest where there is none.

    Options are values as the constructor takes them, or texts as they are typed.
    """
    first, *others = arriving
    known = {one.name: one.read for one in KINDS[kind].options}
    values = {}
    for name, value in options.items():
        if name not in known:
            words = " or ".join(known) or "nothing but its name"
            raise BadRequest(name, value, f"is no option of {kind}", f"give {words}")
        if value == OF_DEPTH:
            value = first.depth
        values[name] = known[name](name, value) if isinstance(value, str) else value
    for option in KINDS[kind].options:
        if option.needed and option.name not in values:
            raise BadRequest(option.name, None, "is missing", f"give {kind} its {option.name}")
    if others:
        values["others"] = others
    layer: Layer = KINDS[kind](input=first, **values)
    return layer


def walk(plan: Plan) -> Iterator[Step]:
    """Yield every layer of a plan once, whatever its group is repeated."""
    for part in plan:
        match part:
            case Step():
                yield part
            case Group(parts):
                yield from walk(parts)
            case Branches(_, branches):
                for branch in branches:
                    yield from walk(branch)
