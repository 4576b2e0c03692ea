"""`convcalc solve`: every answer against trying everything, and every answer put into `params`."""

import json
from itertools import product
from typing import Any, NamedTuple

import pytest
from conftest import Run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support.budget import examples
from support.generated import slide

# --- trying everything, on what was typed: no arithmetic of the program's own


class Asked(NamedTuple):
    """What is known, as a student would have it; every choice a list of pairs."""

    input: tuple[int, int, int]
    wanted: tuple[int, int] | None
    filters: list[tuple[int, int]]
    strides: list[tuple[int, int]]
    dilations: list[tuple[int, int]]
    pads: list[int] | tuple[int, int, int, int] | str | None
    groups: list[int]
    counts: list[int] | None
    budget: int | None
    bias: bool
    floor: bool
    words: list[str]


def extent(filter: int, dilation: int) -> int:
    return len(range(0, filter * dilation, dilation)) * dilation - dilation + 1


def row(size: int, before: int, after: int, filter: int, stride: int, dilation: int) -> Any:
    """The windows of a row, and whether the last one ends where the padded row ends."""
    windows = slide(size, before, after, filter, stride, dilation)
    return windows, bool(windows) and windows[-1][-1] == size + after - 1


def possible_pads(asked: Asked, own: bool, filter: Any, stride: Any, dilation: Any) -> Any:
    w, h, _ = asked.input
    across, down = (extent(f, d) for f, d in zip(filter, dilation, strict=True))
    if isinstance(asked.pads, tuple):
        return [asked.pads]
    if asked.pads == "same":
        sides: list[int] = []
        for size, step, covered in ((w, stride[0], across), (h, stride[1], down)):
            missing = max((-(-size // step) - 1) * step + covered - size, 0)
            sides += [missing // 2, missing - missing // 2]
        return [tuple(sides)]
    on_x, on_y = (asked.pads or range(covered // 2 + 1) for covered in (across, down))
    if not own:
        return [(p, p, p, p) for p in on_x if p in on_y]
    by_axis = [[(p, q) for p in sides for q in (p, p + 1) if q in sides] for sides in (on_x, on_y)]
    return [(*x, *y) for x, y in product(*by_axis)]


def number_of_filters(asked: Asked, groups: int, one: int) -> int | None:
    if asked.counts is None and asked.budget is None:
        return groups
    tried = asked.counts or range(1, (asked.budget or 0) + 1)
    good = [
        k for k in tried if k % groups == 0 and (asked.budget is None or k * one <= asked.budget)
    ]
    return max(good, default=None)


Layer = tuple[Any, ...]


def everything(asked: Asked, own: bool = False) -> list[Layer]:
    """Every layer that fits, found by making each, sorted by the rule of the documentation.

    Strides and dilations that put the same filter on the same pixels are one layer, the first.
    """
    w, h, depth = asked.input
    found: dict[Any, Layer] = {}
    for groups, dilation, stride, filter in product(
        asked.groups, asked.dilations, asked.strides, asked.filters
    ):
        if depth % groups:
            continue
        one = filter[0] * filter[1] * depth // groups + asked.bias
        count = number_of_filters(asked, groups, one)
        if count is None:
            continue
        for pad in possible_pads(asked, own, filter, stride, dilation):
            x, tiles_x = row(w, pad[0], pad[1], filter[0], stride[0], dilation[0])
            y, tiles_y = row(h, pad[2], pad[3], filter[1], stride[1], dilation[1])
            exact = tiles_x and tiles_y
            fits = x and y and asked.wanted in (None, (len(x), len(y)))
            if fits and (exact or asked.floor):
                layer = (not exact, filter, stride, pad, dilation, groups, count)
                found.setdefault((filter, pad, groups, str(x), str(y)), layer)
    return sorted(found.values(), key=usualness)


def usualness(layer: Layer) -> Any:
    floored, filter, stride, pad, dilation, groups, _ = layer
    total = pad[0] + pad[1], pad[2] + pad[3]
    axes = list(zip(filter, stride, dilation, total, strict=True))
    if any(f < s or t >= extent(f, d) for f, s, d, t in axes):
        rank = 2
    else:
        rank = 0 if all(f % 2 for f in filter) else 1
    return floored, rank, dilation, filter[0], stride, groups, total


@st.composite
def asked(draw: st.DrawFn) -> Asked:
    def span(least: int, most: int) -> tuple[list[int], str]:
        low = draw(st.integers(least, most))
        high = draw(st.integers(low, most))
        return list(range(low, high + 1)), f"{low}..{high}" if high > low else f"{low}"

    def pairs(most: int) -> tuple[list[tuple[int, int]], str]:
        if draw(st.integers(0, 3)) == 0:
            x, y = draw(st.integers(1, most)), draw(st.integers(1, most))
            return [(x, y)], f"{x}x{y}"
        numbers, text = span(1, most)
        return [(n, n) for n in numbers], text

    w, h, depth = draw(st.integers(1, 13)), draw(st.integers(1, 13)), draw(st.integers(1, 4))
    if draw(st.booleans()):
        h = w
    words = ["--input", f"{w}x{h}x{depth}"]
    chosen = {}
    for option, most in (("filter", 6), ("stride", 4), ("dilation", draw(st.sampled_from([1, 3])))):
        chosen[option], text = pairs(most)
        words += [f"--{option}", text]
    kind = draw(st.sampled_from(["free", "free", "range", "same", "same", "fixed", "sides"]))
    pads: Any = None
    if kind == "range":
        pads, text = span(0, 4)
        text = text if ".." in text else f"{text}..{text}"
    elif kind == "same":
        pads, text = "same", "same"
    elif kind == "fixed":
        x, y = draw(st.integers(0, 3)), draw(st.integers(0, 3))
        pads, text = (x, x, y, y), f"{x}x{y}"
    elif kind == "sides":
        pads = draw(st.tuples(*[st.integers(0, 3)] * 4))
        text = "x".join(map(str, pads))
    if kind != "free":
        words += ["--pad", text]
    wanted: tuple[int, int] | None = None
    counts = None
    goal = draw(st.sampled_from(["output", "output", "deep", "keep-size", "halve", "none"]))
    if goal in ("output", "deep"):
        (fx, fy), (sx, sy), (dx, dy) = (draw(st.sampled_from(chosen[o])) for o in chosen)
        pad = draw(st.integers(0, 2))
        right, bottom = pad + draw(st.integers(0, 1)), pad + draw(st.integers(0, 1))
        x, y = len(row(w, pad, right, fx, sx, dx)[0]), len(row(h, pad, bottom, fy, sy, dy)[0])
        wanted = x or draw(st.integers(1, 8)), y or draw(st.integers(1, 8))
        text = f"{wanted[0]}x{wanted[1]}"
        if goal == "deep":
            counts = [draw(st.integers(1, 6))]
            text += f"x{counts[0]}"
        words += ["--output", text]
    elif goal != "none":
        words.append(f"--{goal}")
        wanted = (w, h) if goal == "keep-size" else ((w + 1) // 2, (h + 1) // 2)
    groups, text = span(1, 4)
    words += ["--groups", text]
    if counts is None and draw(st.booleans()):
        counts, text = span(1, 8)
        words += ["--filters", text]
    assume(any(depth % g == 0 and (not counts or any(k % g == 0 for k in counts)) for g in groups))
    most = draw(st.none() | st.none() | st.integers(1, 400))
    words += [] if most is None else ["--max-params", str(most)]
    bias, floor = draw(st.booleans()), draw(st.integers(0, 2)) == 0
    words += ([] if bias else ["--no-bias"]) + (["--allow-floor"] if floor else [])
    return Asked(
        (w, h, depth),
        wanted,
        chosen["filter"],
        chosen["stride"],
        chosen["dilation"],
        pads,
        groups,
        counts,
        most,
        bias,
        floor,
        words,
    )


def as_typed(record: dict[str, Any]) -> Layer:
    return (
        not record["fit"]["exact"],
        (record["filter"]["width"], record["filter"]["height"]),
        tuple(record["stride"].values()),
        tuple(record["pad"].values()),
        tuple(record["dilation"].values()),
        record["groups"],
        record["filters"],
    )


SEARCHES = settings(
    max_examples=examples(1500),
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
    ],
)


@pytest.mark.slow
@SEARCHES
@given(asked=asked())
def test_what_fits_is_what_trying_everything_finds(asked: Asked, run: Run) -> None:
    done = run("solve", *asked.words, "--limit", 1000, "--format", "json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    expected = everything(asked)
    own = (
        not expected
        and asked.wanted is not None
        and not asked.floor
        and (asked.pads is None or isinstance(asked.pads, list))
    )
    if own:
        expected = everything(asked, own=True)
    choices = asked.filters, asked.strides, asked.dilations
    if not expected and asked.pads is None and asked.wanted and all(len(c) == 1 for c in choices):
        asked = asked._replace(pads=list(range(60)))  # the pad alone is unknown, so it may be any
        expected = everything(asked)
        own = not expected and not asked.floor
        if own:
            expected = everything(asked, own=True)
    assert found["complete"]
    assert found["count"] == len(expected)
    assert found["own_pads"] == (own and expected != [])
    assert [as_typed(record) for record in found["solutions"]] == expected[:1000]
    assert all(one["certain"] for one in found["nearest"])
    for record in [*found["solutions"][:3], *found["nearest"]]:
        assert_params_agrees(record, run)
    if expected:
        assert found["nearest"] == []
        if asked.wanted:
            assert all(output_of(one) == asked.wanted for one in found["solutions"])
    else:
        assert_nearest(asked, {one["given_up"]: one for one in found["nearest"]})


def assert_params_agrees(record: dict[str, Any], run: Run) -> None:
    """Type an answer's command: it is the same layer with the same counts."""
    program, *words = record["command"].split()
    done = run(*words, "--format", "json")
    assert program == "convcalc"
    assert done.code == 0
    assert json.loads(done.out).items() <= record.items()


def output_of(record: dict[str, Any]) -> tuple[int, int]:
    return record["output"]["width"], record["output"]["height"]


def assert_nearest(asked: Asked, near: dict[str, dict[str, Any]]) -> None:
    """Try everything again with one thing given up."""
    floored = [] if asked.floor else everything(asked._replace(floor=True))
    assert ("fit" in near) == bool(floored)
    if floored:
        assert as_typed(near["fit"]) == floored[0]
    if asked.wanted is not None:
        elsewhere = everything(asked._replace(wanted=None))
        assert ("output" in near) == bool(elsewhere)
        if elsewhere:
            w, h, _ = asked.input

            def away(x: int, y: int) -> int:
                return abs(x - asked.wanted[0]) + abs(y - asked.wanted[1])

            outputs = [
                (
                    len(row(w, pad[0], pad[1], filter[0], stride[0], dilation[0])[0]),
                    len(row(h, pad[2], pad[3], filter[1], stride[1], dilation[1])[0]),
                )
                for _, filter, stride, pad, dilation, _, _ in elsewhere
            ]
            assert away(*output_of(near["output"])) == min(away(*output) for output in outputs)
    if asked.budget is not None:
        fewest = asked._replace(
            budget=None, counts=asked.counts or list(range(1, max(asked.groups) + 1))
        )
        layers = [layer for g in asked.groups for layer in cheapest(fewest, g)]
        assert ("budget" in near) == bool(layers)
        if layers:
            total = near["budget"]["parameters"]["shared"]["total"]
            assert total == min(price(asked, layer) for layer in layers)


def cheapest(asked: Asked, groups: int) -> list[Layer]:
    """Every layer with these groups and as few filters as they can have."""
    counts = [k for k in asked.counts or [] if k % groups == 0][:1]
    few = asked._replace(groups=[groups], counts=counts)
    if not counts:
        return []
    own = asked.wanted is not None and (asked.pads is None or isinstance(asked.pads, list))
    return everything(few) + (everything(few, own=True) if own and not asked.floor else [])


def price(asked: Asked, layer: Layer) -> int:
    _, filter, _, _, _, groups, count = layer
    return count * (filter[0] * filter[1] * asked.input[2] // groups + asked.bias)
