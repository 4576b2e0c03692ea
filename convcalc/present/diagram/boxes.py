"""What is drawn of a network: a box for each volume that is made, its words, its sources.

A layer that works on each cell in its place, as ReLU and batch norm do, is written on the box
before it. Where a layer's output is taken by several others, it has a box of its own.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any, NamedTuple

from convcalc.arithmetic.network import Line
from convcalc.errors import shown
from convcalc.layer import Layer, Volume
from convcalc.layer.network import INPUT, Network, Placed
from convcalc.layer.sight import ITSELF
from convcalc.numerals import counted

OFTEN = 10
"""What follows so many boxes of a kind, and all of them, is said once below the picture."""

UNSAID = ("pad ", "rounded up", "no bias", "output pad ")
"""How parts of a phrase begin that are left away where there is little room."""


class Box(NamedTuple):
    """A volume, what is written on it, and the boxes it comes from, one for each line into it."""

    name: str
    volume: Volume
    sources: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    brief: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    group: str = ""
    kind: str = ""
    learns: bool = False
    folded: bool = False
    adds: bool = False
    stacked: tuple[int, ...] = ()
    """The depths that are laid one behind the other."""


def drawn(network: Network, several: Sequence[Line]) -> tuple[list[Box], list[str]]:
    """Return a box for each line, and what is said once of all boxes of a kind."""
    return _said_once(_boxes(network, several))


def _boxes(network: Network, several: Sequence[Line]) -> list[Box]:
    users = Counter(source for one in network.layers for source in set(one.sources))
    found = [Box("input", network.input, words=("input",), brief=("input",))]
    holder, last = {INPUT: 0}, [INPUT]
    first = 0
    for line in several:
        places = range(first, first + len(line.rows))
        source, *others = network.layers[first].sources
        box = holder[source]
        if line.alone and users[source] == 1 and source == last[box] and not others:
            placed = line.alone.placed
            if _follows(placed.layer):
                told = (*found[box].followers, _follower(placed.layer))
                found[box] = found[box]._replace(followers=told)
                holder[first] = box
                last[box] = first
                first += 1
                continue
        sources = [holder[s] for row in line.rows for s in row.placed.sources if s < first]
        holder |= dict.fromkeys(places, len(found))
        last.append(places[-1])
        found.append(_box(line, tuple(sources)))
        first += len(line.rows)
    return found


def _follows(layer: Layer) -> bool:
    """Whether a layer is written on the box before it."""
    if layer.in_place:
        return True
    return (
        layer.output == layer.input
        and not layer.axes
        and layer.sights == (ITSELF, ITSELF)
        and not any(way.multiply_adds for way in layer.connections)
    )


def _follower(layer: Layer) -> str:
    words = layer.phrase.partition(",")[0]
    return words if layer.output == layer.input else f"{words} to {layer.output}"


def _box(line: Line, sources: tuple[int, ...]) -> Box:
    group, inside, _ = line.name.partition("/")
    return Box(
        "",
        line.rows[-1].placed.layer.output,
        sources,
        group=shown(group) if inside else "",
        learns=bool(line.sums.parameters.total),
    )._replace(**_several(line, sources) if line.alone is None else _one(line.alone.placed))


def _several(line: Line, sources: tuple[int, ...]) -> dict[str, Any]:
    """Return what is said of layers that are one box; lines from the same box are one."""
    name = " … ".join(shown(part.rpartition("/")[2]) for part in line.name.split(" … "))
    layers = counted(len(line.rows) // line.times, "layer")
    told = name, layers if line.times == 1 else f"{line.times} × {layers}"
    once = tuple(dict.fromkeys(sources))
    return {"name": name, "words": told, "brief": told, "folded": True, "sources": once}


def _one(placed: Placed) -> dict[str, Any]:
    layer = placed.layer
    inputs: tuple[Volume, ...] = getattr(layer, "inputs", ())
    adds = len(inputs) > 1 and layer.output == inputs[0]
    return {
        "name": placed.name,
        "words": _words(placed),
        "brief": _brief(layer),
        "kind": layer.kind,
        "adds": adds,
        "stacked": tuple(one.depth for one in inputs) if len(inputs) > 1 and not adds else (),
    }


def _words(placed: Placed) -> tuple[str, ...]:
    """Return a layer's name where it was given one, its kind, and what is said of it."""
    layer = placed.layer
    first, *others = _phrase(layer)
    usual = getattr(layer, "function", layer.kind)
    given = not re.fullmatch(rf"{re.escape(usual)}_?\d+", placed.name)
    return (f"{shown(placed.name)}: {first}" if given else first, *others)


def _brief(layer: Layer) -> tuple[str, ...]:
    return tuple(
        part for part in _phrase(layer) if part != "stride 1" and not part.startswith(UNSAID)
    )


def _phrase(layer: Layer) -> list[str]:
    """Return the parts of a layer's phrase; its sizes stand for its filters, units and depths."""
    first, *others = layer.phrase.split(", ")
    windows = re.fullmatch(r"\d+ of (.+)", first)
    if windows:
        word = "conv" if layer.kind in ("conv1d", "tabled") else layer.kind
        return [windows[1] if word in windows[1] else f"{word} {windows[1]}", *others]
    if hasattr(layer, "inputs") or hasattr(layer, "units"):
        return [layer.kind, *(part for part in others if part == "no bias")]
    return [first, *others]


def _said_once(boxes: list[Box]) -> tuple[list[Box], list[str]]:
    """Take away what follows every box of a kind that is frequent, and say it."""
    by_kind = defaultdict(list)
    for box in boxes:
        by_kind[box.kind].append(box.followers)
    common = {
        kind: tuple(_common(several))
        for kind, several in by_kind.items()
        if kind and len(several) >= OFTEN
    }
    said = [f"after every {kind}: {', '.join(told)}" for kind, told in common.items() if told]
    kept = [box._replace(followers=box.followers[len(common.get(box.kind, ())) :]) for box in boxes]
    return kept, said


def _common(several: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Return with what all of some begin."""
    alike = takewhile(lambda words: len(set(words)) == 1, zip(*several, strict=False))
    return (words[0] for words in alike)
