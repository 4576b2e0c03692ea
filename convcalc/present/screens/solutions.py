"""What `solve` found: each layer as the options to type, with its counts beside it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.solver.nearest import Near
from convcalc.arithmetic.solver.progression import last
from convcalc.arithmetic.solver.search import Search
from convcalc.arithmetic.solver.solve import Solutions
from convcalc.layer import ConvLayer
from convcalc.numerals import counted, grouped
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.text.solution_record import bounds, options

GIVEN_UP = {
    ("budget", True): "the smallest budget that fits",
    ("budget", False): "a budget that fits",
    ("fit", True): "with --allow-floor",
    ("fit", False): "with --allow-floor",
    ("output", True): "the nearest output that fits",
    ("output", False): "an output that fits",
}


def print_solutions(console: Console, search: Search, found: Solutions, near: list[Near]) -> None:
    """Print what fits, or what comes nearest, and where it was looked for."""
    lines: list[str | Text] = [Text(_headline(search, found), "bold"), _among(search, found), ""]
    if found.layers:
        lines += [*_rows(console, search, found.layers), "", *_notes(search, found)]
    elif not near:
        lines.append("Nothing near was found either: widen a range.")
    for one in near:
        output = "" if one.given_up == "budget" else f", {_size(one.layer)}"
        total = one.layer.parameters.shared.total
        lines.append(
            f"{GIVEN_UP[one.given_up, one.certain]}{output}: {options(search, one.layer)}, "
            f"{counted(total, 'parameter')}"
        )
    print_lines(console, *lines)


def _among(search: Search, found: Solutions) -> str:
    """Say where was looked: the bounds of every option, and the budget."""
    texts = {name: text for name, text in bounds(search).items() if text}
    if search.pads.free and not found.own_pads:
        texts["pad"] += " on all sides alike"
    budget = "" if search.budget is None else f", at most {counted(search.budget, 'parameter')}"
    return "among " + ", ".join(f"{name} {text}" for name, text in texts.items()) + budget


def _size(layer: ConvLayer) -> str:
    return f"{layer.output.width}x{layer.output.height}"


def _headline(search: Search, found: Solutions) -> str:
    wanted = f" → {search.positions.x}x{search.positions.y}" if search.positions else ""
    exactly = "" if search.allow_floor else " exactly"
    if not found.total:
        many = "no layer fits" if found.complete else "no layer was found that fits"
    else:
        verb = "fits" if found.total == 1 else "fit"
        many = f"{'' if found.complete else 'at least '}{counted(found.total, 'layer')} {verb}"
    return f"{search.input}{wanted}: {many}{exactly}"


def _rows(console: Console, search: Search, layers: list[ConvLayer]) -> Iterator[Text]:
    """Draw a row per layer, or where that is too wide two lines."""
    columns = {
        "": [options(search, layer) for layer in layers],
        "output": [_size(layer) for layer in layers],
        "unused": ["x".join(str(axis.unused) for axis in layer.axes) for layer in layers],
        "parameters": [grouped(layer.parameters.shared.total) for layer in layers],
        "multiply-adds": [grouped(layer.multiply_adds) for layer in layers],
    }
    if search.positions:
        del columns["output"]
    if not search.allow_floor:
        del columns["unused"]
    heading, rows = list(columns), list(zip(*columns.values(), strict=True))
    lines = table_lines([[Text(name, "bold") for name in heading], *rows])
    if len(lines[0]) <= console.width:
        yield from lines
        return
    for first, *counts in rows:
        yield Text(first, "bold")
        named = zip(counts, heading[1:], strict=True)
        yield Text("  " + ", ".join(f"{name} {text}" for text, name in named))


def _notes(search: Search, found: Solutions) -> Iterator[str]:
    if found.own_pads:
        yield (
            "No equal pad fits: these pad LEFTxRIGHTxTOPxBOTTOM, the odd pixel on the right and "
            "at the bottom, as same does."
        )
    if len(found.layers) < found.total:
        many = len(found.layers)
        usual = "most usual is" if many == 1 else f"{many} most usual are"
        yield f"The {usual} shown; --limit shows more."
    if search.allow_floor:
        yield "Unused are the columns and rows behind the last window."
    yield from _listed_once(search, found.layers)
    if not found.complete:
        yield "There was too much to look through; smaller ranges are counted exactly."
    if search.budget is not None and search.filters is None:
        yield "Each line has the most filters the budget pays for."
    elif search.filters is None:
        one = "one filter" if search.groups.stop == 2 else "one filter a group"
        yield f"Counted for {one}, as no number is given: --filters K makes it K times as much."
    if search.positions:
        x, y = search.positions
        yield (
            f"Unshared, each would have {grouped(x)}·{grouped(y)} = {counted(x * y, 'time')} as "
            "many parameters."
        )


def _listed_once(search: Search, layers: list[ConvLayer]) -> Iterator[str]:
    """Say where larger numbers of a range would make a listed layer again."""
    stride, dilation = last(search.stride.numbers), last(search.dilation.numbers)
    if any(layer.output[:2] == (1, 1) and layer.stride.x < stride for layer in layers):
        yield (
            "From a single position there is no step to the next: larger strides are the same "
            "layer, listed once."
        )
    if any(layer.filter[:2] == (1, 1) and layer.dilation.x < dilation for layer in layers):
        yield (
            "A 1x1 filter has nothing to dilate: larger dilations are the same layer, listed once."
        )
