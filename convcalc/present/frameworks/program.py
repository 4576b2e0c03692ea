"""A network as what a framework calls: layers in scopes, and blocks that are written once.

A layer is a call or several, one after the other. The layers of a group are a scope of its own,
and scopes that are made alike are one block, whose parameters are the numbers they differ in.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from convcalc.present.frameworks.code import ENTRY, Argument, Call, identifier, literal


@dataclass(eq=False)
class Node:
    """A layer in a scope, or a block: its calls, or how it joins its sources.

    `volume` is what it puts out, in words. A source of None is the network's input.
    """

    name: str
    path: Sequence[str]
    volume: str
    calls: tuple[Call, ...]
    join: str = ""
    sources: tuple["Node | None", ...] = ()
    scope: "Scope | None" = None


@dataclass(eq=False)
class Scope:
    """Nodes in order, the last of which puts out what the scope does, and the node it is."""

    nodes: list[Node] = field(default_factory=list)
    owner: Node | None = None
    height: int = 0

    def links(self) -> list[tuple[int, ...]]:
        """Return the places of each node's sources; what comes from outside is the entry."""
        places = {id(node): place for place, node in enumerate(self.nodes)}

        def place(source: Node | None) -> int:
            while source is not None and id(source) not in places:
                source = source.scope.owner if source.scope else None
            return ENTRY if source is None else places[id(source)]

        return [tuple(map(place, node.sources)) for node in self.nodes]

    @property
    def chain(self) -> bool:
        """Whether each node takes what the one before it puts out."""
        joins = any(node.join for node in self.nodes)
        return not joins and self.links() == [(at - 1,) for at in range(len(self.nodes))]


class Block(NamedTuple):
    """What scopes that are made alike have in common; `scope` is the first of them.

    A slot is a number for every argument of its calls, in order: `parameters` has a name for
    those in which they differ, and `told` are those that are written.
    """

    name: str
    scope: Scope
    parameters: dict[int, str]
    told: frozenset[int]
    volumes: bool

    @property
    def names(self) -> list[str]:
        """The parameters, each once."""
        return list(dict.fromkeys(self.parameters.values()))


class Program(NamedTuple):
    """The blocks, each behind those that it uses, and the network itself."""

    blocks: tuple[Block, ...]
    scope: Scope

    @property
    def functions(self) -> set[str]:
        """What is called."""
        scopes = (*(block.scope for block in self.blocks), self.scope)
        return {one.function for scope in scopes for node in scope.nodes for one in node.calls}


class Written(NamedTuple):
    """A node as text: each call's function and arguments."""

    node: Node
    calls: tuple[tuple[Call, list[str]], ...]
    volume: str


def written(scope: Scope, block: Block | None, prefix: str = "") -> list[Written]:
    """Return a scope's nodes as text; a block's parameters have a prefix."""
    found, slot = [], 0
    for node in scope.nodes:
        calls = []
        for one in node.calls:
            arguments = []
            for argument in one.arguments:
                name = block.parameters.get(slot) if block else None
                if slot in block.told if block else told(argument):
                    value = f"{prefix}{name}" if name else literal(argument.value)
                    arguments.append(f"{argument.keyword}={value}" if argument.keyword else value)
                slot += 1
            calls.append((one, arguments))
        volume = node.volume if block is None or block.volumes else ""
        found.append(Written(node, tuple(calls), volume))
    return found


def told(argument: Argument) -> bool:
    """Whether an argument has to be written."""
    return not argument.keyword or argument.value != argument.usual


def program(nodes: Sequence[Node]) -> Program:
    """Return the program that nodes make, each behind its sources."""
    maker = _Maker(nodes)
    top = Scope()
    maker.fill(top, 0, len(nodes), 0, 0)
    return Program(tuple(_blocks(maker.scopes)), top)


class _Maker:
    """Puts nodes into scopes, as their paths say."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.scopes: list[Scope] = []
        self.at = {id(node): place for place, node in enumerate(nodes)}
        self.last_use = list(range(len(nodes)))
        for place, node in enumerate(nodes):
            for source in node.sources:
                if source is not None:
                    self.last_use[self.at[id(source)]] = place

    def fill(self, scope: Scope, first: int, stop: int, depth: int, within: int) -> None:
        """Fill a scope, `within` so many groups, with nodes; those of a deeper group are one."""
        runs = groupby(range(first, stop), lambda place: self.nodes[place].path[depth : depth + 1])
        for _, run in runs:
            places = list(run)
            start, end = places[0], places[-1]
            group = end > start and len(self.nodes[start].path) > depth + 1
            whole = (start, end + 1) == (first, stop)
            if group and not whole and self._closed(start, end):
                self._add(scope, start, end, depth, within)
            elif group:
                self.fill(scope, start, end + 1, depth + 1, within)
            else:
                for node in self.nodes[start : end + 1]:
                    node.name = "/".join(node.path[within:])
                    node.scope = scope
                    scope.nodes.append(node)

    def _add(self, scope: Scope, start: int, end: int, depth: int, within: int) -> None:
        first, last = self.nodes[start], self.nodes[end]
        own = Scope()
        own.owner = Node(
            "/".join(first.path[within : depth + 1]),
            (),
            last.volume,
            (),
            "",
            first.sources[:1],
            scope,
        )
        self.fill(own, start, end + 1, depth + 1, depth + 1)
        scope.nodes.append(own.owner)
        scope.height = max(scope.height, own.height + 1)
        self.scopes.append(own)

    def _closed(self, start: int, end: int) -> bool:
        """Whether nodes take one thing from outside, and only their last is used there."""
        outside = {
            id(source)
            for node in self.nodes[start : end + 1]
            for source in node.sources
            if source is None or self.at[id(source)] < start
        }
        return len(outside) == 1 and max(self.last_use[start:end], default=0) <= end


def _blocks(scopes: list[Scope]) -> Iterator[Block]:
    """Yield the blocks, the innermost first, and have them called where they are used."""
    names: set[str] = set()
    for height in sorted({scope.height for scope in scopes}):
        alike: dict[Any, list[Scope]] = {}
        for scope in scopes:
            if scope.height == height:
                alike.setdefault(_made(scope), []).append(scope)
        for several in alike.values():
            if several[0].chain and (len(several) == 1 or height):
                for scope in several:
                    _take_apart(scope)
            else:
                yield _block(several, names)


def _made(scope: Scope) -> Any:
    """Return how a scope is made: all but its numbers and names."""
    nodes = zip(scope.nodes, scope.links(), strict=True)
    return tuple((node.join, links, tuple(map(_form, node.calls))) for node, links in nodes)


def _form(one: Call) -> tuple[str, ...]:
    return one.function, *(argument.keyword for argument in one.arguments)


def _take_apart(scope: Scope) -> None:
    """Put a scope's nodes where it stands."""
    owner = scope.owner
    assert owner is not None
    assert owner.scope is not None
    around = owner.scope.nodes
    place = around.index(owner)
    around[place : place + 1] = scope.nodes
    for node in scope.nodes:
        node.scope = owner.scope
        node.name = f"{owner.name}/{node.name}"


def _block(several: list[Scope], taken: set[str]) -> Block:
    """Return what scopes have in common, and have them called with what they differ in."""
    owners = [scope.owner for scope in several if scope.owner is not None]
    whose = [node.name for node in several[0].nodes for one in node.calls for _ in one.arguments]
    first_of: dict[Any, int] = {}
    slots: dict[int, int] = {}
    told_slots = set()
    columns = list(zip(*map(_arguments, several), strict=True))
    for slot, column in enumerate(columns):
        values = tuple((type(argument.value), argument.value) for argument in column)
        if len(set(values)) > 1:
            slots[slot] = first_of.setdefault(values, slot)
        if any(map(told, column)):
            told_slots.add(slot)
    words = [columns[slot][0].word for slot in first_of.values()]
    names: dict[int, str] = {}
    own: set[str] = set()
    for slot, word in zip(first_of.values(), words, strict=True):
        several_have_it = words.count(word) > 1 and word != "depth"
        names[slot] = identifier(f"{word}_{whose[slot]}" if several_have_it else word, own)
    for number, owner in enumerate(owners):
        arguments = [
            Argument("", columns[slot][number].value, name) for slot, name in names.items()
        ]
        owner.calls = (Call(_class_name(owners, set(taken)), tuple(arguments)),)
    return Block(
        _class_name(owners, taken),
        several[0],
        {slot: names[first] for slot, first in slots.items()},
        frozenset(told_slots),
        len({tuple(node.volume for node in scope.nodes) for scope in several}) == 1,
    )


def _arguments(scope: Scope) -> list[Argument]:
    return [argument for node in scope.nodes for one in node.calls for argument in one.arguments]


def _class_name(owners: Sequence[Node], taken: set[str]) -> str:
    """Return a name for a block, from what its groups are called before any number."""
    last = (owner.name.rpartition("/")[2] for owner in owners)
    found = {re.split("[0-9]", name)[0] for name in last}
    words = re.findall("[A-Za-z]+", found.pop()) if len(found) == 1 else []
    name = "".join(f"{word[0].upper()}{word[1:]}" for word in words)
    return identifier(f"{name.removesuffix('Block')}Block", taken, "")
