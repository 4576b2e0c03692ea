"""A network: layers in the order they are worked out, each with the layers its input comes from."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from convcalc.errors import BadRequest, alternatives, shown
from convcalc.layer.field import Field, Link, fields
from convcalc.layer.kinds import KINDS
from convcalc.layer.plan import Branches, Group, Plan, Step
from convcalc.layer.protocol import Layer
from convcalc.layer.views import NetworkViews
from convcalc.layer.volume import Volume
from convcalc.layer.wording import MOST_DIGITS
from convcalc.numerals import counted

MOST_LAYERS = 10_000
"""A network with more layers is refused."""

MOST_NAME = 1000
"""Characters of a name, those of its groups included."""

INPUT = -1
"""The source of a layer that takes the network's input."""

OF_DEPTH = "depth"
"""As an option's value: the depth of the volume that arrives."""

YES_OR_NO = ("yes", "no")


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
        across, down = (
            [
                Link(one.layer.sights[axis], one.sources, one.layer.output[axis])
                for one in self.layers
            ]
            for axis in (0, 1)
        )
        along_x = (self._checked(place, field) for place, field in enumerate(fields(across)))
        if across == down:
            return [(field, field) for field in along_x]
        along_y = (self._checked(place, field) for place, field in enumerate(fields(down)))
        return list(zip(along_x, along_y, strict=True))

    def _checked(self, place: int, field: Field) -> Field:
        """Return a layer's field; raise BadRequest for numbers that nobody can want."""
        size, jump, _ = field
        if max(size, jump.numerator, jump.denominator) >= 10**MOST_DIGITS:
            raise BadRequest(
                "SPEC",
                _placed(place, self.layers[place].name),
                f"its receptive field or its jump has more than {MOST_DIGITS} digits",
                "give smaller strides, filters or factors",
            )
        return field

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
    """A network in the making: `at` is the layer whose output the next one takes.

    Paths are of one layer or group each: a name that is given counts before one that is not, and
    has a number behind it where it is given again.
    """

    def __init__(self, input: Volume) -> None:
        self.input = input
        self.layers: list[Placed] = []
        self.at = INPUT
        self._group: tuple[str, ...] = ()
        self._paths: set[str] = set()
        self._numbers: Counter[str] = Counter()
        self._made: dict[Any, tuple[Any, Layer]] = {}
        """By kind, options and what arrives; the options too, lest others take their id."""

    def network(self, name: str, not_counted: Sequence[tuple[str, int]] = ()) -> Network:
        """Return what was made; raise BadRequest where it is nothing, or sees too much to tell."""
        if not self.layers:
            raise BadRequest("SPEC", name, "has no layers", "give one layer at least")
        network = Network(name, self.input, tuple(self.layers), tuple(not_counted))
        network.fields  # noqa: B018 (here they are refused)
        return network

    def output(self, place: int) -> Volume:
        """Return the volume that a layer hands on, or the input."""
        return self.input if place == INPUT else self.layers[place].layer.output

    def add_all(self, parts: Plan) -> None:
        """Add parts one after the other."""
        self._add_in(parts, frozenset(_names(parts)))

    def _add_in(self, parts: Plan, given: frozenset[str]) -> None:
        """Add parts to the group at hand, whose layers have some names `given`."""
        for part in parts:
            match part:
                case Step(kind, options, name):
                    own = self._own(name, str(options.get("function", kind)), given)
                    self._place(kind, options, (self.at,), own)
                case Group():
                    self._add_group(part, given)
                case Branches(kind, branches, name):
                    start, ends = self.at, []
                    for branch in branches:
                        self.at = start
                        self._add_in(branch, given)
                        ends.append(self.at)
                    self._place(kind, {}, tuple(ends), self._own(name, kind, given))

    def _add_group(self, group: Group, given: frozenset[str]) -> None:
        inside = frozenset(_names(group.parts)) if group.name else given
        for _ in range(group.times):
            before, kept = len(self.layers), self._group
            if group.name:
                self._group = (
                    *kept,
                    self._own("" if group.numbered else group.name, group.name, given),
                )
            self._add_in(group.parts, inside)
            self._group = kept
            if len(self.layers) == before:
                break

    def enter(self, group: tuple[str, ...]) -> None:
        """Have what is placed from here on in a group, that of a name in a group, and so on."""
        self._group = group

    def place(self, kind: str, options: Any, sources: tuple[int, ...], name: str = "") -> int:
        """Add a layer that takes the outputs of some before it; return its place.

        Raises BadRequest, naming it by number and name, where there is no such layer.
        """
        word = str(options.get("function", kind))
        return self._place(kind, options, sources, self._own(name, word))

    def put(self, layer: Layer, sources: tuple[int, ...], word: str) -> int:
        """Add a layer as it is, named by a word and a number; return its place."""
        return self._put(layer, sources, self._own("", word))

    def _place(self, kind: str, options: Any, sources: tuple[int, ...], name: str) -> int:
        arriving = [self.output(source) for source in sources]
        key = kind, id(options), *arriving
        if key not in self._made:
            try:
                self._made[key] = options, made(kind, arriving, options)
            except BadRequest as error:
                raise _within(len(self.layers), name, arriving, error) from None
        return self._put(self._made[key][1], sources, name)

    def _put(self, layer: Layer, sources: tuple[int, ...], name: str) -> int:
        if len(self.layers) == MOST_LAYERS:
            raise BadRequest("SPEC", None, f"has more than {MOST_LAYERS:,} layers", "give fewer")
        self.layers.append(Placed(name, "/".join((*self._group, name)), layer, sources))
        self.at = len(self.layers) - 1
        return self.at

    def _own(self, name: str, word: str, given: Collection[str] = ()) -> str:
        """Return a name that nothing in the group has: as given, or else a word and a number."""
        if len(name) + sum(map(len, self._group)) > MOST_NAME:
            problem = f"has more than {MOST_NAME} characters with its groups"
            raise BadRequest("name", name or word, problem, "give shorter names")
        if name and self._take(name):
            return name
        start = f"{name}_" if name else f"{word}{'_' if word[-1:].isdigit() else ''}"
        counter = "/".join((*self._group, start))
        while True:
            self._numbers[counter] += 1
            own = f"{start}{self._numbers[counter] + bool(name)}"
            if own not in given and self._take(own):
                return own

    def _take(self, name: str) -> bool:
        """Whether a name was free in the group; from now on it is not."""
        path = "/".join((*self._group, name))
        free = path not in self._paths
        self._paths.add(path)
        return free


def _names(parts: Plan) -> Iterator[str]:
    """Yield the names that are given to the layers and groups of a group."""
    for part in parts:
        match part:
            case Group(parts=inside, name=""):
                yield from _names(inside)
            case Group(name=name, numbered=True):
                pass
            case Branches(branches=branches, name=name):
                yield name
                for branch in branches:
                    yield from _names(branch)
            case Step(name=name) | Group(name=name):
                yield name


def _within(place: int, name: str, arriving: Sequence[Volume], error: BadRequest) -> BadRequest:
    """Return what is wrong with a layer, and which it is."""
    value = "" if error.value is None else f" {error.value}"
    problem, remedy = f"{error.argument}{value} on {_told(arriving)}: {error.problem}", error.remedy
    if error.argument == "input":  # every other fault of it was seen where it was read
        problem = f"what arrives, {_told(arriving)}, {error.problem}"
        remedy = "make the layers before it smaller"
    return BadRequest("SPEC", _placed(place, name), problem, remedy)


def _placed(place: int, name: str) -> str:
    return f'layer {place + 1} "{shown(name)}"'


MOST_TOLD = 4
"""Volumes of a merge that a message names."""


def _told(arriving: Sequence[Volume]) -> str:
    """Return the volumes that arrive, those alike once, as many as can be read."""
    told = list(dict.fromkeys(map(shown, arriving)))
    rest = [f"{len(told) - MOST_TOLD} others"] if len(told) > MOST_TOLD else []
    return alternatives([*told[:MOST_TOLD], *rest], "and")


def made(kind: str, arriving: Sequence[Volume], options: Any) -> Layer:
    """Return a layer of a kind for the volumes that arrive; raise BadRequest where there is none.

    Options are values as the constructor takes them, or texts as they are typed.
    """
    first, *others = arriving
    known = {one.name: one for one in KINDS[kind].options}
    values = {}
    for name, value in options.items():
        if name not in known:
            words = " or ".join(known) or "nothing but its name"
            raise BadRequest(name, value, f"is no option of {kind}", f"give {words}")
        option = known[name]
        if value == OF_DEPTH and option.usual not in YES_OR_NO:
            value = first.depth
        if isinstance(value, str):
            value = option.read(name, value)
        elif option.usual in YES_OR_NO and not isinstance(value, bool):
            raise BadRequest(name, value, "is neither yes nor no", "give yes or no, true or false")
        values[name] = value
    for option in known.values():
        if option.needed and option.name not in values:
            raise BadRequest(option.name, None, "is missing", f"give {kind} its {option.name}")
    if others:
        values["others"] = others
    layer: Layer = KINDS[kind](input=first, **values)
    return layer
