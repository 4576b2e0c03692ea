"""Solve for what is unknown of a layer: what is asked, as Python values, made a search."""

from collections.abc import Sequence
from typing import Any

from convcalc.arithmetic.solver.budget import Budget
from convcalc.arithmetic.solver.progression import size, span
from convcalc.arithmetic.solver.search import USUAL, Choice, Pads, Search
from convcalc.arithmetic.solver.solve import Solutions
from convcalc.arithmetic.solver.solve import solve as first_of
from convcalc.errors import BadRequest, shown
from convcalc.layer import Pad, Pair, Series, Volume, wording
from convcalc.layer.parse import whole, wholes
from convcalc.layer.spellings import told_keywords
from convcalc.layer.volume import Ends
from convcalc.layer.wording import COUNT, ENDS, FILTER, INPUT, LENGTH, PACE, PAD, STEP

Numbers = int | Sequence[int] | range
"""A number, a pair of width and height, or the range that a number may be in."""

OUTPUT = "give WIDTHxHEIGHT, or WIDTHxHEIGHTxDEPTH, for example 55x55"
OUTPUT_LENGTH = "give LENGTH, or LENGTHxDEPTH, for example 21"
INPUT_OR_OUTPUT = f"{INPUT}, or the --output to look for inputs"
AMOUNT = "give a whole number such as 50000, 50k or 1.5M"
DEPTH = "give the depth of the input too, for example --depth 3"


@told_keywords
def solve(
    *,
    input: Sequence[int] | None = None,
    output: Sequence[int] | None = None,
    filter: Numbers | None = None,
    stride: Numbers | None = None,
    pad: Numbers | str | None = None,
    filters: int | range | None = None,
    dilation: Numbers = 1,
    groups: int | range = 1,
    bias: bool = True,
    params: int | None = None,
    max_params: int | None = None,
    max_macs: int | None = None,
    max_flops: int | None = None,
    max_memory: int | None = None,
    depth: int | None = None,
    keep_size: bool = False,
    halve: bool = False,
    allow_floor: bool = False,
    limit: int = 20,
) -> Solutions:
    """Return the layers of which so much is known, the usual ones first: what `solve` prints.

    The arguments are those of `ConvLayer`, each of which may be a range, and None where it is
    unknown: then filter and stride are looked for up to 16, the pad up to half the filter.
    `output` is (width, height) or (width, height, depth), for an input of two numbers (length,) or
    (length, depth); `keep_size` and `halve`, rounded up, say it too. Without an `input` the inputs
    are looked for, of the `depth` given. `params` is the exact number of parameters of the shared
    layer; the most it may have are `max_params`, multiply-adds `max_macs`, FLOPs of two each
    `max_flops`, and bytes of its output in float32 `max_memory`. At most `limit` layers are
    listed, and all are counted; filters that do not tile the input only with `allow_floor`.

    Raises BadRequest, naming the argument.

    >>> found = solve(input=(227, 227, 3), output=(55, 55, 96), filter=range(3, 14))
    >>> found.total, *found.layers
    (2, ConvLayer(input=(227, 227, 3), filter=11, stride=4, filters=96), \
ConvLayer(input=(227, 227, 3), filter=13, stride=4, pad=1, filters=96))
    """
    given = None
    if input is not None:
        sides = input.sides if isinstance(input, Volume) else input
        given = Volume.of(wholes("input", sides, (2, 3), 1, INPUT))
    is_length = output is not None and not (isinstance(output, tuple | list) and len(output) > 1)
    series = isinstance(given, Series) or (given is None and is_length)
    positions, number = _wanted(given, output, keep_size, halve, series)
    allowed = None if filters is None else _count("filters", filters)
    if number is not None:
        if allowed is not None and number not in allowed:
            problem = f"is not the depth {number} of --output"
            raise BadRequest("filters", Choice(allowed), problem, f"give {number}, or leave it out")
        allowed = span(number, number)
    amounts = {"params": max_params, "macs": max_macs, "flops": max_flops, "memory": max_memory}
    budget = Budget(**{name: _amount(f"max-{name}", most) for name, most in amounts.items()})
    known_depth = _depth(given, depth)
    split, across = _count("groups", groups), filter
    lengths = (2,) if series else (3,)
    if isinstance(filter, tuple | list) and len(filter) in lengths:
        deep = Volume.of(wholes("filter", filter, lengths, 1, FILTER))
        if known_depth is None:
            known_depth = deep.depth * _only("groups", split)
        split = _groups_of(deep, known_depth, split)
        across = deep.sides[:-1]
    if known_depth is None and params is None:
        for name, most in budget._asdict().items():
            if most is not None and name != "memory":
                raise BadRequest(f"max-{name}", most, "depends on the depth of the input", DEPTH)
    search = Search(
        input=given,
        positions=positions,
        filter=_choice("filter", across, LENGTH if series else FILTER, series),
        stride=_choice("stride", stride, PACE if series else STEP, series),
        pads=_pads(pad, given is None, series),
        dilation=_choice("dilation", dilation, PACE if series else STEP, series),
        groups=split,
        filters=allowed,
        bias=bias,
        budget=budget,
        allow_floor=allow_floor,
        parameters=_amount("params", params),
        depth=known_depth if given is None else None,
        series=series,
    )
    return first_of(search, whole("limit", limit, 1, COUNT))


def _depth(given: Volume | None, depth: int | None) -> int | None:
    """Return the depth of the input, where that is known."""
    if depth is None:
        return given and given.depth
    known = whole("depth", depth, 1, COUNT)
    if given is not None and known != given.depth:
        problem = f"is not the depth {given.depth} of the input"
        raise BadRequest("depth", depth, problem, "leave it out")
    return known


def _only(argument: str, numbers: range) -> int:
    """Return the one number there is, where the depth of the input depends on it."""
    if size(numbers) != 1:
        problem = "leave the depth of the input open"
        raise BadRequest(argument, Choice(numbers), problem, "give one number")
    return numbers.start


def _wanted(
    given: Volume | None, output: Sequence[int] | None, keep_size: bool, halve: bool, series: bool
) -> tuple[Pair | None, int | None]:
    """Return the positions wanted along width and height, and the depth of the output."""
    if (output is not None) + keep_size + halve > 1:
        remedy = "give one of output, keep_size and halve"
        raise BadRequest("output", None, "is said more than once", remedy)
    if output is not None:
        axes = 1 if series else 2
        remedy = OUTPUT_LENGTH if series else OUTPUT
        sides = wholes("output", output, (axes, axes + 1), 1, remedy)
        return Pair(sides[0], sides[axes - 1]), sides[axes] if len(sides) > axes else None
    if given is None:
        raise BadRequest("input", None, "is missing", INPUT_OR_OUTPUT)
    height = given.width if series else given.height
    if keep_size:
        return Pair(given.width, height), None
    if halve:
        return Pair(-(-given.width // 2), -(-height // 2)), None
    return None, None


def _choice(argument: str, value: Numbers | None, remedy: str, series: bool) -> Choice:
    if value is None:
        return USUAL
    if isinstance(value, range):
        return Choice(_span(argument, value, 1, remedy))
    sides = wholes(argument, value, (1,) if series else (1, 2), 1, remedy)
    return Choice(span(sides[0], sides[0]), sides[-1] - sides[0])


def _groups_of(window: Volume, depth: int, groups: range) -> range:
    """Return the groups of which a filter sees one; raise BadRequest where there are none."""
    found = depth // window.depth
    if depth % window.depth or found not in groups:
        wanted = window._replace(depth=depth // groups.start)
        problem = wording.FILTER_DEPTH.format(found=shown(window.depth), depth=shown(wanted.depth))
        alone = shown("x".join(map(str, window.sides[:-1])))
        remedy = wording.WITH_DEPTH.format(filter=shown(wanted), alone=alone)
        raise BadRequest("filter", window, problem, remedy)
    return span(found, found)


def _count(argument: str, value: int | range) -> range:
    if isinstance(value, range):
        return _span(argument, value, 1, COUNT)
    number = whole(argument, value, 1, COUNT)
    return span(number, number)


def _pads(value: Any, any_input: bool, series: bool) -> Pads:
    """Return the pads to try; before an output that is wanted there are none unless asked for.

    The height that a series is looked for with has the pad of its length.
    """
    remedy = ENDS if series else PAD
    if value is None:
        return Pads(fixed=Pad(0, 0, 0, 0)) if any_input else Pads()
    if isinstance(value, range):
        numbers = _span("pad", value, 0, remedy)
        return Pads(numbers.start, numbers.stop - 1)
    if value == "same":
        return Pads(same=True)
    if isinstance(value, str) and value != "valid":
        raise BadRequest("pad", value, "is not a pad", remedy)
    lengths = (1, 2) if series else (1, 2, 4)
    sides = wholes("pad", 0 if value == "valid" else value, lengths, 0, remedy)
    return Pads(fixed=Pad(*Ends.of(sides)[:2] * 2) if series else Pad.of(sides))


def _span(argument: str, numbers: range, least: int, remedy: str) -> range:
    """Return a range that has numbers, all in steps of one."""
    wholes(argument, (numbers.start, numbers.stop), (2,), least, remedy)
    if not numbers or numbers.step != 1:
        problem = "is no range of one number or more in steps of one"
        raise BadRequest(argument, numbers, problem, f"give range({least}, 12), or a number")
    return numbers


def _amount(argument: str, value: int | None) -> int | None:
    return None if value is None else whole(argument, value, 1, AMOUNT)
