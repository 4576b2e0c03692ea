"""Which layers of a network are drawn as one, so that what is drawn can be read."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from convcalc.arithmetic.network import Line, Row, lines, rows, totals
from convcalc.layer import Layer
from convcalc.layer.network import Network
from convcalc.numerals import counted
from convcalc.present.diagram.boxes import Box, drawn

LONGEST_PERIOD = 8
"""Layers that are repeated are looked for in rounds of at most so many."""

MOST_CHUNKS = 40
"""A net without groups and repetitions is drawn as so many boxes."""


class Drawn(NamedTuple):
    """The boxes of a network, what holds for all of a kind, and how layers were folded."""

    boxes: list[Box]
    notes: list[str]


def candidates(network: Network, depth: int | None) -> Iterator[Drawn]:
    """Yield the network with its groups folded as is asked; without that, ever more folded."""
    found = rows(network)
    if depth is not None:
        yield _drawn(network, lines(found, depth), "")
        return
    deepest = max(one.path.count("/") for one in network.layers)
    yield _drawn(network, lines(found), "")
    for kept in range(deepest, 0, -1):
        note = f"folded so that it can be read: groups more than {kept} deep"
        yield _drawn(network, lines(found, kept), f"{note}; --depth {kept + 1} draws more")
    several = lines(found, 1)
    for note, folded in _folded(network, several):
        yield _drawn(network, folded, f"{note}; --depth 100 draws every layer")


def _drawn(network: Network, several: Sequence[Line], note: str) -> Drawn:
    boxes, said = drawn(network, several)
    return Drawn(boxes, [*said, note] if note else said)


def _folded(network: Network, several: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    """Yield a network's lines folded where one line leads into them: repetitions, then anything."""
    note = "folded so that it can be read: "
    units = _units(network, several)
    alone = [_fold(unit) for unit in units]
    yield f"{note}repetitions", _repeated(units)
    yield f"{note}branches and repetitions", _repeated([[line] for line in alone])
    at_once = -(-len(alone) // MOST_CHUNKS)
    chunks = [alone[first : first + at_once] for first in range(0, len(alone), at_once)]
    yield f"{note}{counted(at_once, 'part')} at a time", [_fold(chunk) for chunk in chunks]


def _units(network: Network, several: Sequence[Line]) -> list[list[Line]]:
    """Part lines wherever all that comes after takes only what the layer before puts out."""
    earliest = [one.sources[0] for one in network.layers]
    least = len(earliest)
    for place in range(len(earliest) - 1, -1, -1):
        least = min(least, *network.layers[place].sources)
        earliest[place] = least
    units: list[list[Line]] = []
    place = 0
    for line in several:
        if earliest[place] >= place - 1:
            units.append([])
        units[-1].append(line)
        place += len(line.rows)
    return units


def _repeated(units: Sequence[list[Line]]) -> list[Line]:
    """Return the lines, those that are repeated folded into one."""
    keys = [tuple(row.placed.layer for line in unit for row in line.rows) for unit in units]
    found: list[Line] = []
    first = 0
    while first < len(units):
        period, times = max(
            ((period, _times(keys, first, period)) for period in range(1, LONGEST_PERIOD + 1)),
            key=lambda one: (one[1] > 1, one[0] * one[1], -one[0]),
        )
        if times == 1:
            found += units[first]
            first += 1
            continue
        taken = [line for unit in units[first : first + period * times] for line in unit]
        found.append(_fold(taken, times))
        first += period * times
    return found


def _times(keys: Sequence[tuple[Layer, ...]], first: int, period: int) -> int:
    """Return how many times what begins at `first` comes, one behind the other."""
    pattern, times = keys[first : first + period], 1
    while keys[first + times * period : first + (times + 1) * period] == pattern:
        times += 1
    return times


def _fold(several: Sequence[Line], times: int = 1) -> Line:
    if len(several) == 1:
        return several[0]
    taken: tuple[Row, ...] = tuple(row for line in several for row in line.rows)
    name = f"{several[0].name.partition(' … ')[0]} … {several[-1].name.rpartition(' … ')[2]}"
    return Line(name, taken, totals(taken), times)
