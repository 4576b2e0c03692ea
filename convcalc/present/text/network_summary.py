"""A network in short, before it is a screen, Markdown, LaTeX or HTML: table, memory, notes."""

from collections.abc import Callable
from typing import NamedTuple

from convcalc.arithmetic.network import (
    Line,
    Most,
    Row,
    Totals,
    kept,
    lines,
    most,
    rows,
    totals,
)
from convcalc.arithmetic.use import Use
from convcalc.errors import shown
from convcalc.layer import Layer
from convcalc.layer.network import Network, Placed
from convcalc.numerals import counted, grouped, memory, plural
from convcalc.present.text.network_columns import COLUMNS, Column, Figure, Listing

TOTAL = "total"

BARS: dict[str, Callable[[Line], int]] = {
    "share of parameters": lambda line: line.sums.parameters.total,
    "share of work": lambda line: line.sums.multiply_adds,
}
"""What is drawn beside the table, by heading."""


class NetworkSummary(NamedTuple):
    """A title; the table's columns, its lines, and a line of everything; memory, and notes."""

    title: str
    columns: list[Column]
    lines: list[Line]
    cells: list[list[str]]
    total: list[str]
    memory: list[list[str]]
    notes: list[str]
    conventions: str

    @property
    def heading(self) -> list[str]:
        """The columns' headings."""
        return [column.heading for column in self.columns]


def summary(network: Network, listing: Listing) -> NetworkSummary:
    """Return what a network has to show."""
    found = rows(network)
    total, use = totals(found), listing.use
    columns = [COLUMNS[name] for name in listing.columns]
    everything = Line(TOTAL, tuple(found), total)
    several = lines(found, listing.depth)
    batch = "" if use.batch == 1 else f", batch of {grouped(use.batch)}"
    return NetworkSummary(
        f"{network}{batch}",
        columns,
        several,
        [[_text(column.figure(line, use)) for column in columns] for line in several],
        [TOTAL] + [_text(one.figure(everything, use)) if one.adds else "" for one in columns[1:]],
        _memory(total, use),
        [*_notes(network, found, total, listing)],
        _conventions(network, total, use),
    )


def _text(figure: Figure) -> str:
    return grouped(figure) if isinstance(figure, int) else figure


def _memory(total: Totals, use: Use) -> list[list[str]]:
    """Return the bytes of one input and of the batch, part by part and together."""
    uses = [use] if use.batch == 1 else [use._replace(batch=1), use]
    heads = ["one input", *(f"a batch of {grouped(one.batch)}" for one in uses[1:])]
    parts = [kept(total, one) for one in uses]
    named = [
        (part.name, [one[place].numbers for one in parts]) for place, part in enumerate(parts[0])
    ]
    for name, taken in (
        ("forward", [[one for one in several if one.needed] for several in parts]),
        ("a training step", parts),
    ):
        named.append((name, [sum(one.numbers for one in several) for several in taken]))
    table = [[f"memory, {use.dtype}", *(f"bytes, {head}" for head in heads), ""]]
    for name, numbers in named:
        sizes = [number * use.bytes_each for number in numbers]
        table.append([name, *map(grouped, sizes), memory(sizes[-1])])
    return table


def _notes(network: Network, found: list[Row], total: Totals, listing: Listing) -> list[str]:
    notes = [_places(found, listing.use), _largest(found, listing.use)]
    if "unshared" in listing.columns and total.unshared != total.parameters.total:
        notes.append(_unshared(total))
    if network.not_counted:
        several = ", ".join(f"{count} {shown(name)}" for name, count in network.not_counted)
        notes.append(f"not counted: {several}")
    return [note for note in notes if note]


def _places(found: list[Row], use: Use) -> str:
    """Say whether the parameters are where the work is."""
    parameters = most(found, lambda row: row.parameters.total)
    work = most(found, lambda row: use.batch * row.multiply_adds)
    if parameters is None or work is None:
        return ""
    have = _has(parameters, "have", "parameter")
    do = _has(work, "do", "multiply-add").removeprefix(f"{parameters.kind} layers ")
    told = f"{have} and {do}" if parameters.kind == work.kind else f"{have}, {do}"
    if parameters.kind != work.kind and parameters.is_main and work.is_main:
        return f"Parameters and work are in opposite places: {told}."
    if parameters.half == work.half:
        return f"Parameters and work are in the same place: {told}."
    return (
        f"{told[0].upper()}{told[1:]}; half of the work is done by {shown(work.half)}, and "
        f"half of the parameters are there by {shown(parameters.half)}."
    )


def _has(one: Most, verb: str, noun: str) -> str:
    return f"{one.kind} layers {verb} {grouped(one.amount)} of the {counted(one.of, noun)}"


def _largest(found: list[Row], use: Use) -> str:
    """Name the layer with most activations, and the one with most parameters."""
    largest = max(found, key=lambda row: row.activations)
    made = use.batch * largest.activations
    heaviest = max(found, key=lambda row: row.parameters.total)
    count = heaviest.parameters.total
    said = [
        f"{shown(row.placed.path)} {verb} {counted(number, noun)} ({memory(number * each)})"
        for row, verb, number, noun, each in (
            (largest, "makes", made, "activation", use.bytes_each),
            (heaviest, "has", count, "parameter", use.bytes_each),
        )
        if number
    ]
    return f"largest: {', '.join(said)}" if said else ""


def _unshared(total: Totals) -> str:
    from convcalc.numerals import ratio

    times = ratio(total.unshared, total.parameters.total or 1)
    return (
        "Were nothing shared, every neuron of a convolution with weights of its own, there would "
        f"be {counted(total.unshared, 'parameter')}, {times} times as many."
    )


def _conventions(network: Network, total: Totals, use: Use) -> str:
    """Say in one line what is counted how."""
    inputs, made = (use.batch * number for number in (network.input.cells, total.activations))
    return (
        "A multiply-add is one product with a weight; a layer in place makes no activations; with "
        f"the input's {counted(inputs, 'number')} they are {grouped(inputs + made)}; training "
        "keeps a gradient of every activation and parameter."
    )


MOST_MISFITS = 3
"""So many layers that do not fit are explained; more are named."""


def misfits(network: Network) -> list[tuple[str, Layer | None]]:
    """Say of each layer whose window does not tile its input what the floor hides.

    Layers with the same arithmetic are told together, and one of them is returned beside it.
    """
    from convcalc.arithmetic.fit import fits

    found = [one for one in network.layers if not fits(one.layer)]
    if not found:
        return []
    from convcalc.arithmetic.fit import misfit

    alike: dict[str, list[Placed]] = {}
    for one in found:
        alike.setdefault(misfit(one.layer), []).append(one)
    told, rest = [*alike.items()][:MOST_MISFITS], [*alike.values()][MOST_MISFITS:]
    said: list[tuple[str, Layer | None]] = [
        (f"{_some(placed)}: {sentence}", placed[0].layer) for sentence, placed in told
    ]
    if rest:
        more = [one for several in rest for one in several]
        verb = "does" if len(more) == 1 else "do"
        where = "--columns unused shows what is never looked at"
        said.append((f"{_some(more)} {verb} not tile the input either: {where}", None))
    return said


def _some(several: list[Placed]) -> str:
    names = [shown(one.path) for one in several]
    more = len(names) - MOST_MISFITS
    if more <= 1:
        return ", ".join(names)
    return f"{', '.join(names[:MOST_MISFITS])} and {more} more {plural(more, 'layer')}"
