"""One step as panels of cells, which the terminal and the pictures both draw."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from convcalc.arithmetic.walk.numbers import Grid, total
from convcalc.arithmetic.walk.steps import State, per_filter
from convcalc.layer.wording import PIXELS
from convcalc.numerals import grouped, plural

ELSEWHERE = "in a terminal the same command without --steps, --gif or --svg goes to any step"
"""Where to see the steps that are not printed or drawn."""


class Cell(NamedTuple):
    """One number: what kind it is, whether this step is about it, and whose filter's it is."""

    text: str
    kind: str
    marked: bool = False
    owner: int | None = None


Rows = list[list[Cell]]


class Panel(NamedTuple):
    """Grids side by side under a title."""

    title: str
    grids: tuple[Rows, ...]


class Board(NamedTuple):
    """Everything a step shows, in reading order."""

    title: str
    status: str
    counter: str
    input: list[Panel]
    heading: str
    filter: list[Panel]
    sum: str
    output: list[Panel]
    left_out: str


class View(NamedTuple):
    """How much is drawn at most: cells along a side, and channels or slices."""

    side: int
    depth: int


def board(state: State, view: View) -> Board:
    """Return what a step shows, as much of it as a view takes."""
    layer, output = state.walk.layer, state.walk.layer.output
    x, y = layer.axes
    row, column = divmod(state.position, output.width)
    rows = _around(y.padded, state.rows[0], y.extent, view.side)
    columns = _around(x.padded, state.columns[0], x.extent, view.side)
    channels = state.channels[: view.depth]
    slices = _around(layer.filters, state.filter, 1, view.depth)
    inner = _around(output.height, row, 1, view.side), _around(output.width, column, 1, view.side)
    taps = range(min(y.filter, view.side)), range(min(x.filter, view.side))
    pixel, place = PIXELS[x.name], [*_place_of(state)][-1]
    parts = [
        _part("row", rows, y.padded),
        _part(pixel, columns, x.padded),
        _part("channel", channels, len(state.channels)),
        _part("row", taps[0], y.filter, " of the filter"),
        _part(pixel, taps[1], x.filter, " of the filter"),
        _part("row", inner[0], output.height, " of the output"),
        _part(place, inner[1], output.width, " of the output"),
        _part("slice", slices, output.depth),
    ]
    cut = list(filter(None, parts))
    are = "is" if len(cut) == 1 and " to " not in cut[0] else "are"
    whole = "output" if not state.mode.gradient else "upstream"
    return Board(
        title=str(layer),
        status=_status(state),
        counter=_counter(state),
        input=[
            Panel(f"input, channel {c}", (_input_rows(state, c, rows, columns),)) for c in channels
        ],
        heading=_heading(state),
        filter=[
            _filter_panel(state, index, c, taps, view.side) for index, c in enumerate(channels)
        ],
        sum=_sum(state, view),
        output=[Panel(f"{whole}, slice {k}", (_output_rows(state, k, *inner),)) for k in slices],
        left_out=f"too large to draw whole; here {are} {', '.join(cut)}" if cut else "",
    )


def _around(size: int, first: int, extent: int, most: int) -> range:
    """Return at most so many places out of `size`, the window in their middle or at their start."""
    start = first if extent >= most else first + (extent - most) // 2
    start = max(min(start, size - most), 0)
    return range(start, min(start + most, size))


def _part(noun: str, drawn: Iterable[int], size: int, whose: str = "") -> str:
    places = list(drawn)
    if len(places) == size:
        return ""
    to = "" if len(places) == 1 else f" to {places[-1]}"
    return f"{plural(len(places), noun)}{whose} {places[0]}{to} of {size}"


def _status(state: State) -> str:
    where = ", ".join(f"{name} {number}" for name, number in _place_of(state).items())
    step = f"step {state.step + 1} of {len(state.walk)}"
    return f"{state.mode}: {step}, filter {state.filter}, {where}"


def _place_of(state: State) -> dict[str, int]:
    """Return where the neuron is: its row and column, or its position in a series."""
    row, column = divmod(state.position, state.walk.x.positions)
    if state.walk.layer.input.dimensions == 1:
        return {"position": column}
    return {"row": row, "column": column}


def _counter(state: State) -> str:
    filters = state.filter + 1 if state.mode.shared else state.step + 1
    why = "one filter a " + ("slice" if state.mode.shared else "position")
    layer = state.walk.layer
    counted = f"{filters}·{per_filter(layer)}"
    if layer.untied and state.mode.shared:
        counted = f"{filters}·{layer.weights_per_neuron} + {state.step + 1}"
        why += ", one bias a position"
    return f"parameters so far: {counted} = {grouped(state.parameters)}, {why}"


def _input_rows(state: State, channel: int, rows: range, columns: range) -> Rows:
    walk = state.walk
    bottom, right = (axis.padded - axis.unused for axis in (walk.y, walk.x))

    def cell(row: int, column: int) -> Cell:
        if row >= bottom or column >= right:
            return Cell("", "left over")
        number = walk.padded(row, column, channel)
        marked = row in state.rows and column in state.columns
        return Cell("0", "pad", marked) if number is None else Cell(str(number), "pixel", marked)

    return [[cell(row, column) for column in columns] for row in rows]


def _filter_panel(
    state: State, index: int, channel: int, taps: tuple[range, range], side: int
) -> Panel:
    owner = state.filter if state.mode.shared else state.step

    def cells(grid: Grid, kind: str) -> Rows:
        own = owner if kind in ("weight", "gradient") else None
        return [[Cell(str(grid[m][n]), kind, owner=own) for n in taps[1]] for m in taps[0]]

    products = cells(state.products(index), "product")
    if state.mode.gradient:
        return Panel(f"channel {channel}", (products, cells(state.gradient(index), "gradient")))
    return Panel(
        f"channel {channel}, sum {total(state.products(index)):<3}",
        (cells(state.weights(index), "weight"), products),
    )


def _output_rows(state: State, k: int, rows: range, columns: range) -> Rows:
    first, here, shared = k * state.walk.positions, state.step, state.mode.shared
    width = state.walk.x.positions

    def cell(position: int) -> Cell:
        number, step = state.output(k, position), first + position
        if number is None:
            return Cell("", "ahead")
        return Cell(str(number), "output", step == here, k if shared else step)

    return [[cell(row * width + column) for column in columns] for row in rows]


def _heading(state: State) -> str:
    own = "" if state.mode.shared else "own "
    pixel = "sample" if state.walk.layer.input.dimensions == 1 else "pixel"
    if not state.mode.gradient:
        return f"{own}filter {state.filter}: weights, then weight times {pixel}"
    if state.mode.shared:
        return (
            f"upstream {state.upstream} times {pixel}, added to the gradient of the slice's filter"
        )
    return f"upstream {state.upstream} times {pixel} is the gradient of the position's own filter"


def _sum(state: State, view: View) -> str:
    if state.mode.gradient:
        so_far = " so far" if state.mode.shared and not state.walk.layer.untied else ""
        return "" if state.bias is None else f"gradient of the bias{so_far}: {state.bias_gradient}"
    return f"running sum: {', '.join(_terms(state, view.depth))}"


def _terms(state: State, most: int) -> Iterator[str]:
    so_far = state.bias or 0
    yield "0, no bias" if state.bias is None else f"bias {so_far}"
    for index in range(len(state.channels))[:most]:
        more = total(state.products(index))
        so_far += more
        yield f"{'−' if more < 0 else '+'} {abs(more)} = {so_far}"
    if len(state.channels) > most:
        yield f"and so on to {state.value}"
