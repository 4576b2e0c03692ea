"""`solve` where the input, the filters or the depth are unknown: against trying everything."""

from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
from support.generated import slide

from convcalc.arithmetic.solver.asked import solve

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


def numbers(value: Any) -> list[tuple[int, int]]:
    if isinstance(value, range):
        return [(n, n) for n in value]
    return [value if isinstance(value, tuple) else (value, value)]


def fits_along(known: Known, axis: int, size: int, pad: Any, f: int, s: int, d: int) -> bool:
    """Whether a row of some size leads to the output, as exactly as was asked."""
    before, after = same(size, f, s, d) if pad == "same" else pad[2 * axis : 2 * axis + 2]
    n, tiles = row(size, before, after, f, s, d)
    return n == known["output"][axis] and (tiles or known["allow_floor"])


def pads(known: Known) -> list[Any]:
    pad = known.get("pad", 0)
    if pad == "same":
        return ["same"]
    if isinstance(pad, range):
        return [(p, p, p, p) for p in pad]
    sides = pad if isinstance(pad, tuple) else (pad,)
    return [sides if len(sides) == 4 else (sides[0], sides[0], sides[-1], sides[-1])]


def costs(known: Known, k: int, weights: int, cells: int) -> bool:
    """Whether so many filters of so many weights are within what was asked."""
    macs = k * weights * cells
    total = k * (weights + known["bias"])
    return (
        known.get("params", total) == total
        and known.get("max_params", total) >= total
        and known.get("max_macs", macs) >= macs
        and known.get("max_flops", 2 * macs) >= 2 * macs
        and known.get("max_memory", 4 * k * cells) >= 4 * k * cells
    )


MOST_FILTERS = 80
"""More than any generated amount pays for."""


def counts(known: Known, groups: int, area: int, cells: int) -> list[tuple[int, int]]:
    """The numbers of filters that fit, with the depth: all for exact parameters, or the most."""
    depth = known["input"][2] if "input" in known else known.get("depth")
    limited = any(name.startswith("max") for name in known)
    some = known.get("filters", range(1, MOST_FILTERS + 1))
    some = some if isinstance(some, range) else range(some, some + 1)
    depths = [depth] if depth else range(1, 101) if "params" in known else [groups]
    found = [
        (k, d)
        for d in depths
        for k in some
        if k % groups == d % groups == 0 and costs(known, k, area * d // groups, cells)
    ]
    if "params" in known or not found:
        return found
    return [max(found) if limited or "filters" in known else min(found)]


def everything(known: Known) -> set[Any]:
    """Each layer that fits, with the inputs at which it does."""
    found = {}
    ways = product(numbers(known["dilation"]), numbers(known["stride"]), numbers(known["filter"]))
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
        cells = known["output"][0] * known["output"][1]
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

    def some(most: int, pairs: bool = True) -> Any:
        low = random.randint(1, most)
        if pairs and random.random() < 0.2:
            return low, random.randint(1, most)
        return range(low, random.randint(low, most) + 1)

    known: Known = {
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
    pad = random.random()
    if pad < 0.6:
        known["pad"] = random.choice(["same", range(random.randint(0, 1), 4), (1, 0), (0, 1, 2, 1)])
    elif random.random() < 0.5:
        known["pad"] = random.randint(0, 5)
    if random.random() < 0.3:
        known["input"] = (random.randint(1, 9), random.randint(1, 9), random.randint(1, 4))
        known.setdefault("pad", 0)
        if isinstance(known["pad"], range):
            known["pad"] = known["pad"].start
    elif random.random() < 0.5:
        known["depth"] = random.randint(1, 4)
    if random.random() < 0.5:
        low = random.randint(1, 6)
        known["filters"] = random.choice([low, range(low, low + random.randint(1, 5))])
    depth = known["input"][2] if "input" in known else known.get("depth")
    goal = random.random()
    if goal < 0.35:
        # exactly what one of the layers has, most of the time
        k, f = random.randint(1, 6), numbers(known["filter"])[-1]
        own = (depth or random.randint(1, 4)) // random.choice([*known["groups"]]) or 1
        total = k * (f[0] * f[1] * own + known["bias"])
        known["params"] = total if total <= MOST_FILTERS else random.randint(1, MOST_FILTERS)
    elif goal < 0.7:
        cells = known["output"][0] * known["output"][1]
        scales = {"max_params": 1, "max_macs": cells, "max_flops": 2 * cells}
        chosen = [name for name in scales if depth and random.random() < 0.5]
        known |= {name: random.randint(1, 60) * scales[name] for name in chosen}
        if not chosen or random.random() < 0.3:
            known["max_memory"] = random.randint(1, 30) * 4 * cells + random.randint(0, 3)
    return known


def found_by_solve(known: Known) -> set[Any] | None:
    """Return what `solve` lists in the same form; None where no groups can be."""
    depth = known["input"][2] if "input" in known else known.get("depth")
    some = known.get("filters", 0)
    some = some if isinstance(some, range) else range(some, some + 1) if some else None
    if not any(
        (depth or g) % g == 0 and (some is None or any(k % g == 0 for k in some))
        for g in known["groups"]
    ):
        return None
    found = solve(**known, limit=100_000)
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
