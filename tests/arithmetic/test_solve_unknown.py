"""`solve` where the input, the filters or the depth are unknown: against trying everything."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from support.generated import slide

from convcalc.arithmetic.solver.asked import solve
from convcalc.arithmetic.solver.nearest import nearest

SEARCHES = 20_000
LARGEST = 40
"""Pixels of a row that the generated searches cannot lead beyond."""

Known = dict[str, Any]


@cache
def row(size: int, before: int, after: int, filter: int, stride: int, dilation: int) -> Any:
    """How many windows a row has, and whether the last one ends where the padded row ends."""
    windows = slide(size, before, after, filter, stride, dilation)
    return len(windows), bool(windows) and windows[-1][-1] == size + after - 1


def same(size: int, filter: int, stride: int, dilation: int) -> tuple[int, int]:
    """The pad `same` of a row: what the last of ceil(size / stride) windows lacks."""
    last = [start for start in range(size) if start % stride == 0][-1]
    lacks = max(last + (filter - 1) * dilation + 1 - size, 0)
    return lacks // 2, lacks - lacks // 2


def numbers(known: Known, name: str) -> list[tuple[int, int]]:
    """The pairs of width and height that an option may be; a series has a height of 1."""
    value = known[name]
    if isinstance(value, tuple):
        return [value]
    some = value if isinstance(value, range) else [value]
    return [(n, 1 if known["series"] else n) for n in some]


def depth_of(known: Known) -> int | None:
    return known["input"][2] if "input" in known else known.get("depth")


def fits_along(known: Known, axis: int, size: int, pad: Any, f: int, s: int, d: int) -> bool:
    """Whether a row of some size leads to the output, as exactly as was asked."""
    before, after = same(size, f, s, d) if pad == "same" else pad[2 * axis : 2 * axis + 2]
    n, tiles = row(size, before, after, f, s, d)
    return n == known["output"][axis] and (tiles or known["allow_floor"])


def pads(known: Known) -> list[Any]:
    pad = known.get("pad", 0)
    if pad == "same":
        return ["same"]
    if known["series"]:
        some = pad if isinstance(pad, range) else [pad]
        return [(*(p if isinstance(p, tuple) else (p, p)), 0, 0) for p in some]
    if isinstance(pad, range):
        return [(p, p, p, p) for p in pad]
    sides = pad if isinstance(pad, tuple) else (pad,)
    return [sides if len(sides) == 4 else (sides[0], sides[0], sides[-1], sides[-1])]


def costs(known: Known, k: int, weights: int, cells: int) -> dict[str, int]:
    """What so many filters of so many weights cost, by the option that is about it."""
    total = k * (weights + known["bias"])
    return {
        "params": total,
        "max_params": total,
        "max_macs": k * weights * cells,
        "max_flops": 2 * k * weights * cells,
        "max_memory": 4 * k * cells,
    }


def allowed(known: Known, k: int, weights: int, cells: int) -> bool:
    return all(
        cost == known[name] if name == "params" else cost <= known[name]
        for name, cost in costs(known, k, weights, cells).items()
        if name in known
    )


MOST_FILTERS = 80
"""More than any generated amount pays for."""


def counts(known: Known, groups: int, area: int, cells: int) -> list[tuple[int, int]]:
    """The numbers of filters that fit, with the depth: all for exact parameters, or the most."""
    depth = depth_of(known)
    limited = any(name.startswith("max") for name in known)
    some = known.get("filters", range(1, MOST_FILTERS + 1))
    some = some if isinstance(some, range) else range(some, some + 1)
    depths = [depth] if depth else range(1, 101) if "params" in known else [groups]
    found = [
        (k, d)
        for d in depths
        for k in some
        if k % groups == d % groups == 0 and allowed(known, k, area * d // groups, cells)
    ]
    if "params" in known or not found:
        return found
    return [max(found) if limited or "filters" in known else min(found)]


def windows(known: Known) -> Iterator[Any]:
    """Filter, stride, dilation and pad, with the widths and heights that lead to the output."""
    ways = product(*(numbers(known, name) for name in ("dilation", "stride", "filter")))
    for (d, s, f), pad in product(ways, pads(known)):
        sides = known.get("input", (None, None))
        fitting = [
            frozenset(
                size
                for size in ([sides[a]] if sides[a] else range(1, LARGEST + 1))
                if fits_along(known, a, size, pad, f[a], s[a], d[a])
            )
            for a in (0, 1)
        ]
        if not all(fitting):
            continue
        assert sides[0] or LARGEST not in fitting[0] | fitting[1]
        yield f, s, d, pad, fitting


def everything(known: Known) -> set[Any]:
    """Each layer that fits, with the inputs at which it does."""
    found = {}
    cells = known["output"][0] * known["output"][1]
    for f, s, d, pad, fitting in windows(known):
        for groups in known["groups"]:
            for k, depth in counts(known, groups, f[0] * f[1], cells):
                # a stride from a single position and the dilation of a pixel are one layer
                alike = "input" in known or (not known["allow_floor"] and pad != "same")
                still = known["output"] == (1, 1) and alike
                key = (f, pad, groups, k, depth, still or s, f == (1, 1) or d, *fitting)
                found.setdefault(key, (f, s, d, pad, groups, k, depth, *fitting))
    return set(found.values())


def asked(random: Random) -> Known:
    """Something known of layers: a layer that fits in most cases, and ranges about it."""

    series = random.random() < 0.2

    def some(most: int, pairs: bool = True) -> Any:
        low = random.randint(1, most)
        if pairs and not series and random.random() < 0.2:
            return low, random.randint(1, most)
        return range(low, random.randint(low, most) + 1)

    known: Known = {
        "series": series,
        "filter": some(5),
        "stride": some(3),
        "dilation": some(2) if random.random() < 0.4 else 1,
        "groups": some(3, pairs=False) if random.random() < 0.4 else range(1, 2),
        "bias": random.random() < 0.7,
        "allow_floor": random.random() < 0.4,
        "output": (random.randint(1, 4), random.randint(1, 4)),
    }
    if random.random() < 0.5:
        known["output"] = known["output"][:1] * 2
    if series:
        known["output"] = known["output"][0], 1
    pad = random.random()
    if pad < 0.6:
        known["pad"] = random.choice(
            ["same", range(random.randint(0, 1), 4), (1, 0), 2 if series else (0, 1, 2, 1)]
        )
    elif random.random() < 0.5:
        known["pad"] = random.randint(0, 5)
    if random.random() < 0.3:
        high = 1 if series else random.randint(1, 9)
        known["input"] = (random.randint(1, 9), high, random.randint(1, 4))
        known.setdefault("pad", 0)
        if isinstance(known["pad"], range):
            known["pad"] = known["pad"].start
    elif random.random() < 0.5:
        known["depth"] = random.randint(1, 4)
    if random.random() < 0.5:
        low = random.randint(1, 6)
        known["filters"] = random.choice([low, range(low, low + random.randint(1, 5))])
    depth = depth_of(known)
    goal = random.random()
    if goal < 0.35:
        # exactly what one of the layers has, most of the time
        k, f = random.randint(1, 6), numbers(known, "filter")[-1]
        own = (depth or random.randint(1, 4)) // random.choice([*known["groups"]]) or 1
        total = k * (f[0] * f[1] * own + known["bias"])
        known["params"] = total if total <= MOST_FILTERS else random.randint(1, MOST_FILTERS)
    elif goal < 0.7:
        cells = known["output"][0] * known["output"][1]
        scales = {"max_params": 1, "max_macs": cells, "max_flops": 2 * cells}
        chosen = [name for name in scales if depth and random.random() < 0.5]
        known |= {name: random.randint(1, 60) * scales[name] for name in chosen}
        if not chosen or random.random() < 0.3:
            known["max_memory"] = random.randint(
                1, random.choice([2, 30])
            ) * 4 * cells + random.randint(0, 3)
    return known


def typed(known: Known) -> Known:
    """The arguments as one gives them: a series has neither height nor rows."""
    given = {name: value for name, value in known.items() if name != "series"}
    if known["series"]:
        given["output"] = known["output"][:1]
        if "input" in known:
            given["input"] = known["input"][::2]
    return given


def found_by_solve(known: Known) -> set[Any] | None:
    """Return what `solve` lists in the same form; None where no groups can be."""
    depth = depth_of(known)
    some = known.get("filters", 0)
    some = some if isinstance(some, range) else range(some, some + 1) if some else None
    if not any(
        (depth or g) % g == 0 and (some is None or any(k % g == 0 for k in some))
        for g in known["groups"]
    ):
        return None
    found = solve(**typed(known), limit=100_000)
    assert found.complete
    assert found.total == len(found.found)
    listed = [
        (
            one.layer.filter[:2],
            tuple(one.layer.stride),
            tuple(one.layer.dilation),
            "same" if known.get("pad") == "same" else tuple(one.layer.pad),
            one.layer.groups,
            one.layer.filters,
            one.layer.input.depth,
            frozenset(one.widths),
            frozenset(one.heights),
        )
        for one in found.found
    ]
    assert len(set(listed)) == len(listed)
    for one in found.found:
        assert one.layer.output[:2] == known["output"]
        assert one.layer.input[:2] == (one.widths[0], one.heights[0])
    return set(listed)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_what_fits_is_what_trying_everything_finds(part: int) -> None:
    random, fitted = Random(part), 0
    for _ in range(SEARCHES // 10):
        known = asked(random)
        listed = found_by_solve(known)
        if listed is not None:
            assert listed == everything(known), known
            fitted += bool(listed)
    assert fitted > SEARCHES // 10 / 3


def possible(known: Known, name: str) -> list[int]:
    """What every layer costs that is within all that was asked, whatever its number of filters."""
    depth = depth_of(known)
    cells = known["output"][0] * known["output"][1]
    some = known.get("filters", range(1, MOST_FILTERS + 5))
    some = some if isinstance(some, range) else range(some, some + 1)
    areas = {f[0] * f[1] for f, *_ in windows(known)}
    return [
        costs(known, k, area * depth // g, cells)[name]
        for area, g, k in product(areas, known["groups"], some)
        if k % g == depth % g == 0 and allowed(known, k, area * depth // g, cells)
    ]


@pytest.mark.slow
def test_a_limit_or_a_count_that_nothing_has_is_replaced_by_the_nearest() -> None:
    random = Random("nearest")
    names = {"budget": "max_params", "parameters": "params"}
    seen = dict.fromkeys((*names, "max_macs", "max_flops", "max_memory"), 0)
    for _ in range(SEARCHES // 5):
        known = asked(random)
        if depth_of(known) is None or found_by_solve(known) != set():
            continue
        near = {one.given_up: one for one in nearest(solve(**typed(known)).search)}
        assert all(one.certain for one in near.values())
        for given_up in seen:
            name = names.get(given_up, given_up)
            freed = {other: value for other, value in known.items() if other != name}
            prices = possible(freed, name) if name in known else []
            assert (given_up in near) == bool(prices), known
            if prices:
                layer = near[given_up].solution.layer
                cells = layer.output.width * layer.output.height
                price = costs(known, layer.filters, layer.weights_per_neuron, cells)[name]
                wanted = known[name] if name == "params" else 0
                assert abs(price - wanted) == min(abs(one - wanted) for one in prices), known
                seen[given_up] += 1
    assert min(seen.values()) > 10, seen
