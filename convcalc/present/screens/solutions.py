"""What `solve` found: each layer as the options to type, with its counts beside it."""

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from convcalc.arithmetic.solver.budget import BYTES_PER_NUMBER, FLOPS_PER_MULTIPLY_ADD
from convcalc.arithmetic.solver.nearest import Near
from convcalc.arithmetic.solver.progression import last
from convcalc.arithmetic.solver.search import Search
from convcalc.arithmetic.solver.solve import Solution, Solutions
from convcalc.layer import ConvLayer
from convcalc.numerals import counted, grouped
from convcalc.present.screens.lines import print_lines, table_lines
from convcalc.present.text.solution_record import across, bounds, options

GIVEN_UP = {
    "budget": "{the} {smallest}budget that fits",
    "max_macs": "{the} {smallest}budget of multiply-adds that fits",
    "max_flops": "{the} {smallest}budget of FLOPs that fits",
    "max_memory": "{the} {smallest}output that fits",
    "parameters": "{the} {nearest}number of parameters that fits",
    "filter": "with a larger filter",
    "stride": "with a larger stride",
    "pad": "with another pad",
    "fit": "with --allow-floor",
    "output": "{the} {nearest}output that fits",
}
LIMITS = {
    "params": ("parameter", ""),
    "macs": ("multiply-add", ""),
    "flops": ("FLOP", f" ({FLOPS_PER_MULTIPLY_ADD} a multiply-add)"),
    "memory": ("byte", f" of output ({BYTES_PER_NUMBER} a number, float32)"),
}
"""What a layer may have only so many of, and what is said of them."""


def print_solutions(console: Console, found: Solutions, near: list[Near]) -> None:
    """Print what fits, or what comes nearest, and where it was looked for."""
    search = found.search
    lines: list[str | Text] = [Text(_headline(found), "bold"), _among(found), ""]
    if found.found:
        lines += [*_rows(console, search, found.found), "", *_notes(found)]
    elif not near:
        lines.append("Nothing near was found either: widen a range.")
    print_lines(console, *lines, *(_near(search, one) for one in near))


def _near(search: Search, one: Near) -> str:
    the, nearest, smallest = ("the", "nearest ", "smallest ") if one.certain else ("a", "", "")
    what = GIVEN_UP[one.given_up].format(the=the, nearest=nearest, smallest=smallest)
    if not one.certain:
        what = what.replace("a output", "an output")
    layer = one.solution.layer
    limit = one.given_up in ("budget", "parameters", "max_macs", "max_flops", "max_memory")
    output = "" if limit else f", {across(layer.output)}"
    counted_all = one.given_up == "max_memory" or not search.any_depth
    cost = f", {_cost(one.given_up, layer)}" if counted_all else ""
    return f"{what}{output}: {options(search, layer)}{cost}"


def _cost(given_up: str, layer: ConvLayer) -> str:
    """Return the count that a limit is about; parameters where none is."""
    if given_up == "max_macs":
        return counted(layer.multiply_adds, "multiply-add")
    if given_up == "max_flops":
        return counted(FLOPS_PER_MULTIPLY_ADD * layer.multiply_adds, "FLOP")
    if given_up == "max_memory":
        return counted(BYTES_PER_NUMBER * layer.neurons, "byte")
    return counted(layer.parameters.shared.total, "parameter")


def _among(found: Solutions) -> str:
    """Say where was looked: the bounds of every option, and the limits."""
    search = found.search
    texts = {name: text for name, text in bounds(search).items() if text}
    if search.pads.free and not found.own_pads:
        texts["pad"] += f" on {'both' if search.series else 'all'} sides alike"
    parts = [f"{name} {text}" for name, text in texts.items()]
    if search.parameters is not None:
        parts.append(f"exactly {counted(search.parameters, 'parameter')}")
    for name, most in search.budget._asdict().items():
        if most is not None:
            noun, more = LIMITS[name]
            parts.append(f"at most {counted(most, noun)}{more}")
    return "among " + ", ".join(parts)


def _headline(found: Solutions) -> str:
    search = found.search
    x, y = search.positions or (0, 0)
    wanted = f" → {x if search.series else f'{x}x{y}'}" if search.positions else ""
    exactly = "" if search.allow_floor else " exactly"
    if not found.total:
        many = "no layer fits" if found.complete else "no layer was found that fits"
    else:
        verb = "fits" if found.total == 1 else "fit"
        many = f"{'' if found.complete else 'at least '}{counted(found.total, 'layer')} {verb}"
    given = str(search.input or "any input")
    if search.input is None and search.depth:
        given += f" of depth {search.depth}"
    return f"{given}{wanted}: {many}{exactly}"


def _rows(console: Console, search: Search, found: list[Solution]) -> Iterator[Text]:
    """Draw a row per layer, or where that is too wide two lines."""
    layers = [one.layer for one in found]
    columns = {
        "": [options(search, layer) for layer in layers],
        "up to": [
            across(one.layer.input._replace(width=last(one.widths), height=last(one.heights)))
            for one in found
        ],
        "output": [across(layer.output) for layer in layers],
        "unused": [
            "x".join(str(axis.unused) for axis in layer.axes[: len(layer.input.sides) - 1])
            for layer in layers
        ],
        "parameters": [grouped(layer.parameters.shared.total) for layer in layers],
        "multiply-adds": [grouped(layer.multiply_adds) for layer in layers],
    }
    if search.positions:
        del columns["output"]
    if search.input is None or not search.allow_floor:
        del columns["unused"]
    if not _inputs_vary(found):
        del columns["up to"]
    if search.any_depth:
        del columns["parameters"], columns["multiply-adds"]
    heading, rows = list(columns), list(zip(*columns.values(), strict=True))
    lines = table_lines([[Text(name, "bold") for name in heading], *rows])
    if len(lines[0]) <= console.width:
        yield from lines if any(heading) else lines[1:]
        return
    for first, *counts in rows:
        yield Text(first, "bold")
        if counts:
            named = zip(counts, heading[1:], strict=True)
            yield Text("  " + ", ".join(f"{name} {text}" for text, name in named))


def _inputs_vary(found: list[Solution]) -> bool:
    """Whether some layer leads to the output from more than one input."""
    return any(one.widths[1:] or one.heights[1:] for one in found)


def _notes(found: Solutions) -> Iterator[str]:
    search = found.search
    if found.own_pads:
        sides, places = ("LEFTxRIGHTxTOPxBOTTOM", "right and at the bottom")
        if search.series:
            sides, places = "LEFTxRIGHT", "right"
        yield (
            f"No equal pad fits: these pad {sides}, the odd pixel on the {places}, as same does."
        )
    if _inputs_vary(found.found):
        sides = "length" if search.series else "width and any height"
        yield f"Any {sides} from --input up to these will do."
    if len(found.found) < found.total:
        many = len(found.found)
        usual = "most usual is" if many == 1 else f"{many} most usual are"
        yield f"The {usual} shown; --limit shows more."
    if search.allow_floor and search.input is not None:
        yield "Unused are the columns and rows behind the last window."
    yield from _listed_once(search, found.layers)
    if not found.complete:
        yield "There was too much to look through; smaller ranges are counted exactly."
    uncounted = search.filters is None and search.parameters is None
    if uncounted and any(search.budget):
        yield "Each line has the most filters the budget pays for."
        uncounted = False
    if search.any_depth:
        fit = "and any number of filters fit" if uncounted else "fits"
        yield (
            f"Any depth D {fit}, as the filter is as deep as the input: --depth D counts "
            "parameters and multiply-adds."
        )
        return
    if uncounted:
        one = "one filter" if search.groups.stop == 2 else "one filter a group"
        yield f"Counted for {one}, as no number is given: --filters K makes it K times as much."
    if search.positions:
        x, y = search.positions
        times = "" if search.series else f"{grouped(x)}·{grouped(y)} = "
        cells = search.area(search.positions)
        yield f"Unshared, each would have {times}{counted(cells, 'time')} as many parameters."


def _listed_once(search: Search, layers: list[ConvLayer]) -> Iterator[str]:
    """Say where larger numbers of a range would make a listed layer again."""
    stride, dilation = last(search.stride.numbers), last(search.dilation.numbers)
    if any(layer.positions == 1 and layer.stride.x < stride for layer in layers):
        yield (
            "From a single position there is no step to the next: larger strides are the same "
            "layer, listed once."
        )
    if any(layer.filter[:2] == (1, 1) and layer.dilation.x < dilation for layer in layers):
        yield (
            "A 1x1 filter has nothing to dilate: larger dilations are the same layer, listed once."
        )
