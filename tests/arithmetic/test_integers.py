"""The integers of a demo: spelt out a second time, in range, evenly spread, seeds apart."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convcalc.arithmetic.walk.integers import small, smalls

SIGNED = range(-2, 3)
RANGES = {"input": range(5), "weights": SIGNED, "bias": SIGNED, "upstream": SIGNED}


def by_the_book(seed: int, name: str, *place: int) -> int:
    """The same hash, its steps spelt out in whole numbers: no masks, no shifts."""
    mixed = 0
    for number in [seed, *map(ord, name), *place, len(place)]:
        mixed = (mixed ^ number % 2**32) * 2654435761 % 2**32
        mixed = mixed ^ mixed // 2**15
    return RANGES[name][mixed % 5]


numbers = st.integers(0, 2**40) | st.integers(0, 10**30)


@given(numbers, st.sampled_from(sorted(RANGES)), st.lists(numbers, max_size=6))
def test_a_value_follows_from_seed_name_and_place(seed: int, name: str, place: list[int]) -> None:
    assert small(seed, name, *place) == by_the_book(seed, name, *place)


@given(
    numbers,
    st.sampled_from(sorted(RANGES)),
    st.lists(numbers, max_size=3),
    st.lists(st.integers(0, 4), max_size=3),
)
def test_a_box_has_the_values_of_its_places(
    seed: int, name: str, place: list[int], sizes: list[int]
) -> None:
    assert smalls(seed, name, *place, sizes=tuple(sizes)) == [
        by_the_book(seed, name, *place, *inside) for inside in product(*map(range, sizes))
    ]


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("seed", range(4))
def test_every_value_comes_up_about_as_often_whatever_its_neighbour(name: str, seed: int) -> None:
    table = {(i, j): small(seed, name, i, j, 0) for i, j in product(range(100), repeat=2)}
    pairs = Counter((table[i, j], table[i, j - 1]) for i, j in table if j)
    assert set(pairs) == set(product(RANGES[name], repeat=2))
    expected = 9900 / 25
    assert all(abs(count - expected) < 5 * expected**0.5 for count in pairs.values())


def test_neurons_filters_arrays_and_seeds_differ() -> None:
    filters = {
        tuple(small(seed, "weights", *place, m, n, 0) for m, n in product(range(4), repeat=2))
        for seed in range(10)
        for place in [(0,), (1,), (0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1)]
    }
    assert len(filters) == 60
